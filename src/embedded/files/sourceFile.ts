/** Finds the files to read behind a path of the user: the file itself, or the data files of an export. */
import { stat } from 'node:fs/promises';
import { readExportFolder } from './exportFolder';
import { ItemFileError } from './itemFileError';
import { readText } from './readText';

/** A path of the user. */
export interface SourceFile {
  path: string;
  /** The table that the manifest of an export names. */
  tableName: string | undefined;
  parts: readonly FilePart[];
}

/** A file with items. */
export interface FilePart {
  path: string;
  /** The number of items that the manifest of an export lists. */
  itemCount: number | undefined;
  /** Its size in bytes; 0 for pipes. */
  size: number;
  /** The text in UTF-8, if it has been read already: a pipe can be read only once. */
  text: Buffer | undefined;
}

export async function resolveFile(path: string): Promise<SourceFile> {
  const stats = await stat(path);
  if (!stats.isDirectory()) {
    const part = { path, itemCount: undefined, size: stats.size, text: undefined };
    return { path, tableName: undefined, parts: [part] };
  }
  const { files, tableName } = await readExportFolder(path);
  return { path, tableName, parts: files.map((file) => ({ ...file, size: Infinity, text: undefined })) };
}

/** Returns the text of a file. The caller keeps it only as long as necessary, because it can be large. */
export async function textOf(part: FilePart): Promise<Buffer> {
  const text = part.text ?? (await readText(part.path));
  part.text = undefined;
  return text;
}

/** The frequent errors of the operating system in words. */
const SYSTEM_ERRORS: Readonly<Record<string, string>> = {
  ENOENT: 'the file or folder does not exist. Check the path; it is relative to the current folder',
  EACCES: 'you may not read it. Change its permissions, or copy it',
};

/** An error whose message has file and place. */
export class PlacedError extends ItemFileError {}

/** Adds the path to the errors of files. */
export async function inFile<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof ItemFileError) && code === undefined) throw error;
    throw new PlacedError(`${path}: ${SYSTEM_ERRORS[code ?? ''] ?? message}`, { cause: error });
  }
}
