/** Retries what failed for a reason that can pass, with growing and random delays. */
import { ScanError } from './scanError';

const BASE_DELAY_MS = 200;
const MAX_DELAY_MS = 10_000;

/** Statuses that a later attempt can change. */
const TRANSIENT_STATUSES = [408, 429, 500, 502, 503, 504];

/** Codes of the server whose status is in the list above, but which another attempt does not change. */
const PERMANENT_CODES = [
  'ReadLimitReached',
  'InternalError',
  'AccessDeniedException',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
  'CredentialsProviderError',
  'TokenProviderError',
  'RegionMissing',
  'MalformedAnswer',
];

/** How often to try again. */
export interface RetryPolicy {
  /** Maximum number of attempts after the first one, for each request. */
  retries: number;
  /** Seconds. If a server wants a longer pause, the scan fails, and the caller decides. */
  maxRetryAfter: number;
}

/** Whether another attempt can succeed. */
export function isTransient({ code, status, retryAfter = 0 }: ScanError, maxRetryAfter: number): boolean {
  if (code === 'NetworkError' || code === 'IncompleteResponse') return true;
  return (
    TRANSIENT_STATUSES.includes(status ?? 0) && !PERMANENT_CODES.includes(code) && retryAfter <= maxRetryAfter
  );
}

/**
 * Returns how long to wait before an attempt: exponential backoff with full jitter, after what the server requests.
 *
 * @param attempt 0 for the first retry.
 * @param retryAfter seconds.
 * @param random from 0 to 1.
 * @returns milliseconds.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function retryDelay(attempt: number, retryAfter = 0, random = Math.random()): number {
  return retryAfter * 1000 + random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** attempt);
}

/**
 * Calls `operation` until it succeeds, at most `retries` times more after a transient ScanError.
 *
 * @throws what the last attempt throws, or the signal's reason.
 */
export async function withRetries<Result>(
  operation: () => Promise<Result>,
  { retries, maxRetryAfter }: RetryPolicy,
  signal: AbortSignal,
): Promise<Result> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await operation();
    } catch (error) {
      if (!(error instanceof ScanError) || !isTransient(error, maxRetryAfter) || attempt >= retries)
        throw error;
      await pause(retryDelay(attempt, error.retryAfter), signal);
    }
  }
}

/** Waits, or rejects with the signal's reason. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    signal.addEventListener('abort', abort, { once: true });
  });
}
