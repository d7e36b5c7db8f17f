/** The options of a scan, and their translation to the parameters of a request. No I/O. */
import { filterExpression, operatorTerm, type Filter, type Operators } from './filter';
import { isPlainObject, type Operand } from './operand';
import { Placeholders } from './placeholders';

/** How far a scan is. */
export interface Progress {
  /** Number of items so far. */
  items: number;
  /** DynamoDB's estimate of the number of items before any filter; undefined if unknown. */
  estimate: number | undefined;
  /** Number of items that DynamoDB has evaluated so far, before any filter; undefined if the server hides it. */
  scanned: number | undefined;
  /** Read capacity units consumed so far; undefined if the server hides them. */
  readUnits: number | undefined;
}

/** The complete primary key of one item. */
export type ItemKey<Item> = { readonly [Name in keyof Item]?: Operand<Exclude<Item[Name], undefined>> };

/** The partition key, and optionally a condition on the sort key. */
export type QueryKey<Item> = {
  readonly [Name in keyof Item]?:
    | Operand<Exclude<Item[Name], undefined>>
    | Pick<
        Operators<Exclude<Item[Name], undefined>>,
        'eq' | 'lt' | 'le' | 'gt' | 'ge' | 'between' | 'beginsWith'
      >;
};

/** What to read, and how. */
export interface ReadOptions<Item, Name extends keyof Item & string = keyof Item & string> {
  /** Returns only items that match. DynamoDB charges for all evaluated items. */
  filter?: Filter<Item>;
  /** Returns only these attributes. */
  select?: readonly Name[];
  /** Reads one partition instead of the whole table. Items come in the order of the sort key. */
  key?: QueryKey<Item>;
  /** Reads a secondary index. */
  indexName?: string;
  /** Descending order of the sort key. Needs `key`. */
  descending?: boolean;
  /** Strongly consistent reads, at twice the cost. */
  consistentRead?: boolean;
  /** Read capacity units that the scan may consume per second. */
  readUnitsPerSecond?: number;
  /** Maximum number of items. */
  maxItems?: number;
  /** Where to continue: the `nextToken` of a page or of a ScanError, with the same other options. */
  startingToken?: string;
  /** Called after each page, before its items are returned. */
  onProgress?: (progress: Progress) => void;
  /** Aborts the scan, which then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** As ReadOptions, with the key of one partition. */
export interface QueryOptions<
  Item,
  Name extends keyof Item & string = keyof Item & string,
> extends ReadOptions<Item, Name> {
  key: QueryKey<Item>;
}

/** As ReadOptions, with the size of the pages. */
export interface PageOptions<
  Item,
  Name extends keyof Item & string = keyof Item & string,
> extends ReadOptions<Item, Name> {
  /** Number of matching items per page. */
  pageSize?: number;
}

/** What to count. */
export type CountOptions<Item> = Omit<ReadOptions<Item>, 'select' | 'maxItems' | 'descending'>;

/** ReadOptions of any item. */
export interface UntypedOptions extends Omit<ReadOptions<object>, 'filter' | 'key' | 'select'> {
  filter?: unknown;
  key?: unknown;
  select?: readonly string[];
}

/** Parameters of POST /scanRecords that say what to read. */
export interface ScanParameters {
  KeyConditionExpression?: string | undefined;
  FilterExpression?: string | undefined;
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, unknown>;
  IndexName?: string | undefined;
  ScanIndexForward?: boolean | undefined;
  ConsistentRead?: boolean | undefined;
  ReadUnitsPerSecond?: number | undefined;
}

/**
 * Translates options to parameters of POST /scanRecords, for a request that is not sent by the client, such as a download.
 * `TableName` is not one of them.
 *
 * @throws TypeError if an option is not valid.
 */
export const scanParameters: <Item extends object = Record<string, unknown>>(
  options: Omit<ReadOptions<Item>, 'maxItems' | 'startingToken' | 'onProgress' | 'signal'>,
) => ScanParameters = queryParameters;

/** As `scanParameters`, without types. */
export function queryParameters(options: UntypedOptions): ScanParameters {
  const placeholders = new Placeholders();
  const { filter, select, key, indexName, descending, consistentRead, readUnitsPerSecond } = options;
  if (select?.length === 0) throw new TypeError('select must name at least one attribute');
  const expressions = {
    KeyConditionExpression: key === undefined ? undefined : keyExpression(key, placeholders),
    FilterExpression: filter === undefined ? undefined : filterExpression(filter, placeholders),
    ProjectionExpression: select?.map((name) => placeholders.name(name)).join(', '),
  };
  // JSON.stringify omits what is undefined.
  return {
    ...expressions,
    ...placeholders.parameters(),
    IndexName: indexName,
    ScanIndexForward: descending === true ? false : undefined,
    ConsistentRead: consistentRead,
    ReadUnitsPerSecond: readUnitsPerSecond,
  };
}

const KEY_OPERATORS = ['eq', 'lt', 'le', 'gt', 'ge', 'between', 'beginsWith'];

function keyExpression(key: unknown, placeholders: Placeholders): string {
  const entries = isPlainObject(key) ? Object.entries(key) : [];
  if (entries.length === 0) throw new TypeError('key must have at least the partition key');
  const terms = entries.map(([name, condition]) => {
    const [[operator, operand] = ['', undefined], ...others] = isPlainObject(condition)
      ? Object.entries(condition)
      : [['eq', condition] as const];
    const label = `key.${name}`;
    if (!KEY_OPERATORS.includes(operator) || others.length > 0) {
      throw new TypeError(`${label} must be a value, or one of the operators ${KEY_OPERATORS.join(', ')}`);
    }
    return operatorTerm(operator, operand, { path: placeholders.name(name), label }, placeholders);
  });
  return terms.join(' AND ');
}
