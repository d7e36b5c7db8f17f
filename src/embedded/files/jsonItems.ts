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
  /** The items are one part of a longer scan. */
  | { kind: 'partial' }
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
  const pages: PageCounts[] = [];
  for (const root of scanner.roots()) {
    if (scanner.isArray(root) && kind === undefined) {
      yield* listItems(scanner, root, undefined, '');
      continue;
    }
    if (kind?.kind !== 'item' && kind?.kind !== 'wrapped' && scanner.isObject(root)) {
      kind = documentKind(scanner, [...scanner.members(root.start)], keyOf(undefined));
    }
    if (kind?.kind === 'page') {
      const list = pages.length === 0 ? '' : `page ${pages.length + 1}, `;
      let itemCount = 0;
      for (const item of listItems(scanner, kind.items, undefined, list)) {
        itemCount++;
        yield item;
      }
      pages.push({ itemCount, count: kind.count ?? itemCount, isPartial: kind.isPartial });
    } else yield* documentItems(scanner, root, kind ?? { kind: 'item' }, keyOf);
  }
  if (isPartial(pages)) yield { kind: 'partial' };
}

function* documentItems(
  scanner: JsonScanner,
  root: JsonRange,
  kind: Exclude<DocumentKind, { kind: 'page' }>,
  keyOf: (tableName: string | undefined) => string,
): Generator<Found> {
  switch (kind.kind) {
    case 'item':
      yield { kind: 'item', tableName: undefined, range: root, place: undefined };
      return;
    case 'wrapped':
      yield { kind: 'item', tableName: undefined, ...unwrap(scanner, root, 'Item'), place: undefined };
      return;
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
      for (const name of kind.others) {
        yield {
          kind: 'ignored',
          warning: `${JSON.stringify(name)} is not a list of items and is not served`,
        };
      }
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
    const isRequest = member?.name === PUT_REQUEST && key !== PUT_REQUEST && second === undefined;
    yield isRequest ? { ...item, ...unwrap(scanner, member, 'Item') } : item;
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

function unwrap(scanner: JsonScanner, outer: JsonRange, name: string): { range: JsonRange; isTyped: true } {
  const members = scanner.isObject(outer) ? [...scanner.members(outer.start)] : [];
  const item = members.find((member) => member.name === name);
  if (item !== undefined) return { range: item, isTyped: true };
  const names = members.map((member) => JSON.stringify(member.name)).join(', ');
  throw new ItemFileError(
    `line ${scanner.line(outer.start)}: the object has no ${JSON.stringify(name)}, but the first object of the file has one. It has ${names || 'no members'}`,
  );
}

interface PageCounts {
  itemCount: number;
  /** The value of `Count`. */
  count: number;
  isPartial: boolean;
}

/**
 * Returns whether the pages are a part of a scan.
 *
 * The AWS CLI truncates Items for `--max-items` and `--starting-token`, but not Count. So only all parts together can
 * have as many items as Count says.
 */
function isPartial(pages: readonly PageCounts[]): boolean {
  const last = pages.at(-1);
  if (last === undefined) return false;
  for (const { itemCount, count } of pages) {
    if (itemCount <= count) continue;
    throw new ItemFileError(
      `Count is ${count}, but Items has ${itemCount} ${itemCount === 1 ? 'item' : 'items'}. Export the table again, or correct Count`,
    );
  }
  const total = pages.reduce((sum, { itemCount }) => sum + itemCount, 0);
  return last.isPartial || pages.some(({ itemCount, count }) => itemCount < count && total < count);
}
