/** Pages as CSV (RFC 4180, with the line ends of Unix): a header line and one record a line. */
import { mapValues } from '../../dynamodb/attributeValue';
import { MalformedAnswerError, type ItemForm } from '../../dynamodb/transcoder/transcoder';
import { countsOf, type Answer, type Format } from './format';

/** A record in DynamoDB JSON. */
type Item = Record<string, Typed>;
type Typed = Record<string, unknown>;

/** The last column: what records have that those of the first page had not. */
const OTHERS = 'OtherAttributes';

/** A first page that a read budget has made short shows too few attributes: so many records do. */
const ENOUGH_RECORDS = 100;

/**
 * What needs quotes. An absent attribute is an empty cell, an empty string is `""`. A spreadsheet may split
 * at semicolons or tabs, and a formula would begin there, unless the cell is quoted.
 */
const SPECIAL = /^$|[",;\t\r\n]/;

/**
 * How what a spreadsheet takes for a formula begins, full-width characters included.
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
      let lines = '';
      if (columns === undefined && !countOnly && (attributes !== undefined || records.length > 0)) {
        columns = columnsOf(attributes, records, hasMore());
        lines = line([...columns.names, ...columns.others].map(text));
      }
      for (const record of records) lines += line(row(record, columns ?? NONE, numbers));
      yield lines === '' ? [] : [Buffer.from(lines)];
    }
    if (countOnly) {
      const counts = countsOf(summary());
      yield [Buffer.from(line(Object.keys(counts)) + line(Object.values(counts)))];
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

function row(record: Item, { names, known, others }: Columns, numbers: ItemForm['numbers']): string[] {
  const cells = names.map((name) => (Object.hasOwn(record, name) ? cell(record[name] ?? {}, numbers) : ''));
  const unforeseen = Object.keys(record).filter((name) => !known.has(name));
  if (others.length > 0) {
    const members = unforeseen.map((name) => [name, record[name]]);
    cells.push(unforeseen.length === 0 ? '' : quoted(plainJson({ M: Object.fromEntries(members) }, numbers)));
  } else if (unforeseen.length > 0) throw new MalformedAnswerError('the answer has attributes not asked for');
  return cells;
}

function cell(value: Typed, numbers: ItemForm['numbers']): string {
  const [type, content] = typed(value);
  if (type === 'S' || type === 'B') return text(content as string);
  return type === 'N' ? (content as string) : quoted(plainJson(value, numbers));
}

function text(value: string): string {
  return quoted(FORMULA.test(value) ? `'${value}` : value);
}

function quoted(value: string): string {
  return SPECIAL.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function line(cells: readonly (string | number)[]): string {
  // A line without a character would be no record to a reader.
  return `${cells.join() || '""'}\n`;
}

function typed(value: Typed): [type: string, content: unknown] {
  const [type = 'NULL'] = Object.keys(value);
  return [type, value[type]];
}

/** A typed value as plain JSON, as `transcode.ts` writes it. */
function plainJson(value: Typed, numbers: ItemForm['numbers']): string {
  const [type, content] = typed(value);
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
