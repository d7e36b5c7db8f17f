/** Starts the embedded engine with its tables: the sample, or the user's own files. */
import { InvalidItemError, startEngine, type Engine } from './engine';
import { ItemFileError } from './files/itemFileError';
import { loadFiles, type FileOptions } from './files/loadFiles';
import { placeInFile, type PlacedItem } from './files/tables';
import { readSample } from './sample';
import { tableDefinition, type StoredTable } from './storedTable';

/** What the engine serves. */
export type EmbeddedSource =
  | { kind: 'sample'; tableName: string }
  | {
      kind: 'files';
      paths: readonly string[];
      options: FileOptions;
    };

/** A table that is served. */
export interface ServedTable {
  name: string;
  itemCount: number;
  /** Whether a file says that it is only one part of a scan. */
  isPartial: boolean;
}

/** A running engine and its tables, of which the first one is the default. */
export interface EmbeddedTables extends Engine {
  tables: readonly ServedTable[];
  /** Sentences about parts of the files that are not served. */
  warnings: readonly string[];
}

/** How far the files are: items that were read, then items that were written, of a total. */
export type Progress =
  { kind: 'read'; itemCount: number } | { kind: 'written'; itemCount: number; total: number };

/** Items between two reports. */
const ITEMS_PER_REPORT = 20_000;

/**
 * Starts the embedded engine with its tables.
 *
 * @param onProgress called while files load.
 * @throws ItemFileError if any part of a file cannot be loaded. No engine runs then.
 */
export async function startEmbedded(
  source: EmbeddedSource,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<EmbeddedTables> {
  if (source.kind === 'sample') {
    const table = await readSample(source.tableName);
    return { ...(await startWith([table])), warnings: [] };
  }
  const loaded = await loadFiles(source.paths, source.options, (itemCount) =>
    onProgress({ kind: 'read', itemCount }),
  );
  const partial = new Set(loaded.tables.filter((table) => table.isPartial).map(({ tableName }) => tableName));
  const started = await startWith(loaded.tables, (itemCount, total) =>
    onProgress({ kind: 'written', itemCount, total }),
  );
  return {
    ...started,
    tables: started.tables.map((table) => ({ ...table, isPartial: partial.has(table.name) })),
    warnings: loaded.warnings,
  };
}

/** Starts an engine and writes all tables to it. */
async function startWith(
  tables: readonly StoredTable[],
  onWritten: (itemCount: number, total: number) => void = () => undefined,
): Promise<Engine & { tables: ServedTable[] }> {
  const engine = await startEngine();
  try {
    const total = tables.reduce((sum, { items }) => sum + items.length, 0);
    let itemCount = 0;
    for (const table of tables) {
      await createTable(engine, table);
      for (let start = 0; start < table.items.length; start += ITEMS_PER_REPORT) {
        const part = table.items.slice(start, start + ITEMS_PER_REPORT);
        await engine.write(table.tableName, part);
        itemCount += part.length;
        onWritten(itemCount, total);
      }
    }
  } catch (error) {
    await engine.close();
    throw placed(error);
  }
  const served = tables.map(({ tableName, items }) => {
    return { name: tableName, itemCount: items.length, isPartial: false };
  });
  return { ...engine, tables: served };
}

/** The keys and indexes are the user's, so the message is enough for an error. */
async function createTable(engine: Engine, table: StoredTable): Promise<void> {
  try {
    await engine.createTable(tableDefinition(table));
  } catch (cause) {
    throw new ItemFileError((cause as Error).message, { cause });
  }
}

/** Adds the place in the file to the error of an item. */
function placed(error: unknown): unknown {
  if (!(error instanceof InvalidItemError)) return error;
  return new ItemFileError(
    `${placeInFile(error.item as PlacedItem)}: DynamoDB rejects the item: ${error.message}`,
    {
      cause: error,
    },
  );
}
