/** Reads the text files that the arguments of a command name. Reads the file system. */
import { readFile, stat } from 'node:fs/promises';

/** The path is that of a directory, a pipe or a device. */
export class NotAFileError extends Error {
  override name = 'NotAFileError';
  readonly path: string;

  constructor(path: string, kind: string) {
    super(`it is ${kind}, not a file`);
    this.path = path;
  }
}

/**
 * Reads a file. Rejects with a NotAFileError for a directory, and for a pipe or a device, whose content can be endless.
 */
export async function readTextFile(path: string): Promise<string> {
  const stats = await stat(path);
  if (!stats.isFile())
    throw new NotAFileError(path, stats.isDirectory() ? 'a directory' : 'a pipe or a device');
  return readFile(path, 'utf8');
}
