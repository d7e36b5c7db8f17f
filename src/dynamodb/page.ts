/** One page of a Scan or Query: the counts and keys of a response, and its items on demand. No I/O, and no AWS SDK. */
import { isDeepStrictEqual } from 'node:util';
import type { Key } from './key';
import type { ResponseBody } from './responseBody';
import { MalformedResponseError, PLAIN_JSON, type ItemForm } from './transcoder/transcoder';

/** One result page. */
export interface Page {
  /**
   * Encodes the items, once; the result is empty if there are none. It is valid until `release`.
   *
   * @throws MalformedResponseError
   */
  encodeItems: (form: ItemForm) => Buffer;
  /** Frees the memory of the page. The writer calls it once the encoded items were sent. */
  release: () => void;
  /** Number of items, after any filter. */
  count: number;
  /** Number of items that DynamoDB evaluated, before any filter. */
  scannedCount: number;
  /** Consumed read capacity units, if they were requested. */
  capacityUnits: number | undefined;
  /** Where the next page begins; undefined only on the last page. */
  lastEvaluatedKey: Key | undefined;
  /** Whether fewer items were evaluated than requested, to stay within a read-rate limit. */
  isShortened?: boolean;
  /**
   * Truncates the page to its first `count` items; `lastEvaluatedKey` is then the key of the last of
   * them. Returns undefined if that key cannot be determined: the request has no key that names the key attributes,
   * or the items do not contain them. Callers must not encode the original page afterwards.
   */
  truncate: (count: number) => Page | undefined;
}

/** The request that a page responds to. */
interface PageRequest {
  countOnly: boolean;
  startKey: Key | undefined;
}

/** Everything in a response except the items. */
interface Summary {
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Key;
  ConsumedCapacity?: { CapacityUnits?: number };
}

/** Smaller results are copied, so that the memory of the response can be reused at once. */
const MIN_SHARED_BYTES = 128 * 1024;

/**
 * Reads the body of a successful response. It reads only the summary at first, so that the next page can
 * be requested while the items of this one are encoded.
 *
 * @throws MalformedResponseError
 */
export function readPage(body: ResponseBody, request: PageRequest): Page {
  const { countOnly } = request;
  const outline = outlineOf(body.bytes);
  // A response without Items, or one that DynamoDB itself would not write, is transcoded to find its summary.
  const summary = parseSummary(outline ?? body.transcode({ ...PLAIN_JSON, countOnly }).rest);
  const page: Page = {
    encodeItems: (form) => {
      const { items, rest } = body.transcode({ ...form, countOnly });
      if (outline !== undefined && !isDeepStrictEqual(parseSummary(rest), summary)) {
        throw new MalformedResponseError('the response has more than one array');
      }
      return keepOrCopy(items, body);
    },
    release: body.release,
    count: summary.Count,
    scannedCount: summary.ScannedCount,
    capacityUnits: summary.ConsumedCapacity?.CapacityUnits,
    lastEvaluatedKey: summary.LastEvaluatedKey,
    truncate: (count) => truncate(page, body, request, count),
  };
  return page;
}

/**
 * A large result stays in the memory of the response. It exceeds the stream's high-water mark, so the writer resumes,
 * and releases the page, only after the result was sent.
 */
function keepOrCopy(items: Buffer, body: ResponseBody): Buffer {
  if (items.byteLength >= MIN_SHARED_BYTES) return items;
  const copy = Buffer.from(items);
  body.release();
  return copy;
}

function truncate(
  page: Page,
  body: ResponseBody,
  { startKey }: PageRequest,
  count: number,
): Page | undefined {
  const keyNames = Object.keys(page.lastEvaluatedKey ?? startKey ?? {});
  const key = keyOfItem(body.bytes, count - 1, keyNames);
  if (key === undefined) return undefined;
  const encodeItems = (form: ItemForm) => keepOrCopy(body.transcode({ ...form, atMost: count }).items, body);
  return { ...page, encodeItems, count, lastEvaluatedKey: key };
}

/**
 * Removes the items quickly, on the assumption that `Items` is the only array: the text between the first `[` and the
 * last `]`. `encodeItems` verifies this, because it compares the summary with that of the transcoder.
 *
 * @returns JSON with an empty array for the items; undefined if the response is not written as DynamoDB does.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#API_Scan_ResponseSyntax
 */
function outlineOf(response: Buffer): string | undefined {
  const open = response.indexOf('[');
  const close = response.lastIndexOf(']');
  if (open === -1 || close < open) return undefined;
  const outline = `${response.toString('utf8', 0, open)}[]${response.toString('utf8', close + 1)}`;
  try {
    const { Items } = JSON.parse(outline) as { Items?: unknown };
    return Array.isArray(Items) ? outline : undefined;
  } catch {
    return undefined;
  }
}

function parseSummary(json: string): Summary {
  const summary = JSON.parse(json) as Summary;
  if (!Number.isInteger(summary.Count) || !Number.isInteger(summary.ScannedCount)) {
    throw new MalformedResponseError('the response lacks Count or ScannedCount');
  }
  const names = summary.LastEvaluatedKey === undefined ? undefined : Object.keys(summary.LastEvaluatedKey);
  // The SDK drops an attribute named __proto__. Without its key the scan would start again.
  if (names?.length === 0 || names?.includes('__proto__')) {
    throw new MalformedResponseError('the response has a LastEvaluatedKey that cannot be sent back');
  }
  return summary;
}

function itemsOf(response: Buffer): Key[] {
  let Items: unknown;
  try {
    ({ Items } = JSON.parse(response.toString()) as { Items?: unknown });
  } catch (cause) {
    throw new MalformedResponseError('the response is not valid JSON', { cause });
  }
  if (!Array.isArray(Items)) throw new MalformedResponseError('the response has no Items');
  return Items as Key[];
}

function keyOfItem(response: Buffer, index: number, names: readonly string[]): Key | undefined {
  const item = itemsOf(response)[index] ?? {};
  const entries = names.map((name) => [name, Object.hasOwn(item, name) ? item[name] : undefined] as const);
  const isComplete = entries.length > 0 && entries.every(([, value]) => value !== undefined);
  return isComplete ? (Object.fromEntries(entries) as Key) : undefined;
}
