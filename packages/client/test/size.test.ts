import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';

const MAX_BYTES = 6000;

it('is smaller than 6 kB when it is minified and compressed', () => {
  const { outputFiles } = buildSync({
    entryPoints: [join(__dirname, '../src/index.ts')],
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    write: false,
  });
  expect(gzipSync(outputFiles[0]?.contents ?? '').byteLength).toBeLessThan(MAX_BYTES);
});
