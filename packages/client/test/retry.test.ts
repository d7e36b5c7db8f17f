import { ScanError } from 'scan-records-client';
import { isTransient, retryDelay, withRetries } from '../src/retry';

const NEVER = new AbortController().signal;

/** An error that is retried at once. */
const transient = () => new ScanError('HttpError', 'x', { status: 503, retryAfter: 0 });

it('doubles the longest delay with each attempt, up to ten seconds', () => {
  expect([0, 1, 2, 3, 10, 2000].map((attempt) => retryDelay(attempt, 0, 1))).toEqual([
    200, 400, 800, 1600, 10_000, 10_000,
  ]);
});

it('chooses any delay between zero and the longest one', () => {
  expect([0, 0.5, 1].map((random) => retryDelay(1, 0, random))).toEqual([0, 200, 400]);
});

it('waits at least as long as Retry-After requests', () => {
  expect(retryDelay(0, 3, 0)).toBe(3000);
  expect(retryDelay(0, 3, 1)).toBe(3200);
});

it.each<[code: string, status: number | undefined, retryAfter: number | undefined, isRetried: boolean]>([
  ['NetworkError', undefined, undefined, true],
  ['IncompleteResponse', 200, undefined, true],
  ['MalformedResponse', 200, undefined, false],
  ['TooManyRequests', 429, 60, true],
  ['TooManyRequests', 429, 61, false],
  ['ReadLimitReached', 429, undefined, false],
  ['TooManyScans', 503, 1, true],
  ['DynamoDBTimeout', 504, undefined, true],
  ['HttpError', 502, undefined, true],
  ['HttpError', 500, undefined, true],
  ['IncompleteAnswer', 502, undefined, true],
  ['AccessDeniedException', 502, undefined, false],
  ['InternalError', 500, undefined, false],
  ['MissingCredentials', 401, undefined, false],
  ['InvalidRequest', 400, undefined, false],
])('retries %s with status %p and Retry-After %p: %p', (code, status, retryAfter, isRetried) => {
  const details = {
    ...(status !== undefined && { status }),
    ...(retryAfter !== undefined && { retryAfter }),
  };
  expect(isTransient(new ScanError(code, 'x', details), 60)).toBe(isRetried);
});

it('throws the last error after all retries', async () => {
  let attempts = 0;
  const operation = () => {
    attempts++;
    return Promise.reject(transient());
  };
  await expect(withRetries(operation, { retries: 2, maxRetryAfter: 60 }, NEVER)).rejects.toThrow(ScanError);
  expect(attempts).toBe(3);
});

it('throws other errors at once', async () => {
  let attempts = 0;
  const operation = () => {
    attempts++;
    return Promise.reject(new RangeError('x'));
  };
  await expect(withRetries(operation, { retries: 2, maxRetryAfter: 60 }, NEVER)).rejects.toThrow(RangeError);
  expect(attempts).toBe(1);
});

it('ends the pause when the signal is aborted', async () => {
  const controller = new AbortController();
  const operation = () => {
    setImmediate(() => controller.abort(new Error('stopped')));
    return Promise.reject(new ScanError('TooManyRequests', 'x', { status: 429, retryAfter: 60 }));
  };
  await expect(withRetries(operation, { retries: 2, maxRetryAfter: 60 }, controller.signal)).rejects.toThrow(
    'stopped',
  );
});
