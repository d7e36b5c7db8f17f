/**
 * Run by npm in a package's folder, before and after it packs: `bundle.mjs add` copies the private packages that are
 * listed in `bundleDependencies` into its node_modules, where `npm pack` looks for them, and `bundle.mjs remove` deletes it.
 * Without this, the packages are only in the node_modules of the repository.
 */
import { cpSync, mkdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const ROOT = join(import.meta.dirname, '..');

const manifestIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Copies a package and the packages that it needs: npm installs nothing for a bundled package. */
function copy(name) {
  const source = realpathSync(join(ROOT, 'node_modules', name));
  const target = join('node_modules', name);
  mkdirSync(target, { recursive: true });
  const skipped = ['.tsbuildinfo', 'src', 'test', 'tsconfig.json', 'node_modules'];
  const filter = (path) => !skipped.some((end) => path.slice(source.length).endsWith(end));
  cpSync(source, target, { recursive: true, filter });
  for (const dependency of Object.keys(manifestIn(source).dependencies ?? {})) copy(dependency);
}

const { bundleDependencies } = manifestIn('.');
rmSync('node_modules', { recursive: true, force: true });
if (process.argv[2] === 'add') bundleDependencies.forEach(copy);
