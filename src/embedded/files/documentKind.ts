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
  | {
      kind: 'page';
      items: JsonMember;
      count: number | undefined;
      hasToken: boolean;
      others: readonly string[];
    }
  /** The output of transact-get-items. */
  | { kind: 'responses'; list: JsonMember }
  /** Lists of items by the name of their table, and the members that are not such lists. */
  | { kind: 'tables'; tables: readonly JsonMember[]; others: readonly string[] }
  /** The output of describe-table. */
  | { kind: 'description'; table: JsonRange }
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
    ['TableNames'],
    'this is the output of list-tables. Name a file with items, for example the output of aws dynamodb scan',
  ],
  [
    ['Count', 'ScannedCount'],
    'this output of scan or query has no Items. Run the command without --select COUNT',
  ],
];

/** The members of scan output beside Items, and of batch-get-item beside Responses. */
const PAGE_MEMBERS = ['Count', 'ScannedCount', 'ConsumedCapacity', 'NextToken', 'LastEvaluatedKey'];
const BATCH_MEMBERS = ['UnprocessedKeys', 'UnprocessedItems', 'ConsumedCapacity'];

/**
 * Returns the kind of a document.
 *
 * @param key name of the hash key. An object that has it is an item, whatever else it has.
 * @throws ItemFileError if the document is known but has no items, or has two members of one name.
 */
export function documentKind(
  scanner: JsonScanner,
  root: JsonRange,
  members: readonly JsonMember[],
  key: string,
): DocumentKind {
  const named = (name: string) => members.find((member) => member.name === name);
  if (named(key) !== undefined) return { kind: 'item' };
  checkNames(members);
  const page = pageKind(scanner, members, named);
  if (page !== undefined) return page;
  if (isWrapped(scanner, members)) return { kind: 'wrapped' };
  const [table, model] = [named('Table'), named('DataModel')];
  if (table !== undefined && scanner.isObject(table) && isDescription(scanner, table)) {
    return { kind: 'description', table };
  }
  if (isDescription(scanner, root)) return { kind: 'description', table: root };
  if (model !== undefined && scanner.isArray(model)) return { kind: 'workbench', model };
  const [, fix] = OTHER_DOCUMENTS.find(([names]) => names.every((name) => named(name) !== undefined)) ?? [];
  if (fix !== undefined) throw new ItemFileError(fix);
  const batch = named('RequestItems') ?? named('Responses');
  const isBatch = members.every((member) => member === batch || BATCH_MEMBERS.includes(member.name));
  if (batch === undefined || !isBatch) return tablesKind(scanner, members);
  if (scanner.isArray(batch)) return { kind: 'responses', list: batch };
  const kind = tablesKind(scanner, [...scanner.members(batch.start)]);
  const rest = members.filter(
    ({ name, ...range }) => name.startsWith('Unprocessed') && scanner.text(range) !== '{}',
  );
  return kind.kind === 'tables'
    ? { ...kind, others: [...kind.others, ...rest.map(({ name }) => name)] }
    : kind;
}

/** Lists of items by the name of their table. Names that begin with `$` are about the document. */
function tablesKind(scanner: JsonScanner, members: readonly JsonMember[]): DocumentKind {
  const tables = members.filter((member) => isItemList(scanner, member));
  const hasItems = tables.some((member) => firstElement(scanner, member) !== undefined);
  const others = members.filter((member) => !tables.includes(member) && !member.name.startsWith('$'));
  if (!hasItems || others.some((member) => isScalar(scanner, member))) return { kind: 'item' };
  return { kind: 'tables', tables, others: others.map(({ name }) => name) };
}

function pageKind(
  scanner: JsonScanner,
  members: readonly JsonMember[],
  named: (name: string) => JsonMember | undefined,
): DocumentKind | undefined {
  const items = named('Items');
  const others = members.filter((member) => member !== items && !PAGE_MEMBERS.includes(member.name));
  if (items === undefined || !scanner.isArray(items)) return undefined;
  // Then Items is the name of a table.
  if (others.some((member) => isItemList(scanner, member))) return undefined;
  const text = (name: string) => {
    const member = named(name);
    return member === undefined ? 'null' : scanner.text(member);
  };
  const count = text('Count');
  return {
    kind: 'page',
    items,
    count: /^\d+$/.test(count) ? Number(count) : undefined,
    hasToken: ['NextToken', 'LastEvaluatedKey'].some((name) => !['null', '""', '{}'].includes(text(name))),
    others: others.map(({ name }) => name),
  };
}

/** A table description has at least the schema of the key. */
function isDescription(scanner: JsonScanner, value: JsonRange): boolean {
  const names = [...scanner.members(value.start)].map(({ name }) => name);
  return (
    names.includes('KeySchema') && (names.includes('TableName') || names.includes('AttributeDefinitions'))
  );
}

function checkNames(members: readonly JsonMember[]): void {
  const names = members.map(({ name }) => name);
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated === undefined) return;
  throw new ItemFileError(
    `the name ${JSON.stringify(repeated)} occurs twice in one object. Remove one of them`,
  );
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
