/** Reads the pages of a scan one after another, each complete. */
import { PageSize } from './pageSize';
import type { RawPage, ReadPage } from './readPage';
import { queryParameters, type Progress, type UntypedOptions } from './request';
import { pause, withRetries, type RetryPolicy } from './retry';
import { ScanError } from './scanError';

/** A part of the items. */
export interface Page<Item> {
  items: Item[];
  /** Where the next page begins; undefined if this is the last page. */
  nextToken: string | undefined;
  progress: Progress;
}

/** What all scans of a client share. */
export interface Connection extends RetryPolicy {
  /** Parameters of every request. */
  parameters: Record<string, unknown>;
}

export interface PagingOptions extends UntypedOptions {
  /** Number of items in each page; default: what can be read fast. */
  pageSize?: number;
  /** Requests the next page while the consumer handles the current one. */
  prefetch?: boolean;
}

/**
 * Yields pages until nothing is left.
 *
 * A page is yielded when it is complete. If its response breaks, the whole page is requested again: since the table may
 * have changed, the two responses cannot be joined.
 *
 * If the consumer returns, requests in flight are aborted.
 *
 * @throws ScanError, TypeError if an option is not valid, or the signal's reason.
 */
export async function* readPages(
  readPage: ReadPage,
  connection: Connection,
  options: PagingOptions,
): AsyncGenerator<Page<unknown>, void, undefined> {
  const stop = new AbortController();
  const abort = () => stop.abort(options.signal?.reason);
  options.signal?.addEventListener('abort', abort);
  if (options.signal?.aborted === true) abort();
  const next = pageSequence(readPage, connection, options, stop.signal);
  try {
    let coming = next();
    for (;;) {
      const page = await coming;
      if (page === undefined) return;
      if (options.prefetch === true) {
        coming = next();
        // A failure is thrown when the consumer asks for the page.
        coming.catch(() => undefined);
      }
      yield page;
      if (options.prefetch !== true) coming = next();
    }
  } finally {
    options.signal?.removeEventListener('abort', abort);
    stop.abort();
  }
}

/** Returns a function that reads one page after another, and returns undefined after the last one. */
function pageSequence(
  readPage: ReadPage,
  connection: Connection,
  options: PagingOptions,
  signal: AbortSignal,
): () => Promise<Page<unknown> | undefined> {
  const {
    filter,
    readUnitsPerSecond,
    pageSize = Infinity,
    maxItems = Infinity,
    startingToken,
    onProgress,
  } = options;
  const size = new PageSize({ isFiltered: filter !== undefined, readUnitsPerSecond });
  const query = { ...connection.parameters, ...queryParameters(options) };
  let pauseMs = 0;
  const position = { pageStart: startingToken, token: startingToken, isEnd: false };
  let progress: Progress = { items: 0, scanned: 0, estimate: undefined, readUnits: 0 };

  /** Reads at most `limit` items. */
  async function readPart(limit: number): Promise<RawPage> {
    for (;;) {
      if (pauseMs > 0) await pause(pauseMs, signal);
      let start = 0;
      const attempt = () => {
        start = performance.now();
        return readPage({ ...query, ...size.parameters(limit), StartingToken: position.token }, signal);
      };
      try {
        const part = await withRetries(attempt, connection, signal);
        const milliseconds = performance.now() - start;
        size.learn(part, milliseconds);
        pauseMs = size.pauseAfter(part, milliseconds);
        position.token = part.nextToken;
        position.isEnd = part.nextToken === undefined;
        return part;
      } catch (error) {
        if (!(error instanceof ScanError)) throw error;
        if (size.shrink(error)) continue;
        error.nextToken = position.pageStart;
        throw error;
      }
    }
  }

  return async () => {
    const limit = Math.min(pageSize, maxItems - progress.items);
    if (position.isEnd || limit <= 0) return undefined;
    const items: unknown[] = [];
    position.pageStart = position.token;
    for (;;) {
      const part = await readPart(limit - items.length);
      for (const item of part.items) items.push(item);
      progress = {
        items: progress.items + part.count,
        scanned: sum(progress.scanned, part.scanned),
        estimate: part.estimate ?? progress.estimate,
        readUnits: sum(progress.readUnits, part.readUnits),
      };
      onProgress?.(progress);
      // A limit of the server can end a part before a page of the requested size is full.
      const isFull = pageSize === Infinity || items.length >= limit;
      if (isFull || part.nextToken === undefined) return { items, nextToken: part.nextToken, progress };
    }
  };
}

function sum(total: number | undefined, more: number | undefined): number | undefined {
  return total === undefined || more === undefined ? undefined : total + more;
}
