/** Reads the user's files into tables. */
import { setImmediate } from 'node:timers/promises';
import { readCsv } from './csvFile';
import { looksLikeCsv } from './csvHeader';
import { encodeAttributes, ItemEncoder, itemForm, type ItemForm, type Mask } from './itemEncoder';
import { ItemFileError } from './itemFileError';
import { findItems, isPartOfScan, type ItemFound, type PageCounts } from './jsonItems';
import { JsonScanner, JsonSyntaxError } from './jsonScanner';
import { RepeatedKeyError } from './keys';
import { checkRulesUsed, createMask, type MaskRules } from './mask';
import { Schemas, type SchemaOptions } from './schemas';
import { inFile, PlacedError, resolveFile, textOf, type FilePart, type SourceFile } from './sourceFile';
import { placeInFile, TableBuilder, type ItemList, type TableContents } from './tables';
import { namesOf, type DescribedTable } from './tableSchema';

/** How the user wants the files to be read. */
export interface FileOptions extends SchemaOptions {
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
  await loader.readDescriptions(files);
  for (const file of files) await loader.readItems(file);
  return loader.result();
}

class FileLoader {
  private readonly options: FileOptions;
  private readonly onRead: ReadListener;
  private readonly schemas: Schemas;
  private readonly tables = new Map<string, TableBuilder>();
  /** The pages of scan output in all files, which can be parts of one scan. */
  private readonly pages: PageCounts[] = [];
  private readonly warnings: string[] = [];
  private itemCount = 0;
  private readonly mask: Mask | undefined;
  /** The attributes that were masked. */
  private readonly masked = new Set<string>();

  constructor(options: FileOptions, onRead: ReadListener) {
    this.options = options;
    this.onRead = onRead;
    this.schemas = new Schemas(options);
    const { mask } = options;
    this.mask = mask && createMask(mask.rules, Buffer.from(mask.secret), (name) => this.masked.add(name));
  }

  /** Reads the descriptions of tables first, because they say which attributes are the keys of other files. */
  async readDescriptions(files: readonly SourceFile[]): Promise<void> {
    const found: DescribedTable[] = [];
    for (const file of files) {
      if (file.tableName !== undefined) this.schemas.addExport(file.tableName);
      const [part] = file.parts;
      if (part === undefined || part.size > MAX_DESCRIPTION_BYTES) continue;
      part.text = await inFile(file.path, () => textOf(part));
      const table = descriptionIn(part.text);
      if (table !== undefined) found.push(table);
    }
    this.schemas.addDescriptions(found);
  }

  async readItems(file: SourceFile): Promise<void> {
    const unnamed = this.schemas.nameOfUnnamed(file.tableName);
    for (const part of file.parts) await inFile(part.path, () => this.readPart(part, unnamed));
  }

  /** @param unnamed the table of items that do not name it. */
  private async readPart(part: FilePart, unnamed: string): Promise<void> {
    const before = this.itemCount;
    const text = await textOf(part);
    const isEmptyPart = part.itemCount === 0 && firstChar(text) === undefined;
    if (!isEmptyPart) await this.readText(part.path, text, unnamed);
    const read = this.itemCount - before;
    if (part.itemCount !== undefined && read !== part.itemCount) {
      throw new ItemFileError(
        `the file has ${read} of the ${part.itemCount} items that the manifest of the export lists. Download it again`,
      );
    }
  }

  private async readText(path: string, bytes: Buffer, unnamed: string): Promise<void> {
    const start = firstChar(bytes);
    if (start === undefined) throw new ItemFileError('the file is empty. Write [] for a table without items');
    if (start === '{' || start === '[') await this.readJson(path, bytes, unnamed);
    else if (looksLikeCsv(firstLine(bytes), this.hashKey(unnamed, true)))
      await this.readCsvItems(path, bytes, unnamed);
    else throw unknownKind(bytes);
  }

  private async readJson(path: string, bytes: Buffer, unnamed: string): Promise<void> {
    const scanner = new JsonScanner(bytes);
    const document = new JsonDocument(path, scanner);
    try {
      const keyOf = (tableName: string | undefined) =>
        this.hashKey(tableName ?? unnamed, tableName === undefined);
      for (const found of findItems(scanner, keyOf)) {
        if (found.kind === 'schema') this.schemas.add(found.table);
        else if (found.kind === 'ignored') this.warnings.push(`${path}: ${found.warning}`);
        else if (found.kind === 'page') this.pages.push(found.page);
        else if (found.kind === 'table') this.tableOf(found.tableName, false);
        else {
          const { tableName, place, range } = found;
          const table = this.tableOf(tableName ?? unnamed, tableName === undefined);
          const encoder = document.encoder(tableName, () => new ItemEncoder(scanner, table.names, this.mask));
          await this.add(table, document.list(found), place?.index ?? range.start, () =>
            encoder.encode(range, document.form(found, keyOf(tableName))),
          );
        }
      }
      // A page with fewer items than Count can be completed by a page in another file. One with more is an error here.
      isPartOfScan(this.pages);
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error;
      const { position, message } = error;
      throw new ItemFileError(
        `line ${scanner.line(position)}, column ${scanner.column(position)}: invalid JSON: ${message}`,
        { cause: error },
      );
    }
  }

  private async readCsvItems(path: string, bytes: Buffer, unnamed: string): Promise<void> {
    const table = this.tableOf(unnamed, true);
    const list: ItemList = { path, placeOf: (line) => `line ${line}` };
    const before = this.itemCount;
    for (const { attributes, line } of readCsv(bytes, { infer: this.options.infer })) {
      await this.add(table, list, line, () => encodeAttributes(attributes, table.names, this.mask));
    }
    // One line of any text with a comma could be the header line of a table without items.
    const isHeader = firstLine(bytes).includes(this.hashKey(unnamed, true));
    if (this.itemCount === before && !isHeader) throw unknownKind(bytes);
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
      throw new PlacedError(
        `${placeInFile({ list, position })}: ${error.message}${error instanceof RepeatedKeyError ? this.fakeHint(table) : ''}`,
        {
          cause: error.cause ?? error,
        },
      );
    }
    this.itemCount++;
    if (this.itemCount % ITEMS_PER_REPORT !== 0) return;
    this.onRead(this.itemCount);
    // The report is sent, and a signal is received, when the thread has nothing to do.
    await setImmediate();
  }

  /** Two fakes of a key can be equal. */
  private fakeHint(table: TableBuilder): string {
    const faked = table.keyNames.find((name) => this.options.mask?.rules.get(name) === 'fake');
    if (faked === undefined) return '';
    return `. Or --mask ${faked}=fake has given two keys the same value: use ${faked}=hash`;
  }

  private hashKey(tableName: string, isUnnamed: boolean): string {
    return this.schemas.of(tableName, isUnnamed).key.hash;
  }

  private tableOf(name: string, isUnnamed: boolean): TableBuilder {
    if (!isUnnamed && !TABLE_NAME.test(name)) {
      throw new ItemFileError(
        `${JSON.stringify(name)} is not a valid name for a table. Use 3 to 255 letters, digits, _ . or - as the name of the list`,
      );
    }
    return getOrAdd(this.tables, name, () => {
      const { described, ...schema } = this.schemas.of(name, isUnnamed);
      this.checkMask(namesOf(schema.key));
      const isDefault = name === (this.options.tableName ?? [...this.tables.keys()][0] ?? name);
      const indexes = isDefault ? [...described, ...this.options.indexes] : described;
      return new TableBuilder({ ...schema, indexes });
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

  /** The default table is the one that the user names, or the first one. */
  result(): LoadedFiles {
    const { options, schemas, tables, warnings } = this;
    if (options.mask !== undefined && this.itemCount > 0) checkRulesUsed(options.mask.rules, this.masked);
    const unnamed = schemas.nameOfUnnamed(undefined);
    if (tables.size === 0) this.tableOf(unnamed, true);
    this.checkNames([...tables.keys()]);
    const paged = tables.get(unnamed);
    if (paged !== undefined) paged.isPartial = isPartOfScan(this.pages);
    for (const table of tables.values()) {
      for (const index of table.emptyIndexes()) warnings.push(`no item has the key of the index ${index}`);
    }
    const contents = [...tables].map(([name, table]) => table.contents(name));
    const isDefault = ({ tableName }: TableContents) => tableName === options.tableName;
    return {
      tables: [...contents.filter(isDefault), ...contents.filter((table) => !isDefault(table))],
      warnings,
    };
  }

  /** Checks the names of tables in the options. */
  private checkNames(names: readonly string[]): void {
    const { tableName, tableKeys } = this.options;
    const list = `The files have ${names.join(', ')}`;
    if (tableName !== undefined && !names.includes(tableName)) {
      throw new ItemFileError(
        `the files have no table ${tableName}. ${list}. Choose one of them with --table-name`,
      );
    }
    const unknown = [...tableKeys.keys()].find((name) => !names.includes(name));
    if (unknown === undefined) return;
    throw new ItemFileError(`--key ${unknown}=…: the files have no table ${unknown}. ${list}`);
  }
}

/** What the items of a JSON document have in common. */
class JsonDocument {
  private readonly path: string;
  private readonly scanner: JsonScanner;
  private readonly encoders = new Map<string | undefined, ItemEncoder>();
  private readonly forms = new Map<string | undefined, ItemForm>();
  private readonly lists = new Map<string | undefined, ItemList>();

  constructor(path: string, scanner: JsonScanner) {
    this.path = path;
    this.scanner = scanner;
  }

  encoder(tableName: string | undefined, create: () => ItemEncoder): ItemEncoder {
    return getOrAdd(this.encoders, tableName, create);
  }

  /** The first item of each table decides how its items are written. */
  form({ isTyped, tableName, range }: ItemFound, hashKey: string): ItemForm {
    if (isTyped === true) return 'typed';
    return getOrAdd(this.forms, tableName, () => itemForm(this.scanner.text(range), hashKey));
  }

  list({ place }: ItemFound): ItemList {
    const { path, scanner } = this;
    return getOrAdd(this.lists, place?.list, () =>
      place === undefined
        ? { path, placeOf: (offset) => `line ${scanner.line(offset)}` }
        : { path, placeOf: (index) => `${place.list}index ${index}` },
    );
  }
}

/** Returns the table description in a file; undefined if it is another file. */
function descriptionIn(bytes: Buffer): DescribedTable | undefined {
  if (firstChar(bytes) !== '{') return undefined;
  try {
    const [found] = findItems(new JsonScanner(bytes), () => '');
    return found?.kind === 'schema' && !found.isModel ? found.table : undefined;
  } catch (error) {
    // It is reported when the items are read.
    if (error instanceof JsonSyntaxError || error instanceof ItemFileError) return undefined;
    throw error;
  }
}

function unknownKind(bytes: Buffer): ItemFileError {
  const line = firstLine(bytes);
  const shown = line.length > MAX_SHOWN_CHARS ? `${line.slice(0, MAX_SHOWN_CHARS)}…` : line;
  return new ItemFileError(
    `the kind of the file is unknown. Its first line is ${JSON.stringify(shown)}. Accepted are a JSON array, one JSON object per line, the output of aws dynamodb scan or query, an export of DynamoDB to S3, lists of items by the name of their table, CSV with a header line that contains the key (--key NAME), and the other kinds in docs/files.md. Text is UTF-8, or UTF-16 with a byte order mark`,
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

function getOrAdd<Key, Value>(map: Map<Key, Value>, key: Key, create: () => Value): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const value = create();
  map.set(key, value);
  return value;
}
