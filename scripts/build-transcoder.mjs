/**
 * Compiles src/dynamodb/transcoder/assembly to WebAssembly, embedded in a TypeScript module as base64.
 * Does nothing if the module is newer than its sources.
 */
import { Buffer } from 'node:buffer';
import { readdirSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

const FOLDER = 'src/dynamodb/transcoder/assembly';
const SOURCE = `${FOLDER}/index.ts`;
const TARGET = 'src/dynamodb/transcoder/wasmModule.ts';

/** Functions up to this size are inlined, because V8 does not inline WebAssembly functions itself. */
const MAX_INLINED_INSTRUCTIONS = 150;

function isCurrent() {
  const builtAt = statSync(TARGET, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const sources = readdirSync(FOLDER).map((file) => `${FOLDER}/${file}`);
  // The lock file stands for the version of the compiler.
  return [...sources, 'scripts/build-transcoder.mjs', 'package-lock.json'].every(
    (path) => statSync(path).mtimeMs < builtAt,
  );
}

async function compile() {
  const { default: asc } = await import('assemblyscript/asc');
  const files = new Map();
  const options = ['--outFile', 'module', '--runtime', 'stub', '--enable', 'simd', '--optimizeLevel', '0'];
  const { error, stderr } = await asc.main([SOURCE, ...options], {
    writeFile: (name, content) => files.set(name, content),
  });
  if (error) throw new Error(`Cannot compile ${SOURCE}:\n${stderr.toString()}`);
  return files.get('module');
}

async function optimize(binary) {
  const { default: binaryen } = await import('assemblyscript/binaryen');
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

if (!isCurrent()) {
  const base64 = Buffer.from(await optimize(await compile())).toString('base64');
  await writeFile(
    TARGET,
    `/** Generated from ${FOLDER} by \`npm run transcoder\`: WebAssembly as base64. */\nexport const TRANSCODER = '${base64}';\n`,
  );
}
