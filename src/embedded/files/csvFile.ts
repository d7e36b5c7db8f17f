/** Reads items from CSV: a header line with the names of attributes, and one item per line. No I/O. */
import { isUtf8 } from 'node:buffer';
import { parse } from 'lossless-json';
import { BYTE_ORDER_MARK } from '../../csv/notation';
import { isObject, marshallMap, type Attributes } from '../../dynamodb/attributeValue';
import { detectDelimiter, isSeparatorHint, parseHeader, type Columns } from './csvHeader';
import { splitRows, type Row } from './csvRows';
import { ColumnKinds, typedCell, type ColumnType } from './csvTypes';
import { ItemFileError } from './itemFileError';

/** An item in DynamoDB JSON, and the number of the line where it begins. */
export interface CsvItem {
  attributes: Attributes;
  line: number;
}

/**
 * Reads the items of CSV with commas, semicolons or tabs, as this server, spreadsheets and the AWS console write it.
 * The items come one by one, so memory does not grow with the text.
 *
 * All attributes are text, except those of the column OtherAttributes: they are JSON, which has types. An empty cell is
 * an absent attribute, `""` is an empty string. A `'` in front of text that begins like a formula is removed.
 *
 * @param text UTF-8, with or without a byte order mark.
 * @param options.infer whether columns become numbers, booleans, lists and maps. This reads the text twice.
 * @throws ItemFileError with the line if the text is not valid CSV.
 */
export function* readCsv(text: Buffer, { infer }: { infer: boolean }): Generator<CsvItem, void, undefined> {
  checkEncoding(text);
  const mark = Buffer.from(BYTE_ORDER_MARK);
  const bytes = text.subarray(0, mark.length).equals(mark) ? text.subarray(mark.length) : text;
  const types = infer ? inferTypes(openTable(bytes)) : undefined;
  const { names, hasOthers, rows } = openTable(bytes);
  const columns = new Set(names);
  for (const { cells, line } of rows) {
    const attributes: Attributes = {};
    names.forEach((name, index) => {
      const value = typedCell(cells[index], types?.[index] ?? 'text');
      if (value !== undefined) setAttribute(attributes, name, value);
    });
    const others = hasOthers ? cells.at(-1) : undefined;
    if (others !== undefined && others !== '') {
      for (const [name, value] of parseOthers(others, columns, line)) setAttribute(attributes, name, value);
    }
    yield { attributes, line };
  }
}

/** Five times as fast as Object.fromEntries. An attribute named __proto__ stays one. */
function setAttribute(attributes: Attributes, name: string, value: unknown): void {
  if (name === '__proto__') {
    Object.defineProperty(attributes, name, { value, enumerable: true, configurable: true, writable: true });
  } else {
    attributes[name] = value;
  }
}

/** Without this check, text in another encoding would get wrong characters. */
function checkEncoding(text: Buffer): void {
  if (isUtf8(text)) return;
  let line = 0;
  let start = 0;
  let bytes: Buffer;
  do {
    const end = text.indexOf('\n', start);
    bytes = text.subarray(start, end === -1 ? text.length : end);
    start = end + 1;
    line += 1;
  } while (isUtf8(bytes));
  const pieces = bytes.toString('latin1').split('\r');
  line += pieces.findIndex((piece) => !isUtf8(Buffer.from(piece, 'latin1')));
  throw new ItemFileError(
    `line ${line}: the text is not valid UTF-8. Save the file as UTF-8. In Excel, save it as "CSV UTF-8"`,
  );
}

interface Table extends Columns {
  rows: Iterable<Row>;
}

function openTable(bytes: Buffer): Table {
  const delimiter = detectDelimiter(bytes);
  const rows = splitRows(bytes, delimiter);
  let header = rows.next();
  if (header.done !== true && isSeparatorHint(header.value)) header = rows.next();
  if (header.done === true) {
    throw new ItemFileError(
      'the file has no header line. Write the names of the attributes in the first line, for example id,name',
    );
  }
  const { length } = header.value.cells;
  return { ...parseHeader(header.value), rows: checkLengths(rows, length, delimiter) };
}

function* checkLengths(rows: Iterable<Row>, length: number, delimiter: string): Generator<Row> {
  for (const row of rows) {
    if (row.cells.length !== length) {
      const name = delimiter === '\t' ? 'a tab' : delimiter;
      throw new ItemFileError(
        `line ${row.line}: the row has ${count(row.cells.length, 'cell')}, but the header line has ${count(length, 'column')}. ` +
          `The delimiter is ${name}: put a cell that contains it, or a line break, in double quotes`,
      );
    }
    yield row;
  }
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function inferTypes({ names, rows }: Table): ColumnType[] {
  const columns = names.map(() => new ColumnKinds());
  for (const { cells } of rows) {
    for (const [index, column] of columns.entries()) column.add(cells[index]);
  }
  return columns.map(({ type }) => type);
}

/** Parses a cell of the column OtherAttributes. */
function parseOthers(cell: string, columns: ReadonlySet<string>, line: number): [string, unknown][] {
  const invalid = (reason: string, cause?: unknown) =>
    new ItemFileError(
      `line ${line}: the cell of OtherAttributes ${reason}. Write an object such as {"color":"red"}, or rename the column`,
      { cause },
    );
  let entries: [string, unknown][];
  try {
    const json = parse(cell);
    if (!isObject(json)) throw new SyntaxError('it is not a JSON object');
    entries = Object.entries(marshallMap(json));
  } catch (error) {
    throw invalid(`is invalid: ${(error as Error).message}`, error);
  }
  const column = entries.map(([name]) => name).find((name) => columns.has(name));
  if (column !== undefined)
    throw invalid(`has the attribute ${JSON.stringify(column)}, which is also a column`);
  return entries;
}
