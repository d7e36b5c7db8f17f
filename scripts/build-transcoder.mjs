/** Compiles src/dynamodb/transcoder/assembly to WebAssembly, embedded in a TypeScript module as base64. */
import { Buffer } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import asc from 'assemblyscript/asc';
import binaryen from 'assemblyscript/binaryen';

const SOURCE = 'src/dynamodb/transcoder/assembly/index.ts';
const TARGET = 'src/dynamodb/transcoder/wasmModule.ts';

/** Functions up to this size are inlined, because V8 does not inline WebAssembly functions itself. */
const MAX_INLINED_INSTRUCTIONS = 150;

async function compile() {
  const files = new Map();
  const options = ['--outFile', 'module', '--runtime', 'stub', '--enable', 'simd', '--optimizeLevel', '0'];
  const { error, stderr } = await asc.main([SOURCE, ...options], {
    writeFile: (name, content) => files.set(name, content),
  });
  if (error) throw new Error(`Cannot compile ${SOURCE}:\n${stderr.toString()}`);
  return files.get('module');
}

function optimize(binary) {
  const module = binaryen.readBinary(binary);
  const { BulkMemory, BulkMemoryOpt, MutableGlobals, NontrappingFPToInt, SIMD128, SignExt } =
    binaryen.Features;
  module.setFeatures(BulkMemory | BulkMemoryOpt | MutableGlobals | NontrappingFPToInt | SIMD128 | SignExt);
  binaryen.setOptimizeLevel(3);
  binaryen.setShrinkLevel(0);
  binaryen.setAlwaysInlineMaxSize(MAX_INLINED_INSTRUCTIONS);
  module.optimize();
  return module.emitBinary();
}

const base64 = Buffer.from(optimize(await compile())).toString('base64');
await writeFile(
  TARGET,
  `/** Generated from src/dynamodb/transcoder/assembly by \`npm run transcoder\`: WebAssembly as base64. */\nexport const TRANSCODER = '${base64}';\n`,
);
