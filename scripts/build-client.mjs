/**
 * Bundles the client as one ES module for browsers and Node.js: the compiler writes CommonJS, whose imports have no file
 * extensions. Its types are those of the CommonJS files.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const PACKAGE = join(import.meta.dirname, '../packages/client');

await build({
  entryPoints: [join(PACKAGE, 'src/index.ts')],
  outfile: join(PACKAGE, 'dist/index.mjs'),
  bundle: true,
  format: 'esm',
  target: 'es2022',
  logLevel: 'warning',
});
writeFileSync(join(PACKAGE, 'dist/index.d.mts'), "export * from './index.js';\n");
