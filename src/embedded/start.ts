/** The embedded table: the engine, filled from the sample or from the user's own file. */
import { readFile } from 'node:fs/promises';
import { startEngine, type Engine } from './engine';
import { loadTable } from './load';
import { progressBar } from './progress';
import type { KeyNames } from './keys';
import { parseRecords, type Records } from './records';
import { RecordFileError } from './recordText';
import { readSample } from './sample';

export interface EmbeddedTable extends Engine {
  itemCount: number;
  /** Whether the user's file says that it is one part of a longer scan. */
  partial: boolean;
}

/**
 * Starts the embedded engine with one table.
 *
 * @param file the user's own records; the sample where there is none.
 * @throws RecordFileError where the file cannot be served whole; nothing keeps running then.
 */
export async function startEmbedded(
  tableName: string,
  file: string | undefined,
  keyNames: KeyNames,
): Promise<EmbeddedTable> {
  const records = file === undefined ? await readSample() : await readRecords(file, keyNames);
  const engine = await startEngine();
  const bar = progressBar(records.items.length);
  try {
    await loadTable({ endpoint: engine.endpoint, tableName }, records, bar.update);
  } catch (error) {
    await engine.close();
    throw file === undefined ? error : inFile(file, error);
  } finally {
    bar.stop();
  }
  return { ...engine, itemCount: records.items.length, partial: records.partial };
}

async function readRecords(file: string, keyNames: KeyNames): Promise<Records> {
  try {
    return parseRecords(decode(await readFile(file)), keyNames);
  } catch (error) {
    throw inFile(file, error);
  }
}

/** UTF-8, or what PowerShell's `>` makes of the AWS CLI's output: UTF-16. Either may have a BOM. */
function decode(bytes: Buffer): string {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new RecordFileError('the file is no text in UTF-8', { cause });
  }
}

function inFile(file: string, error: unknown): Error {
  return new RecordFileError(`${file}: ${(error as Error).message}`, { cause: error });
}
