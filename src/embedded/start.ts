/** Starts the embedded table: the engine, filled with the sample or with the user's own file. */
import { readFile } from 'node:fs/promises';
import { startEngine, type Engine } from './engine';
import { parseItemFile, type TableContents } from './itemFile';
import { ItemFileError } from './splitItems';
import type { KeyNames } from './keys';
import { createTable, loadTable } from './load';
import { readSample } from './sample';

export interface EmbeddedTable extends Engine {
  itemCount: number;
  /** Whether the user's file says that it is only one part of a scan. */
  partial: boolean;
}

type ProgressListener = (itemCount: number, total: number) => void;

/**
 * Starts the embedded engine with one table.
 *
 * @param file path of the user's file; undefined loads the sample.
 * @param onProgress called with the number of items written so far, while a file loads.
 * @throws ItemFileError if any part of the file cannot be loaded. The engine is closed then.
 */
export async function startEmbedded(
  tableName: string,
  file: string | undefined,
  keyNames: KeyNames,
  onProgress: ProgressListener = () => undefined,
): Promise<EmbeddedTable> {
  const contents = file === undefined ? await readSample() : await readItemFile(file, keyNames);
  const engine = await startEngine();
  try {
    if (file === undefined) await writeSample(engine, tableName, contents);
    else await writeFileItems(engine, tableName, contents, onProgress);
  } catch (error) {
    await engine.close();
    throw file === undefined ? error : inFile(file, error);
  }
  return { ...engine, itemCount: contents.items.length, partial: contents.partial };
}

/** Nothing in the sample needs the checks of the API. */
async function writeSample(engine: Engine, tableName: string, contents: TableContents): Promise<void> {
  await createTable({ endpoint: engine.endpoint, tableName }, contents.key, contents.indexes);
  await engine.writeUnchecked(
    tableName,
    contents.items.map(({ json }) => json),
  );
}

async function writeFileItems(
  { endpoint }: Engine,
  tableName: string,
  contents: TableContents,
  onProgress: ProgressListener,
): Promise<void> {
  const total = contents.items.length;
  await loadTable({ endpoint, tableName }, contents, (itemCount) => onProgress(itemCount, total));
}

async function readItemFile(file: string, keyNames: KeyNames): Promise<TableContents> {
  try {
    return parseItemFile(decode(await readFile(file)), keyNames);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** Decodes UTF-8, or UTF-16LE with a BOM, which PowerShell writes for `aws dynamodb scan > FILE`. */
function decode(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ItemFileError(
      `the file is not valid ${encoding.toUpperCase()} text. Save it as UTF-8, or as UTF-16LE with a BOM`,
      { cause },
    );
  }
}

function inFile(file: string, error: unknown): Error {
  return new ItemFileError(`${file}: ${(error as Error).message}`, { cause: error });
}
