/**
 * Makes the compiled commands executable. npm does this only when it installs them, so a command that was built again
 * would fail with "Permission denied".
 */
import { chmodSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of ['.', ...readdirSync('packages').map((name) => join('packages', name))]) {
  const { bin = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  for (const file of Object.values(bin)) chmodSync(join(folder, file), 0o755);
}
