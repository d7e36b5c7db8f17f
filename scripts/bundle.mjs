/**
 * Run by npm in a package's folder, before and after it packs: `bundle.mjs add` copies the private packages that are
 * listed in `bundleDependencies` into its node_modules, where `npm pack` expects them, and `bundle.mjs remove` deletes them.
 * npm itself links them from the node_modules of the repository only.
 */
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';

const { bundleDependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

for (const name of bundleDependencies) {
  const target = join('node_modules', name);
  rmSync(target, { recursive: true, force: true });
  if (process.argv[2] !== 'add') continue;
  mkdirSync(target, { recursive: true });
  for (const part of ['package.json', 'README.md', 'LICENSE', 'dist']) {
    const options = { recursive: true, filter: (path) => !basename(path).endsWith('.tsbuildinfo') };
    cpSync(join('..', name, part), join(target, part), options);
  }
}
