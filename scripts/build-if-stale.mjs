/** Builds the compiled server, packages and page if a source file is newer than the last build. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const PAGE = 'packages/console';

const SOURCES = [
  'src',
  ...readdirSync('packages').map((name) => join('packages', name, 'src')),
  // The files of the page that are not code.
  ...['index.html', 'package.json', 'public', 'vite.config.mts'].map((name) => join(PAGE, name)),
];

/** Copied at the end of each build. */
const STAMP = 'dist/console/index.html';

function isStale() {
  const builtAt = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return true;
  return SOURCES.filter(existsSync)
    .flatMap(filesIn)
    .some((path) => statSync(path).mtimeMs > builtAt);
}

function filesIn(path) {
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true }).map((entry) =>
    join(entry.parentPath, entry.name),
  );
}

if (isStale()) {
  process.stderr.write('Sources have changed since the last build: running npm run build.\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
