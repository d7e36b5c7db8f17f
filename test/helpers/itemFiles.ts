/** Reads items from a temporary file, as the embedded engine does. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ItemFileError } from '../../src/embedded/files/itemFileError';
import { loadFiles, type FileOptions } from '../../src/embedded/files/loadFiles';
import type { TableContents } from '../../src/embedded/files/tables';

export const NO_OPTIONS: FileOptions = {
  tableName: undefined,
  key: undefined,
  tableKeys: new Map(),
  indexes: [],
  infer: false,
  mask: undefined,
};

/** Calls a function with the path of a file that has the content, and deletes the file. */
export async function withFile<Result>(
  content: string | Buffer,
  use: (path: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'items-'));
  try {
    const path = join(folder, 'items');
    await writeFile(path, content);
    return await use(path);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** A table as tests compare it. */
export interface ReadTable extends Pick<TableContents, 'tableName' | 'key' | 'indexes' | 'isPartial'> {
  /** The items in DynamoDB JSON. */
  items: string[];
  /** The place of each item, without the name of the file. */
  places: string[];
}

/** Reads all tables of a file. Errors are without the name of the file, which must be in front. */
export async function readTables(
  content: string | Buffer,
  options: Partial<FileOptions> = {},
): Promise<{ tables: ReadTable[]; warnings: string[] }> {
  return withFile(content, async (path) => {
    try {
      const { tables, warnings } = await loadFiles([path], { ...NO_OPTIONS, ...options });
      return {
        tables: tables.map((table) => toReadTable(table)),
        warnings: warnings.map((warning) => warning.replace(`${path}: `, '')),
      };
    } catch (error) {
      if (!(error instanceof ItemFileError) || !error.message.startsWith(`${path}: `)) throw error;
      throw new ItemFileError(error.message.slice(path.length + 2), { cause: error });
    }
  });
}

/** Reads the default table of a file. */
export async function readTable(
  content: string | Buffer,
  options: Partial<FileOptions> = {},
): Promise<ReadTable> {
  const { tables } = await readTables(content, options);
  const [table] = tables;
  if (table === undefined) throw new Error('no table');
  return table;
}

/** Matches the error for an invalid file. */
export function fileError(message: RegExp | string): Error {
  const text: unknown =
    typeof message === 'string' ? expect.stringContaining(message) : expect.stringMatching(message);
  return expect.objectContaining({ name: 'ItemFileError', message: text }) as Error;
}

function toReadTable({ items, ...table }: TableContents): ReadTable {
  return {
    ...table,
    items: items.map(({ json }) => json.toString()),
    places: items.map(({ list, position }) => list.placeOf(position)),
  };
}
