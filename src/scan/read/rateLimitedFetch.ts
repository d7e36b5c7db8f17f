/** Keeps the requests of scans within read-rate limits. */
import { DynamodbError } from '../../dynamodb/dynamodbError';
import type { ScanRequest } from '../request/parse';
import { PageSizes } from './pageSizes';
import { ReadRateLimiter } from './readRateLimiter';
import type { FetchPage } from './scan';

/** Target cost of a request, in seconds of the rate: small, for a smooth rate. */
const MIN_REQUEST_SECONDS = 1 / 8;

/** Maximum cost of a request, in seconds of the rate, so that two requests fit into the window of the limiter. */
const MAX_REQUEST_SECONDS = 1 / 2;

/** How much longer than the last request the next one may take. */
const LATENCY_MARGIN = 1.5;

/** Limits the requests of one scan to its own rate and to the rate of the process. */
export type LimitReadRate = (
  fetchPage: FetchPage,
  scan: { TableName: string } & Pick<
    ScanRequest,
    'IndexName' | 'ConsistentRead' | 'KeyConditionExpression' | 'ReadUnitsPerSecond'
  >,
) => FetchPage;

/**
 * Creates the read-rate limits of a process.
 *
 * @param unitsPerSecond read capacity units per second of all scans together; undefined means no limit.
 */
export function createReadRateLimits(unitsPerSecond: number | undefined): LimitReadRate {
  const shared = unitsPerSecond === undefined ? [] : [new ReadRateLimiter(unitsPerSecond)];
  // A scan learns the size of a table's items for the next scan. Sizes in an index or a partition are learned anew each time.
  const learned = new Map<string, PageSizes>();

  return (
    fetchPage,
    { TableName, IndexName, ConsistentRead = false, KeyConditionExpression, ReadUnitsPerSecond },
  ) => {
    const limiters =
      ReadUnitsPerSecond === undefined ? shared : [new ReadRateLimiter(ReadUnitsPerSecond), ...shared];
    if (limiters.length === 0) return fetchPage;
    const name = `${TableName} ${ConsistentRead}`;
    const isWholeTable = (IndexName ?? KeyConditionExpression) === undefined;
    const sizes = (isWholeTable ? learned.get(name) : undefined) ?? new PageSizes(ConsistentRead);
    if (isWholeTable) learned.set(name, sizes);
    return limitedFetch(fetchPage, limiters, sizes);
  };
}

/** Makes each request wait for its turn in every limiter, and be no larger than they can afford. */
function limitedFetch(
  fetchPage: FetchPage,
  limiters: readonly ReadRateLimiter[],
  sizes: PageSizes,
): FetchPage {
  const rate = Math.min(...limiters.map(({ unitsPerSecond }) => unitsPerSecond));
  let latencySeconds = 0;

  return async (call, signal) => {
    const { limit = Infinity } = call;
    // The requests of a segment follow one another, so a request must cost at least what the rate allows while it runs.
    const seconds = () =>
      Math.min(MAX_REQUEST_SECONDS, Math.max(MIN_REQUEST_SECONDS, latencySeconds * LATENCY_MARGIN));
    const size = () => sizes.next(rate * seconds(), limit);
    const settlements: ((units: number) => void)[] = [];
    let consumed = 0;
    try {
      for (const limiter of limiters) settlements.push(await limiter.admit(() => size().units, signal));
      signal.throwIfAborted();
      const { items, units } = size();
      consumed = units;
      const startedAt = performance.now();
      const page = await fetchPage({ ...call, limit: items, needsCapacity: true }, signal);
      latencySeconds = (performance.now() - startedAt) / 1000;
      // Without consumed capacity in the response, the estimate counts.
      consumed = page.capacityUnits ?? units;
      sizes.learn({ items: page.scannedCount, units: consumed });
      return { ...page, isShortened: items < limit };
    } catch (error) {
      if (isRejection(error)) consumed = 0;
      throw error;
    } finally {
      for (const settle of settlements) settle(consumed);
    }
  };
}

/** DynamoDB has read nothing for a rejected request. The cost of an interrupted request is unknown. */
function isRejection(error: unknown): boolean {
  const { status = 0 } = error instanceof DynamodbError ? error : {};
  return status >= 400 && status < 500;
}
