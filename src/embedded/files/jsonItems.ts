/** Finds the items in JSON documents: where they are, and of which table. No I/O. */
import { documentKind, type DocumentKind } from './documentKind';
import { ItemFileError } from './itemFileError';
import type { JsonRange, JsonScanner } from './jsonScanner';
import { describedTable, modeledTable, type DescribedTable } from './tableSchema';

/** The part of a file that follows. */
export type Found =
  | ItemFound
  | { kind: 'schema'; table: DescribedTable; isModel: boolean }
  /** A table, which can have no items. */
  | { kind: 'table'; tableName: string }
  /** The end of a page of scan output. */
  | { kind: 'page'; page: PageCounts }
  /** Something that is not served, as a sentence without a period. */
  | { kind: 'ignored'; warning: string };

export interface ItemFound {
  kind: 'item';
  /** The table that the file names; undefined for the default table. */
  tableName: string | undefined;
  range: JsonRange;
  /** The members around the item are removed, and it is typed for sure. */
  isTyped?: true;
  /** Its place in a list; undefined means that the line is the place. */
  place: { list: string; index: number } | undefined;
}

/** The members around the items of batch-write-item. */
const PUT_REQUEST = 'PutRequest';

/**
 * Finds the items of a file.
 *
 * @param keyOf returns the name of the hash key of a table; undefined is the default table.
 * @throws ItemFileError or JsonSyntaxError
 */
export function* findItems(
  scanner: JsonScanner,
  keyOf: (tableName: string | undefined) => string,
): Generator<Found> {
  let kind: DocumentKind | undefined;
  let pageCount = 0;
  for (const root of documents(scanner, keyOf(undefined))) {
    if (scanner.isArray(root) && kind === undefined) {
      yield* listItems(scanner, root, undefined, '');
      continue;
    }
    // What follows an item is an item, so that the members of a million lines need not be looked at.
    if (kind?.kind !== 'item' && kind?.kind !== 'wrapped') kind = kindOf(scanner, root, keyOf(undefined));
    yield* documentItems(scanner, root, kind, { keyOf, pageCount });
    if (kind.kind === 'page') pageCount++;
    if (kind.kind !== 'item' && kind.kind !== 'wrapped') kind = undefined;
  }
}

/** The values of the text; instead of an array of pages or of wrapped items, as `jq -s` writes them, its elements. */
function* documents(scanner: JsonScanner, key: string): Generator<JsonRange> {
  for (const root of scanner.roots()) {
    const [first] = scanner.isArray(root) ? scanner.elements(root.start) : [];
    const isList = first !== undefined && ['page', 'wrapped'].includes(kindOf(scanner, first, key).kind);
    if (isList) yield* scanner.elements(root.start);
    else yield root;
  }
}

function kindOf(scanner: JsonScanner, value: JsonRange, key: string): DocumentKind {
  if (!scanner.isObject(value)) return { kind: 'item' };
  return documentKind(scanner, value, [...scanner.members(value.start)], key);
}

function* documentItems(
  scanner: JsonScanner,
  root: JsonRange,
  kind: DocumentKind,
  { keyOf, pageCount }: { keyOf: (tableName: string | undefined) => string; pageCount: number },
): Generator<Found> {
  switch (kind.kind) {
    case 'item':
      yield { kind: 'item', tableName: undefined, range: root, place: undefined };
      return;
    case 'wrapped':
      yield { kind: 'item', tableName: undefined, ...unwrap(scanner, root), place: undefined };
      return;
    case 'responses':
      for (const { start, end } of scanner.elements(kind.list.start)) {
        yield { kind: 'item', tableName: undefined, ...unwrap(scanner, { start, end }), place: undefined };
      }
      return;
    case 'page': {
      let itemCount = 0;
      const list = pageCount === 0 ? '' : `page ${pageCount + 1}, `;
      for (const item of listItems(scanner, kind.items, undefined, list)) {
        itemCount++;
        yield item;
      }
      yield { kind: 'page', page: { itemCount, count: kind.count ?? itemCount, hasToken: kind.hasToken } };
      yield* ignored(kind.others);
      return;
    }
    case 'description':
      yield { kind: 'schema', table: describedTable(JSON.parse(scanner.text(kind.table))), isModel: false };
      return;
    case 'workbench':
      for (const table of scanner.elements(kind.model.start)) yield* modeledItems(scanner, table);
      return;
    case 'tables':
      for (const { name, ...list } of kind.tables) {
        yield { kind: 'table', tableName: name };
        yield* tableItems(scanner, list, name, keyOf(name));
      }
      yield* ignored(kind.others);
  }
}

function* ignored(names: readonly string[]): Generator<Found> {
  for (const name of names) {
    yield { kind: 'ignored', warning: `${JSON.stringify(name)} is not a list of items and is not served` };
  }
}

/** The list of a table by its name: its items, or the requests of batch-write-item. */
function* tableItems(
  scanner: JsonScanner,
  list: JsonRange,
  tableName: string,
  key: string,
): Generator<ItemFound> {
  for (const item of listItems(scanner, list, tableName, `${tableName}, `)) {
    const [member, second] = scanner.isObject(item.range) ? scanner.members(item.range.start) : [];
    const isOnly = member !== undefined && member.name !== key && second === undefined;
    if (isOnly && member.name === 'DeleteRequest') {
      throw new ItemFileError(
        `${tableName}, index ${item.place?.index}: a DeleteRequest deletes an item, so it cannot be served. Remove it`,
      );
    }
    yield isOnly && member.name === PUT_REQUEST ? { ...item, ...unwrap(scanner, member) } : item;
  }
}

function* modeledItems(scanner: JsonScanner, table: JsonRange): Generator<Found> {
  const members = scanner.isObject(table) ? [...scanner.members(table.start)] : [];
  const items = members.find(({ name }) => name === 'TableData');
  const fields = members
    .filter((member) => member !== items)
    .map(({ name, ...range }): [string, unknown] => [name, JSON.parse(scanner.text(range))]);
  const described = modeledTable(Object.fromEntries(fields));
  yield { kind: 'schema', table: described, isModel: true };
  const { tableName } = described;
  yield { kind: 'table', tableName };
  if (items === undefined || !scanner.isArray(items)) return;
  for (const item of listItems(scanner, items, tableName, `${tableName}, `)) yield { ...item, isTyped: true };
}

function* listItems(
  scanner: JsonScanner,
  list: JsonRange,
  tableName: string | undefined,
  listName: string,
): Generator<ItemFound> {
  let index = 0;
  for (const range of scanner.elements(list.start)) {
    yield { kind: 'item', tableName, range, place: { list: listName, index: index++ } };
  }
}

/** Returns the value of `Item`, beside which only `ConsumedCapacity` is possible. */
function unwrap(scanner: JsonScanner, outer: JsonRange): { range: JsonRange; isTyped: true } {
  const members = scanner.isObject(outer) ? [...scanner.members(outer.start)] : [];
  const item = members.find((member) => member.name === 'Item');
  const other = members.find(({ name }) => name !== 'Item' && name !== 'ConsumedCapacity');
  if (item !== undefined && other === undefined) return { range: item, isTyped: true };
  const names = members.map((member) => JSON.stringify(member.name)).join(', ');
  throw new ItemFileError(
    `line ${scanner.line(outer.start)}: expected an object with "Item" only, like the first one of the file. It has ${names || 'no members'}`,
  );
}

/** A page of scan output. */
export interface PageCounts {
  itemCount: number;
  /** The value of `Count`. */
  count: number;
  /** Whether the page says that others follow. */
  hasToken: boolean;
}

/**
 * Returns whether the pages are a part of a scan.
 *
 * The AWS CLI truncates Items for `--max-items` and `--starting-token`, but not Count. So only all parts together can
 * have as many items as Count says.
 *
 * @throws ItemFileError if a page has more items than it says.
 */
export function isPartOfScan(pages: readonly PageCounts[]): boolean {
  const last = pages.at(-1);
  if (last === undefined) return false;
  for (const { itemCount, count } of pages) {
    if (itemCount <= count) continue;
    throw new ItemFileError(
      `Count is ${count}, but Items has ${itemCount} ${itemCount === 1 ? 'item' : 'items'}. Export the table again, or correct Count`,
    );
  }
  const total = pages.reduce((sum, { itemCount }) => sum + itemCount, 0);
  return last.hasToken || pages.some(({ itemCount, count }) => itemCount < count && total < count);
}
