/** Waits while DynamoDB throttles in the middle of a scan, because the response could not continue later. */
import { setTimeout } from 'node:timers/promises';
import { DynamodbError } from '../../dynamodb/dynamodbError';
import type { FetchPage } from './scan';

const THROTTLES = new Set([
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'ThrottlingException',
]);

const MIN_WAIT_MS = 500;
const MAX_WAIT_MS = 10_000;

/**
 * Repeats throttled requests with exponential backoff, beyond the SDK's own retries. The first page is not repeated:
 * the client gets 429 and can try again itself.
 *
 * @param maxWaitMs how long one request is repeated after it was throttled first.
 */
export function retryThrottled(fetchPage: FetchPage, maxWaitMs: number): FetchPage {
  let hasPage = false;
  return async (call, signal) => {
    let deadline: number | undefined;
    for (let attempt = 0; ; attempt++) {
      try {
        const page = await fetchPage(call, signal);
        hasPage = true;
        return page;
      } catch (error) {
        if (!hasPage || !isThrottle(error)) throw error;
        deadline ??= performance.now() + maxWaitMs;
        const leftMs = deadline - performance.now();
        if (leftMs <= 0) throw error;
        // Random, so that the segments of a scan do not come back all at once.
        const waitMs = Math.min(MAX_WAIT_MS, MIN_WAIT_MS * 2 ** attempt) * (0.5 + Math.random() / 2);
        await setTimeout(Math.min(waitMs, leftMs), undefined, { signal }).catch(() => undefined);
        signal.throwIfAborted();
      }
    }
  };
}

function isThrottle(error: unknown): boolean {
  return error instanceof DynamodbError && THROTTLES.has(error.name);
}
