/** Reads the items and the counts of a response in JSON or typed JSON, without knowing the table. No I/O. */
import { NotExaminedError } from './case';
import { canonical, isObject, stringify, tryParse } from './exactJson';
import { excerpt } from './excerpt';
import { headerOf, textOf, type Response } from './http';
import { plainOf } from './typedValue';

/** A value from `parseExactly`. */
type ExactObject = Record<string, unknown>;

export interface Page {
  /** Plain items, comparable across formats. */
  items: readonly ExactObject[];
  /** The items as received: plain or typed. */
  received: readonly ExactObject[];
  scannedCount: number;
  lastEvaluatedKey: ExactObject | undefined;
  nextToken: string | undefined;
}

/**
 * Checks that a response is a page: items, counts that agree with them, and where to continue. Returns one clause per
 * violation.
 *
 * @param limit the most items that the request evaluates.
 */
export function checkPage(response: Response, limit = Infinity): string[] {
  const text = textOf(response);
  const json = tryParse(text);
  if (!isObject(json)) {
    return [
      `expected a JSON object with the items, received ${json === undefined ? '' : 'other JSON: '}${excerpt(text)}`,
    ];
  }
  const { $Items, $Count, $ScannedCount, $LastEvaluatedKey, $NextToken } = json;
  if (!Array.isArray($Items) || !$Items.every(isObject)) {
    return [`expected Items to be an array of objects, received ${excerpt(stringify($Items ?? null))}`];
  }
  const isNumber = (value: unknown): value is string => typeof value === 'string' && /^\d+$/.test(value);
  const shown = (value: unknown) => (value === undefined ? 'none' : excerpt(stringify(value)));
  const count = isNumber($Count) ? Number($Count) : undefined;
  const scanned = isNumber($ScannedCount) ? Number($ScannedCount) : undefined;
  return [
    ...(count === $Items.length
      ? []
      : [`expected Count to be the number of items, ${$Items.length}, received ${shown($Count)}`]),
    ...(scanned !== undefined && scanned >= $Items.length
      ? []
      : [
          `expected ScannedCount to be at least the number of items, ${$Items.length}, received ${shown($ScannedCount)}`,
        ]),
    ...($Items.length > limit || (scanned ?? 0) > limit
      ? [
          `expected at most as many items as the limit of ${limit}, received ${$Items.length} items and ScannedCount ${shown($ScannedCount)}`,
        ]
      : []),
    ...($LastEvaluatedKey === undefined ||
    (isObject($LastEvaluatedKey) && Object.keys($LastEvaluatedKey).length > 0)
      ? []
      : [`expected LastEvaluatedKey to be a key or absent, received ${shown($LastEvaluatedKey)}`]),
    ...($NextToken === undefined ||
    (typeof $NextToken === 'string' && $NextToken.length > 1 && $NextToken.startsWith('$'))
      ? []
      : [`expected NextToken to be a string or absent, received ${shown($NextToken)}`]),
    ...(isTyped(response) ? checkTyped($Items) : []),
  ];
}

function checkTyped(items: readonly ExactObject[]): string[] {
  const untyped = items.find((item) => toPlain(item) === undefined);
  return untyped === undefined
    ? []
    : [`expected every attribute in DynamoDB's typed form, received ${excerpt(stringify(untyped))}`];
}

/** Reads a page that `checkPage` accepts. An earlier response of a case is there, because its step passed. */
export function readPage(response: Response | undefined): Page {
  if (response === undefined) throw new Error('the case has no such response');
  const json = tryParse(textOf(response)) as ExactObject;
  const received = json.$Items as ExactObject[];
  return {
    items: isTyped(response) ? received.map((item) => toPlain(item) ?? {}) : received,
    received,
    scannedCount: Number(json.$ScannedCount),
    lastEvaluatedKey: json.$LastEvaluatedKey as ExactObject | undefined,
    nextToken: typeof json.$NextToken === 'string' ? json.$NextToken.slice(1) : undefined,
  };
}

function isTyped(response: Response): boolean {
  return /^application\/x-amz-json-1\.0\b/i.test(headerOf(response, 'Content-Type') ?? '');
}

function toPlain(item: ExactObject): ExactObject | undefined {
  const attributes = Object.entries(item).map(([name, value]) => [name, plainOf(value)] as const);
  return attributes.some(([, value]) => value === undefined) ? undefined : Object.fromEntries(attributes);
}

/**
 * Compares items in order. Returns a clause if they differ.
 *
 * @param description names the received items.
 */
export function compareItems(
  description: string,
  expected: readonly ExactObject[],
  received: readonly ExactObject[],
): string[] {
  const [left, right] = [expected.map(canonical), received.map(canonical)];
  const at = left.findIndex((item, index) => item !== right[index]);
  if (at === -1 && left.length === right.length) return [];
  if (at === -1 || at >= right.length)
    return [`expected ${left.length} items ${description}, received ${right.length}`];
  return [
    `expected item ${at + 1} ${description} to be ${excerpt(stringify(expected[at]))}, received ${excerpt(stringify(received[at]))}`,
  ];
}

/**
 * Compares the first and the last page of a case, which come from the same request. Returns the page.
 *
 * @throws NotExaminedError if the table has changed in the meantime, or has no items to compare.
 */
export function requireSameItems(before: Page, after: Page): Page {
  if (before.items.length === 0)
    throw new NotExaminedError('the table, or the part that they read, has no items');
  if (compareItems('', before.items, after.items).length > 0) {
    throw new NotExaminedError('the table changed while they ran');
  }
  return after;
}
