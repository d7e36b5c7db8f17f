/** Reads the user's files into tables. */
import { stat } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { findItems, type ItemFound } from './jsonItems';
import { JsonScanner, JsonSyntaxError, type JsonRange } from './jsonScanner';
import { readExportFolder } from './exportFolder';
import { encodeAttributes, ItemEncoder, itemForm, type ItemForm, type Mask } from './itemEncoder';
import { checkRulesUsed, createMask, type MaskRules } from './mask';
import { ItemFileError } from './itemFileError';
import { readCsv } from './csvFile';
import { looksLikeCsv } from './csvHeader';
import { readText } from './readText';
import { placeInFile, TableBuilder, type ItemList, type TableContents } from './tables';
import { namesOf, type DescribedTable, type Index, type KeyNames, type TableSchema } from './tableSchema';

/** How the user wants the files to be read. */
export interface FileOptions {
  /** The name of the default table, if the user has set it. */
  tableName: string | undefined;
  /** The key of tables that have no key of their own. */
  key: KeyNames | undefined;
  /** Keys by the name of the table. */
  tableKeys: ReadonlyMap<string, KeyNames>;
  /** More indexes of the default table. */
  indexes: readonly Index[];
  /** Whether numbers, booleans and JSON in CSV get their types. */
  infer: boolean;
  /** The attributes to mask, and a key for their hashes. */
  mask: { rules: MaskRules; secret: Uint8Array } | undefined;
}

/** Everything that the files contain. */
export interface LoadedFiles {
  /** The first one is the default table. */
  tables: readonly TableContents[];
  /** Sentences about parts that are not served. */
  warnings: readonly string[];
}

/** Called now and then with the number of items that were read so far. */
export type ReadListener = (itemCount: number) => void;

const DEFAULT_KEY: KeyNames = { hash: 'id' };
const DEFAULT_TABLE = 'RecordsTable';

/** A description of a table has at most about this size. */
const MAX_DESCRIPTION_BYTES = 4 * 1024 * 1024;

/** How many items are read between two reports. */
const ITEMS_PER_REPORT = 5000;

const TABLE_NAME = /^[\w.-]{3,255}$/;

const MAX_SHOWN_CHARS = 80;

/**
 * Reads all files. Several files without table names are one table.
 *
 * @throws ItemFileError with file and place if any part of a file is invalid.
 */
export async function loadFiles(
  paths: readonly string[],
  options: FileOptions,
  onRead: ReadListener = () => undefined,
): Promise<LoadedFiles> {
  const loader = new FileLoader(options, onRead);
  const files = await Promise.all(paths.map(async (path) => inFile(path, () => resolveFile(path))));
  // Descriptions first, because they say which attributes are the keys.
  for (const file of files) await inFile(file.path, () => loader.readSchema(file));
  for (const file of files) await loader.readItems(file);
  return loader.result();
}

/** A file, or the data files of an export. */
interface SourceFile {
  path: string;
  size: number;
  parts: readonly { path: string; itemCount: number | undefined }[];
  tableName: string | undefined;
}

async function resolveFile(path: string): Promise<SourceFile> {
  const stats = await stat(path);
  if (!stats.isDirectory()) {
    return { path, size: stats.size, parts: [{ path, itemCount: undefined }], tableName: undefined };
  }
  const { files, tableName } = await readExportFolder(path);
  return { path, size: Infinity, parts: files, tableName };
}

class FileLoader {
  private readonly schemas = new Map<string, DescribedTable>();
  private readonly tables = new Map<string | undefined, TableBuilder>();
  private readonly warnings: string[] = [];
  /** Files that only describe a table. */
  private readonly descriptions = new Map<SourceFile, DescribedTable>();
  private exportedTable: string | undefined;
  private itemCount = 0;
  private readonly mask: Mask | undefined;
  /** The attributes that were masked. */
  private readonly masked = new Set<string>();

  private readonly options: FileOptions;
  private readonly onRead: ReadListener;

  constructor(options: FileOptions, onRead: ReadListener) {
    this.options = options;
    this.onRead = onRead;
    const { mask } = options;
    this.mask = mask && createMask(mask.rules, Buffer.from(mask.secret), (name) => this.masked.add(name));
  }

  /** Reads the file if it is a table description. Errors in other files are reported when their items are read. */
  async readSchema(file: SourceFile): Promise<void> {
    this.exportedTable ??= file.tableName;
    if (file.size > MAX_DESCRIPTION_BYTES) return;
    const bytes = await readText(file.path);
    if (firstChar(bytes) !== '{') return;
    try {
      const [found] = findItems(new JsonScanner(bytes), () => DEFAULT_KEY.hash);
      if (found?.kind !== 'schema' || found.isModel) return;
      this.schemas.set(found.table.tableName, found.table);
      this.descriptions.set(file, found.table);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError) && !(error instanceof ItemFileError)) throw error;
    }
  }

  async readItems(file: SourceFile): Promise<void> {
    if (this.descriptions.has(file)) return;
    for (const { path, itemCount } of file.parts) {
      await inFile(path, async () => {
        const before = this.itemCount;
        await this.readFileItems(path, await readText(path));
        const read = this.itemCount - before;
        if (itemCount !== undefined && read !== itemCount) {
          throw new ItemFileError(
            `the file has ${read} of the ${itemCount} items that the manifest of the export lists. Download it again`,
          );
        }
      });
    }
  }

  private async readFileItems(path: string, bytes: Buffer): Promise<void> {
    const start = firstChar(bytes);
    if (start === undefined) throw new ItemFileError('the file is empty. Write [] for a table without items');
    if (start === '{' || start === '[') await this.readJson(path, bytes);
    else if (looksLikeCsv(firstLine(bytes), this.keyOf(undefined).hash)) await this.readCsvItems(path, bytes);
    else throw unknownKind(bytes);
  }

  private async readJson(path: string, bytes: Buffer): Promise<void> {
    const scanner = new JsonScanner(bytes);
    const forms = new Map<string | undefined, ItemForm>();
    const encoders = new Map<string | undefined, ItemEncoder>();
    const lists = new Map<string | undefined, ItemList>();
    try {
      for (const found of findItems(scanner, (tableName) => this.keyOf(tableName).hash)) {
        if (found.kind === 'schema') this.schemas.set(found.table.tableName, found.table);
        else if (found.kind === 'ignored') this.warnings.push(`${path}: ${found.warning}`);
        else if (found.kind === 'partial') this.tableOf(undefined).isPartial = true;
        else {
          const { tableName, range } = found;
          const table = this.tableOf(tableName);
          const encoder = getOrAdd(
            encoders,
            tableName,
            () => new ItemEncoder(scanner, table.names, this.mask),
          );
          const list = getOrAdd(lists, found.place?.list, () => jsonList(path, scanner, found));
          const position = found.place?.index ?? range.start;
          await this.add(table, list, position, () => {
            const form =
              found.isTyped === true
                ? 'typed'
                : getOrAdd(forms, tableName, () => this.formOf(scanner, range, tableName));
            return encoder.encode(range, form);
          });
        }
      }
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const { position, message } = error;
      throw new ItemFileError(
        `line ${scanner.line(position)}, column ${scanner.column(position)}: invalid JSON: ${message}`,
        { cause: error },
      );
    }
  }

  private formOf(scanner: JsonScanner, range: JsonRange, tableName: string | undefined): ItemForm {
    return itemForm(scanner.text(range), this.keyOf(tableName).hash);
  }

  private async readCsvItems(path: string, bytes: Buffer): Promise<void> {
    const table = this.tableOf(undefined);
    const list: ItemList = { path, placeOf: (line) => `line ${line}` };
    for (const { attributes, line } of readCsv(bytes, { infer: this.options.infer })) {
      await this.add(table, list, line, () => encodeAttributes(attributes, table.names, this.mask));
    }
  }

  private async add(
    table: TableBuilder,
    list: ItemList,
    position: number,
    encode: () => Parameters<TableBuilder['add']>[0],
  ): Promise<void> {
    try {
      table.add(encode(), list, position);
    } catch (error) {
      if (!(error instanceof ItemFileError)) throw error;
      throw new PlacedError(`${placeInFile({ list, position })}: ${error.message}`, {
        cause: error.cause ?? error,
      });
    }
    this.itemCount++;
    if (this.itemCount % ITEMS_PER_REPORT !== 0) return;
    this.onRead(this.itemCount);
    // The report is sent, and a signal is received, when the thread has nothing to do.
    await setImmediate();
  }

  private keyOf(tableName: string | undefined): KeyNames {
    return this.schemaOf(tableName).key;
  }

  private schemaOf(tableName: string | undefined): TableSchema {
    const { options, schemas } = this;
    const name = tableName ?? this.defaultName();
    const isDefault = name === this.defaultName();
    const described = schemas.get(name) ?? (isDefault ? this.onlyDescription() : undefined);
    return {
      key: options.tableKeys.get(name) ?? options.key ?? described?.key ?? DEFAULT_KEY,
      indexes: [...(described?.indexes ?? []), ...(isDefault ? options.indexes : [])],
    };
  }

  /** The table of items whose table is not named. */
  private defaultName(): string {
    const { options, exportedTable } = this;
    return options.tableName ?? this.onlyDescription()?.tableName ?? exportedTable ?? DEFAULT_TABLE;
  }

  private onlyDescription(): DescribedTable | undefined {
    const [first, ...others] = this.descriptions.values();
    return others.length === 0 ? first : undefined;
  }

  private tableOf(tableName: string | undefined): TableBuilder {
    if (tableName !== undefined && !TABLE_NAME.test(tableName)) {
      throw new ItemFileError(
        `${JSON.stringify(tableName)} is not a valid name for a table. Use 3 to 255 letters, digits, _ . or -`,
      );
    }
    const name = tableName === this.defaultName() ? undefined : tableName;
    return getOrAdd(this.tables, name, () => {
      const schema = this.schemaOf(name);
      this.checkMask(namesOf(schema.key));
      return new TableBuilder(schema);
    });
  }

  /** Redacted keys would all be equal. */
  private checkMask(keyNames: readonly string[]): void {
    const redacted = keyNames.find((name) => this.options.mask?.rules.get(name) === 'redact');
    if (redacted === undefined) return;
    throw new ItemFileError(
      `--mask ${redacted}=redact: ${JSON.stringify(redacted)} is a key, and redacted keys would all be equal. Use hash or fake`,
    );
  }

  result(): LoadedFiles {
    const { options } = this;
    if (options.mask !== undefined && this.itemCount > 0) checkRulesUsed(options.mask.rules, this.masked);
    const isOnlySchema = this.tables.size === 0;
    if (isOnlySchema) this.tableOf(undefined);
    const unnamed = this.tables.get(undefined);
    const named = [...this.tables].filter(([name]) => name !== undefined) as [string, TableBuilder][];
    if (unnamed === undefined && options.tableName !== undefined) {
      throw new ItemFileError(
        `the files have no table ${options.tableName}. They have ${named.map(([name]) => name).join(', ')}. Choose one of them with --table-name`,
      );
    }
    const all: [string, TableBuilder][] =
      unnamed === undefined ? named : [[this.defaultName(), unnamed], ...named];
    return { tables: all.map(([name, table]) => table.contents(name)), warnings: this.warnings };
  }
}

/** An error whose message has file and place. */
class PlacedError extends ItemFileError {}

function jsonList(path: string, scanner: JsonScanner, { place }: ItemFound): ItemList {
  if (place === undefined) return { path, placeOf: (offset) => `line ${scanner.line(offset)}` };
  return { path, placeOf: (index) => `${place.list}index ${index}` };
}

function unknownKind(bytes: Buffer): ItemFileError {
  const line = firstLine(bytes);
  const shown = line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)}…` : line;
  return new ItemFileError(
    `the kind of the file is unknown. Its first line is ${JSON.stringify(shown)}. Accepted are a JSON array, one JSON object per line, the output of aws dynamodb scan or query, an export of DynamoDB to S3, lists of items by the name of their table, and CSV with a header line that contains the key (--key NAME)`,
  );
}

/** Returns the first character that is not white space. */
function firstChar(bytes: Buffer): string | undefined {
  return /\S/.exec(bytes.toString('latin1', 0, 64 * 1024))?.[0];
}

/** Returns the first line that is not blank. */
function firstLine(bytes: Buffer): string {
  return /\S[^\r\n]*/.exec(bytes.toString('utf8', 0, 64 * 1024))?.[0] ?? '';
}

async function inFile<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof PlacedError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (!(error instanceof ItemFileError) && code === undefined) throw error;
    throw new PlacedError(`${path}: ${message}`, { cause: error });
  }
}

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const value = create();
  map.set(key, value);
  return value;
}
