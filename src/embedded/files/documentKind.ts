/** Recognizes the kind of a JSON document by the members of its first object. No I/O. */
import { ItemFileError } from './itemFileError';
import type { JsonMember, JsonRange, JsonScanner } from './jsonScanner';

/** Where the items of a document are. */
export type DocumentKind =
  /** The object is an item, and so are those that follow. */
  | { kind: 'item' }
  /** The object contains one item in its member `Item`, and so do those that follow: an export to S3. */
  | { kind: 'wrapped' }
  /** The output of scan or query: `Items`, and members about the page. */
  | { kind: 'page'; items: JsonMember; count: number | undefined; isPartial: boolean }
  /** Lists of items by the name of their table, and the members that are not such lists. */
  | { kind: 'tables'; tables: readonly JsonMember[]; others: readonly string[] }
  /** The output of describe-table. */
  | { kind: 'description'; table: JsonMember }
  /** A model of NoSQL Workbench. */
  | { kind: 'workbench'; model: JsonMember };

/** How to use documents about items that are not items. */
const OTHER_DOCUMENTS: readonly [members: readonly string[], fix: string][] = [
  [
    ['manifestFilesS3Key'],
    'this is the manifest of an export to S3. Name the folder that contains it, with the data files',
  ],
  [
    ['dataFileS3Key'],
    'this is the list of files of an export to S3. Name the folder that contains it, with the data files',
  ],
  [
    ['Metadata', 'Keys'],
    'this is an incremental export, which contains only the changes of a table. Make a full export',
  ],
  [
    ['Count', 'ScannedCount'],
    'this output of scan or query has no Items. Run the command without --select COUNT',
  ],
];

/**
 * Returns the kind of the document whose first object has these members.
 *
 * @param key name of the hash key. An object that has it is an item, whatever else it has.
 * @throws ItemFileError if the document is known but has no items.
 */
export function documentKind(
  scanner: JsonScanner,
  members: readonly JsonMember[],
  key: string,
): DocumentKind {
  const named = (name: string) => members.find((member) => member.name === name);
  const [items, table, model] = [named('Items'), named('Table'), named('DataModel')];
  if (named(key) !== undefined) return { kind: 'item' };
  if (items !== undefined && scanner.isArray(items)) return pageKind(scanner, items, named);
  if (isWrapped(scanner, members)) return { kind: 'wrapped' };
  if (table !== undefined && scanner.isObject(table)) return { kind: 'description', table };
  if (model !== undefined && scanner.isArray(model)) return { kind: 'workbench', model };
  const [, fix] = OTHER_DOCUMENTS.find(([names]) => names.every((name) => named(name) !== undefined)) ?? [];
  if (fix !== undefined) throw new ItemFileError(fix);
  const container = named('RequestItems') ?? named('Responses');
  const inner =
    container !== undefined && scanner.isObject(container) ? [...scanner.members(container.start)] : members;
  const tables = inner.filter((member) => isItemList(scanner, member));
  const hasItems = tables.some((member) => firstElement(scanner, member) !== undefined);
  const isByTable = hasItems && inner.every((member) => !isScalar(scanner, member));
  if (!isByTable) return { kind: 'item' };
  return {
    kind: 'tables',
    tables,
    others: inner.filter((one) => !tables.includes(one)).map(({ name }) => name),
  };
}

function pageKind(
  scanner: JsonScanner,
  items: JsonMember,
  named: (name: string) => JsonMember | undefined,
): DocumentKind {
  const [count, token, lastKey] = [named('Count'), named('NextToken'), named('LastEvaluatedKey')];
  const isGiven = (member: JsonMember | undefined) =>
    member !== undefined && !['null', '""', '{}'].includes(scanner.text(member));
  return {
    kind: 'page',
    items,
    count: count === undefined ? undefined : Number(scanner.text(count)),
    isPartial: isGiven(token) || isGiven(lastKey),
  };
}

/** The output of get-item has a second member. */
function isWrapped(scanner: JsonScanner, members: readonly JsonMember[]): boolean {
  const item = members.find(({ name }) => name === 'Item');
  const others = members.filter(({ name }) => name !== 'Item' && name !== 'ConsumedCapacity');
  return item !== undefined && scanner.isObject(item) && others.length === 0;
}

/** A list whose first element is an object, or an empty list. */
function isItemList(scanner: JsonScanner, member: JsonMember): boolean {
  if (!scanner.isArray(member)) return false;
  const first = firstElement(scanner, member);
  return first === undefined || scanner.isObject(first);
}

function firstElement(scanner: JsonScanner, list: JsonRange): JsonRange | undefined {
  const [first] = scanner.elements(list.start);
  return first;
}

function isScalar(scanner: JsonScanner, member: JsonMember): boolean {
  return !scanner.isArray(member) && !scanner.isObject(member);
}
