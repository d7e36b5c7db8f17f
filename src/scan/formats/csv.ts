/** CSV (RFC 4180, with Unix line ends): a header line and one item per line. */
import { BYTE_ORDER_MARK, guardFormula, otherAttributesName } from '../../csv/notation';
import { mapValues } from '../../dynamodb/attributeValue';
import { MalformedResponseError, type ItemForm } from '../../dynamodb/transcoder/transcoder';
import type { Page } from '../../dynamodb/page';
import { turn } from '../../http/turn';
import { countsOf, type Format, type FormatInput } from './format';

/** An item in DynamoDB JSON. */
type Item = Record<string, Typed>;
type Typed = Record<string, unknown>;

export const csv: Format = {
  name: 'csv',
  mediaType: 'text/csv',
  contentType: 'text/csv; charset=utf-8; header=present',
  values: 'typed',
  hasSummary: false,
  extension: 'csv',
  isFile: true,
  write: writeRows,
  openapi: {
    schema: { type: 'string', description: 'A header line and one item per line' },
    example: 'id,mag,place\nnc72963051,0.32,"13km WNW of Toms Place, CA"\n',
  },
};

/** Items without common attributes would make a wide and almost empty table, of many times their size. */
const MAX_COLUMNS = 1000;
const MAX_CELLS_OF_FIRST_PAGE = 1_000_000;

/** Writing this many cells takes about a millisecond or two. Then other requests have their turn. */
const CELLS_PER_TURN = 20_000;

/** If a read-rate limit has shortened the first page, it may show too few attributes. This many items are enough. */
const MIN_ITEMS_FOR_COLUMNS = 100;

/**
 * Cells that need quotes. An absent attribute is an empty cell, an empty string is `""`. A spreadsheet may also split
 * at semicolons or tabs, and a formula could begin there unless the cell is quoted.
 */
const NEEDS_QUOTES = /^$|[",;\t\r\n]/;

/**
 * Writes a header line and items. The columns are the requested attributes. Without a projection they are all
 * attributes of the first page that has items, plus one column for all others as JSON. M, L and sets are JSON.
 *
 * Text that begins like a formula gets a `'` in front. With a byte order mark, Excel reads the text as UTF-8.
 */
async function* writeRows(input: FormatInput): ReturnType<Format['write']> {
  const { pages, hasMore, attributes, countOnly, summary, numbers, bom } = input;
  const start = bom ? BYTE_ORDER_MARK : '';
  let columns: Columns | undefined;
  let buffered: Item[] = [];
  for await (const page of pages) {
    await turn();
    const items = [...buffered, ...readItems(page)];
    buffered = [];
    const isTooEarly = columns === undefined && attributes === undefined && page.isShortened === true;
    if (isTooEarly && hasMore() && items.length < MIN_ITEMS_FOR_COLUMNS) {
      buffered = items;
      yield [];
      continue;
    }
    let lines = '';
    if (columns === undefined && !countOnly && (attributes !== undefined || items.length > 0)) {
      columns = columnsOf(attributes, items, hasMore());
      lines = start + line([...columns.names, ...columns.others].map(text));
    }
    const rowsPerTurn = Math.ceil(CELLS_PER_TURN / Math.max(1, columns?.names.length ?? 0));
    for (const [index, item] of items.entries()) {
      if (index > 0 && index % rowsPerTurn === 0) {
        yield [Buffer.from(lines)];
        lines = '';
        await turn();
      }
      lines += line(row(item, columns ?? NO_COLUMNS, numbers));
    }
    yield lines === '' ? [] : [Buffer.from(lines)];
  }
  if (countOnly) {
    const counts = countsOf(summary());
    yield [Buffer.from(start + line(Object.keys(counts)) + line(Object.values(counts)))];
  }
}

function readItems(page: Page): Item[] {
  try {
    const items = page.encodeItems({ values: 'typed', numbers: 'number', separator: ',' });
    return JSON.parse(`[${items.toString()}]`) as Item[];
  } finally {
    page.release();
  }
}

interface Columns {
  names: readonly string[];
  known: ReadonlySet<string>;
  /** The name of the last column, if there is one. */
  others: readonly string[];
}

const NO_COLUMNS: Columns = { names: [], known: new Set(), others: [] };

function columnsOf(
  attributes: readonly string[] | undefined,
  items: readonly Item[],
  hasMore: boolean,
): Columns {
  if (attributes !== undefined) {
    const known = new Set(attributes);
    return { names: [...known], known, others: [] };
  }
  const found = new Set(items.flatMap((item) => Object.keys(item)));
  const names = [...found].slice(0, Math.min(MAX_COLUMNS, Math.ceil(MAX_CELLS_OF_FIRST_PAGE / items.length)));
  const known = new Set(names);
  const isLastMistakable = names.at(-1) === otherAttributesName(new Set(names.slice(0, -1)));
  const hasOthers = hasMore || names.length < found.size || isLastMistakable;
  return { names, known, others: hasOthers ? [otherAttributesName(known)] : [] };
}

function row(item: Item, { names, known, others }: Columns, numbers: ItemForm['numbers']): string[] {
  const cells = names.map((name) => (Object.hasOwn(item, name) ? cell(item[name] ?? {}, numbers) : ''));
  const unexpected = Object.keys(item).filter((name) => !known.has(name));
  if (others.length > 0) {
    const attributes = unexpected.map((name) => [name, item[name]]);
    cells.push(
      unexpected.length === 0 ? '' : quoted(plainJson({ M: Object.fromEntries(attributes) }, numbers)),
    );
  } else if (unexpected.length > 0)
    throw new MalformedResponseError('the response has attributes that were not requested');
  return cells;
}

function cell(value: Typed, numbers: ItemForm['numbers']): string {
  const [type, content] = typed(value);
  if (type === 'S' || type === 'B') return text(content as string);
  return type === 'N' ? (content as string) : quoted(plainJson(value, numbers));
}

function text(value: string): string {
  return quoted(guardFormula(value));
}

function quoted(value: string): string {
  return NEEDS_QUOTES.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

function line(cells: readonly (string | number)[]): string {
  // Readers skip an empty line, so an item without cells needs a quoted empty cell.
  return `${cells.join() || '""'}\n`;
}

function typed(value: Typed): [type: string, content: unknown] {
  const [type = 'NULL'] = Object.keys(value);
  return [type, value[type]];
}

/** Writes a typed value as plain JSON, in the same way as the transcoder. */
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
      const attributes = Object.entries(mapValues(content as Item, (value) => plainJson(value, numbers)));
      return `{${attributes.map(([name, text]) => `${JSON.stringify(name)}:${text as string}`).join(',')}}`;
    }
    default:
      return JSON.stringify(content);
  }
}
