/** Pages as CSV (RFC 4180, with the line ends of Unix): a header line and one record a line. */
import { stringify, type Options } from 'csv-stringify/sync';
import { mapValues } from '../../attributeValue';
import { MalformedAnswerError, type ItemForm } from '../transcode';
import { countsOf, type Answer, type Format } from './format';

/** A record in DynamoDB JSON. */
type Item = Record<string, Typed>;
type Typed = Record<string, unknown>;

/** Null is an empty cell. */
type Cell = string | null;

/** The last column: what records have that those of the first page had not. */
const OTHERS = 'OtherAttributes';

/** A first page that a read budget has made short shows too few attributes: so many records do. */
const ENOUGH_RECORDS = 100;

/**
 * An absent attribute is an empty cell, an empty string is `""`. A spreadsheet may split at semicolons or
 * tabs, and a formula would begin there, unless the cell is quoted.
 */
const STYLE: Options = { quoted_match: /^$|[;\t]/ };

/**
 * How what a spreadsheet takes for a formula begins, full-width characters included. csv-stringify's
 * own `escape_formulas` would change negative numbers too.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/**
 * Writes a header and records. The columns are the attributes asked for, else all those of the first
 * page that has records, and one for any later, unforeseen ones as JSON. M, L and sets are JSON.
 *
 * Text that begins as a formula does gets a `'` before it.
 */
export function csvWriter(numbers: ItemForm['numbers']): Format['write'] {
  return async function* write({ pages, hasMore, attributes, countOnly, summary }: Answer) {
    let columns: Columns | undefined;
    let early: Item[] = [];
    for await (const { items, isShortened } of pages) {
      const records = [...early, ...(JSON.parse(`[${items().toString()}]`) as Item[])];
      early = [];
      const isTooEarly = columns === undefined && attributes === undefined && isShortened === true;
      if (isTooEarly && hasMore() && records.length < ENOUGH_RECORDS) {
        early = records;
        yield [];
        continue;
      }
      const lines: Cell[][] = [];
      if (columns === undefined && !countOnly && (attributes !== undefined || records.length > 0)) {
        columns = columnsOf(attributes, records, hasMore());
        lines.push([...columns.names, ...columns.others].map(harmless));
      }
      for (const record of records) lines.push(row(record, columns ?? NONE, numbers));
      yield lines.length === 0 ? [] : [csvBytes(lines)];
    }
    if (countOnly) {
      const counts = Object.entries(countsOf(summary()));
      yield [csvBytes([counts.map(([name]) => name), counts.map(([, count]) => String(count))])];
    }
  };
}

interface Columns {
  names: readonly string[];
  known: ReadonlySet<string>;
  /** The name of the last column, where there is one. */
  others: readonly string[];
}

const NONE: Columns = { names: [], known: new Set(), others: [] };

function columnsOf(
  attributes: readonly string[] | undefined,
  records: readonly Item[],
  hasMore: boolean,
): Columns {
  const known = new Set(attributes ?? records.flatMap((record) => Object.keys(record)));
  let others = OTHERS;
  while (known.has(others)) others += '_';
  return { names: [...known], known, others: attributes === undefined && hasMore ? [others] : [] };
}

function row(record: Item, { names, known, others }: Columns, numbers: ItemForm['numbers']): Cell[] {
  const unforeseen = Object.entries(record).filter(([name]) => !known.has(name));
  const cells = names.map((name) => (Object.hasOwn(record, name) ? cell(record[name] ?? {}, numbers) : null));
  if (others.length > 0) {
    cells.push(unforeseen.length === 0 ? null : plainJson({ M: Object.fromEntries(unforeseen) }, numbers));
  } else if (unforeseen.length > 0) throw new MalformedAnswerError('the answer has attributes not asked for');
  // A line without a character would be no record to a reader.
  return cells.length === 1 && cells[0] === null ? [''] : cells;
}

function cell(value: Typed, numbers: ItemForm['numbers']): Cell {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  if (type === 'S' || type === 'B') return harmless(content as string);
  return type === 'N' ? (content as string) : plainJson(value, numbers);
}

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** A typed value as plain JSON, as `transcode.ts` writes it. */
function plainJson(value: Typed, numbers: ItemForm['numbers']): string {
  const [[type, content] = ['NULL', true]] = Object.entries(value);
  const number = (digits: unknown) => (numbers === 'string' ? JSON.stringify(digits) : (digits as string));
  const list = (elements: unknown, write: (element: never) => string) =>
    `[${(elements as never[]).map(write).join(',')}]`;
  switch (type) {
    case 'NULL':
      return 'null';
    case 'N':
      return number(content);
    case 'NS':
      return list(content, number);
    case 'L':
      return list(content, (element) => plainJson(element, numbers));
    case 'M': {
      const members = Object.entries(mapValues(content as Item, (member) => plainJson(member, numbers)));
      return `{${members.map(([name, text]) => `${JSON.stringify(name)}:${text as string}`).join(',')}}`;
    }
    default:
      return JSON.stringify(content);
  }
}

function csvBytes(lines: readonly Cell[][]): Buffer {
  return Buffer.from(stringify(lines as Cell[][], STYLE));
}
