/** Reads the files that a template includes. The only file of this package that reads files. */
import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { ReadFile } from './fileReader';

/** The largest definition that API Gateway imports. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MAX_BYTES = 6 * 1024 * 1024;

/**
 * Reads files for `loadTemplate`. Paths can lead out of the directory, as for `aws cloudformation package`. Rejects
 * directories, devices and pipes, which could block, and files larger than 6 MB.
 *
 * @param directory the directory of the outermost template.
 */
export function localFiles(directory: string): ReadFile {
  return async (path) => {
    const location = resolve(directory, path);
    const stats = await stat(location).catch((error: unknown) => {
      const { code = '', message } = error as NodeJS.ErrnoException;
      throw new Error(REASONS[code] ?? message, { cause: error });
    });
    if (stats.isDirectory()) throw new Error('it is a directory');
    if (!stats.isFile()) throw new Error('it is not a regular file');
    if (stats.size > MAX_BYTES) throw new Error(`it is larger than ${MAX_BYTES / 1024 / 1024} MB`);
    return { text: await readFile(location, 'utf8'), id: await realpath(location) };
  };
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'it does not exist',
  ENOTDIR: 'it does not exist',
  EACCES: 'it is not readable',
  ELOOP: 'its symbolic links form a loop',
};
