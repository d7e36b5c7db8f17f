/** What one answer to Scan holds, read from its bytes. No I/O, and no AWS SDK. */
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './answer';
import type { Key } from './key';
import { outlineOf } from './outline';
import { Sending } from './sending';
import { MalformedAnswerError, type ItemForm } from './transcoder/transcoder';

export interface Page {
  /**
   * Writes the records in the form asked for, once; nothing where there are none. They last until those
   * of the scan's next page are written, see Sending.
   *
   * @throws MalformedAnswerError
   */
  items: () => Buffer;
  /** Records that the page has, after any filter. */
  count: number;
  /** Records that DynamoDB evaluated, before any filter. */
  scannedCount: number;
  /** Read capacity units, where DynamoDB was asked for them. */
  capacityUnits: number | undefined;
  /** Where the next page begins; undefined on the last one, and on no other. */
  lastEvaluatedKey: Key | undefined;
  /** Whether fewer records were evaluated than asked for, to keep within a read budget. */
  isShortened?: boolean;
  /**
   * The page cut after so many of its records, `lastEvaluatedKey` being the last one's. Undefined
   * where that is not known: nothing says which attributes are the key, or a projection hides them. Not for
   * a page whose records have been written.
   */
  first: (count: number) => Page | undefined;
}

export interface PageOptions {
  form: ItemForm;
  /** Of the scan that the page belongs to. */
  sending?: Sending;
}

interface PageRequest extends PageOptions {
  countOnly: boolean;
  startKey: Key | undefined;
}

interface Rest {
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Key;
  ConsumedCapacity?: { CapacityUnits?: number };
}

/**
 * Reads the body of a successful answer: at first only what is said of the records, so that the next
 * page can be asked for while these are written.
 *
 * @throws MalformedAnswerError
 */
export function readPage(answer: Answer, request: PageRequest): Page {
  const { form, countOnly, sending = new Sending() } = request;
  const { bytes } = answer;
  const outline = outlineOf(bytes);
  // An answer without Items has nothing to be written, and any other order is read at once.
  const now = outline === undefined ? answer.transcode({ ...form, countOnly }) : undefined;
  const said = parseRest(outline ?? now?.rest ?? '');
  const page: Page = {
    items: () => {
      if (now !== undefined) return sending.take(now.items, answer);
      const { items, rest } = answer.transcode({ ...form, countOnly });
      if (!isDeepStrictEqual(parseRest(rest), said)) {
        throw new MalformedAnswerError('the answer has more than one array');
      }
      return sending.take(items, answer);
    },
    count: said.Count,
    scannedCount: said.ScannedCount,
    capacityUnits: said.ConsumedCapacity?.CapacityUnits,
    lastEvaluatedKey: said.LastEvaluatedKey,
    first: (count) => cut(page, answer, { ...request, sending }, count),
  };
  return page;
}

function cut(
  page: Page,
  answer: Answer,
  { form, startKey, sending }: PageRequest & { sending: Sending },
  count: number,
): Page | undefined {
  const keyNames = Object.keys(page.lastEvaluatedKey ?? startKey ?? {});
  const key = keyOf(answer.bytes, count - 1, keyNames);
  if (key === undefined) return undefined;
  const items = () => sending.take(answer.transcode({ ...form, atMost: count }).items, answer);
  return { ...page, items, count, lastEvaluatedKey: key };
}

function parseRest(json: string): Rest {
  const rest = JSON.parse(json) as Rest;
  if (!Number.isInteger(rest.Count) || !Number.isInteger(rest.ScannedCount)) {
    throw new MalformedAnswerError('the answer lacks its Count or ScannedCount');
  }
  const names = rest.LastEvaluatedKey === undefined ? undefined : Object.keys(rest.LastEvaluatedKey);
  // The SDK loses an attribute named __proto__; without its key the scan would start again.
  if (names?.length === 0 || names?.includes('__proto__')) {
    throw new MalformedAnswerError('the answer has a LastEvaluatedKey that cannot be sent back');
  }
  return rest;
}

function keyOf(answer: Buffer, index: number, names: readonly string[]): Key | undefined {
  const { Items } = JSON.parse(answer.toString()) as { Items: Key[] };
  const item = Items[index] ?? {};
  const entries = names.map((name) => [name, Object.hasOwn(item, name) ? item[name] : undefined] as const);
  const isWhole = entries.length > 0 && entries.every(([, value]) => value !== undefined);
  return isWhole ? (Object.fromEntries(entries) as Key) : undefined;
}
