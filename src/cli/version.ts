/** The version of this package. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Reads the version from package.json, which is two folders up in the sources and in `dist/`. */
export function packageVersion(): string {
  const text = readFileSync(join(__dirname, '../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
