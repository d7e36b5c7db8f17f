/**
 * Makes the compiled commands executable. npm does this only when it installs them. Commands that are built again after
 * `dist` was deleted, for example by `npm pack`, would fail with "Permission denied".
 */
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const manifestIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

for (const folder of ['.', ...manifestIn('.').workspaces.filter((path) => path.startsWith('packages/'))]) {
  const { bin = {} } = manifestIn(folder);
  for (const file of Object.values(bin)) chmodSync(join(folder, file), 0o755);
}
