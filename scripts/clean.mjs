/** Deletes all compiled files, so that no file of a deleted source gets into a package. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const folder of ['.', ...readdirSync('packages').map((name) => join('packages', name))]) {
  rmSync(join(folder, 'dist'), { recursive: true, force: true });
}
