/** Compiles src/dynamodb/transcoder/assembly to WebAssembly, and writes it as a module that needs no file at run time. */
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import binaryen from 'assemblyscript/binaryen';

const SOURCE = 'src/dynamodb/transcoder/assembly/index.ts';
const TARGET = 'src/dynamodb/transcoder/wasmModule.ts';

/** Instructions of a function that is copied to wherever it is called: V8 does no such thing itself. */
const INLINED_SIZE = 150;

async function compile() {
  const files = new Map();
  const options = ['--outFile', 'module', '--runtime', 'stub', '--enable', 'simd', '--optimizeLevel', '0'];
  const { error, stderr } = await asc.main([SOURCE, ...options], {
    writeFile: (name, content) => files.set(name, content),
  });
  if (error) throw new Error(`${SOURCE} does not compile:\n${stderr.toString()}`);
  return files.get('module');
}

function optimize(binary) {
  const module = binaryen.readBinary(binary);
  const { BulkMemory, BulkMemoryOpt, MutableGlobals, NontrappingFPToInt, SIMD128, SignExt } =
    binaryen.Features;
  module.setFeatures(BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SIMD128 | SignExt);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(INLINED_SIZE);
  module.optimize();
  return module.emitBinary();
}

const base64 = Buffer.from(optimize(await compile())).toString('base64');
await writeFile(
  TARGET,
  `/** Made by \`npm run transcoder\` of src/dynamodb/transcoder/assembly: WebAssembly, in base64. */\nexport const TRANSCODER = '${base64}';\n`,
);
