/** Builds the compiled server and packages if a source file is newer than the last build. */
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

const SOURCES = ['src', ...readdirSync('packages').map((name) => join('packages', name, 'src'))];

/** Written by each build, even if the compiler has nothing to change. */
const STAMP = 'dist/tsconfig.tsbuildinfo';

function isStale() {
  const builtAt = statSync(STAMP, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return true;
  return SOURCES.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) =>
      join(entry.parentPath, entry.name),
    ),
  ).some((path) => statSync(path).mtimeMs > builtAt);
}

if (isStale()) {
  process.stderr.write('Sources have changed since the last build: running npm run build.\n');
  const { status } = spawnSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
  process.exitCode = status ?? 1;
}
