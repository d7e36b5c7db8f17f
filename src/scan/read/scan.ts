/** A scan: requests that follow one another, over one segment or several at once, until nothing is left. */
import { setMaxListeners } from 'node:events';
import type { Key } from '../../dynamodb/key';
import type { Page } from '../../dynamodb/page';
import { MalformedResponseError } from '../../dynamodb/transcoder/transcoder';
import { turn } from '../../http/turn';
import { MIN_REQUEST_UNITS } from './pageSizes';
import { ReadLimit } from './readLimit';

/** The position of a scan: the segments in progress, and the first segment that has not been started. */
export interface Position {
  begun: readonly SegmentCursor[];
  next: number;
}

/** The position within one segment. */
interface SegmentCursor {
  segment: number;
  /** Undefined at the beginning of the segment. */
  startKey: Key | undefined;
}

/** Where a scan starts, and when it ends. */
export interface ScanPlan {
  from: Position;
  /** Number of segments; those from `from.next` on are still to be started. */
  segments: number;
  /** Read one page of at most this many evaluated items. */
  limit?: number | undefined;
  /** Number of items to evaluate per request; more after many requests that cost little. */
  pageSize?: number | undefined;
  /** Read capacity units after which no further request is sent. */
  maxReadUnits?: number | undefined;
  /** Whether reads are strongly consistent, at twice the cost. */
  consistentRead?: boolean | undefined;
  /** Maximum number of items in all pages together. */
  maxItems?: number | undefined;
  /** Whether DynamoDB filters the items that it evaluates. */
  filtered: boolean;
}

/** One request to DynamoDB. */
export interface PageCall extends SegmentCursor {
  /** Maximum number of items to evaluate. */
  limit: number | undefined;
  /** Whether the page must contain its consumed capacity. */
  needsCapacity?: boolean;
}

export type FetchPage = (call: PageCall, signal: AbortSignal) => Promise<Page>;

/** Number of segments that are read at once. Each keeps up to one page in memory that waits for its turn. */
export const MAX_PARALLEL_SEGMENTS = 16;

/**
 * DynamoDB rounds the cost of each request up. A request below this multiple of the minimum cost is a cheap one: rounding
 * can add more than a third to its cost.
 */
const CHEAP_COST_FACTOR = 4;

/** After this number of cheap requests, each further one doubles `pageSize`, so that rounding cannot multiply the cost. */
const MAX_CHEAP_REQUESTS = 16;

interface Arrival {
  cursor: SegmentCursor;
  page: Page;
  /** Maximum number of items that the request allowed to evaluate. */
  limit: number;
}

/** Reads a table once, as its plan says. */
export class Scan {
  /** Counts of the pages that were yielded so far. */
  readonly totals = { count: 0, scannedCount: 0 };
  /** Consumed read capacity units of all pages that arrived, including those that were not yielded. */
  capacityUnits = 0;

  private readonly fetchPage: FetchPage;
  private readonly plan: ScanPlan;
  private readonly stop = new AbortController();
  /** Segments whose next page is requested or waits for its turn. */
  private active: SegmentCursor[] = [];
  /** Segments in progress that no request has continued yet. */
  private paused: SegmentCursor[];
  private next: number;
  private isLimitReached = false;
  private readonly readLimit: ReadLimit;
  /** Number of items that may still be yielded. */
  private remaining: number;
  /** Maximum number of items per request. It shrinks after a page that had too many items. */
  private pageSizeCap = Infinity;
  private pageSize: number;
  private cheapRequests = 0;

  /** Pages that wait for their turn, in order of arrival. */
  private arrivals: Arrival[] = [];
  private failure: { error: unknown } | undefined;
  private notify: () => void = () => undefined;

  constructor(fetchPage: FetchPage, plan: ScanPlan) {
    this.fetchPage = fetchPage;
    this.plan = plan;
    this.paused = plan.from.begun.map((cursor) => ({ ...cursor }));
    this.next = plan.from.next;
    this.readLimit = new ReadLimit(plan.maxReadUnits ?? Infinity, plan.consistentRead ?? false);
    this.pageSize = plan.pageSize ?? Infinity;
    this.remaining = plan.maxItems ?? Infinity;
  }

  /**
   * Yields pages in order of arrival. While the consumer handles one, the next page of each segment is already
   * requested. If a request fails, the signal aborts or the consumer returns, all requests in flight are aborted.
   */
  async *pages(signal: AbortSignal): AsyncGenerator<Page, void, undefined> {
    // Not AbortSignal.any: it would cost a tenth of the time of a small scan.
    const stop = () => {
      this.stop.abort(signal.reason);
    };
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    const abort = this.stop.signal;
    setMaxListeners(0, abort);
    try {
      this.fetchNext(abort);
      while (this.hasMore()) {
        const { cursor, page, limit } = await this.arrival();
        this.active = this.active.filter((other) => other !== cursor);
        const fitting = page.count <= this.remaining ? page : page.truncate(this.remaining);
        if (fitting === undefined) {
          page.release();
          this.fetchHalf(cursor, page, limit, abort);
        } else {
          this.accept(cursor, fitting, abort);
          // Encoding blocks the event loop, so the next request is sent first, and other scans have their turn.
          if (this.active.length > 0) await turn();
          yield fitting;
        }
      }
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.active.length > 0) this.stop.abort();
    }
  }

  /** Whether another page may follow the current one. */
  hasMore(): boolean {
    return this.active.length > 0 && this.remaining > 0;
  }

  /** Where to continue; undefined if nothing is left. Callers must wait until `pages` has ended. */
  position(): Position | undefined {
    const begun = [...this.paused, ...this.active];
    return begun.length === 0 && this.next >= this.plan.segments ? undefined : { begun, next: this.next };
  }

  private async arrival(): Promise<Arrival> {
    for (;;) {
      // A failure comes before waiting pages, because the response can no longer be completed.
      if (this.failure !== undefined) throw this.failure.error;
      const first = this.arrivals.shift();
      if (first !== undefined) return first;
      await new Promise<void>((resolve) => (this.notify = resolve));
    }
  }

  private accept(cursor: SegmentCursor, page: Page, signal: AbortSignal): void {
    this.totals.count += page.count;
    this.totals.scannedCount += page.scannedCount;
    this.remaining -= page.count;
    cursor.startKey = page.lastEvaluatedKey;
    // A limit means one page, unless a read limit has shortened that page.
    const { limit = Infinity } = this.plan;
    this.isLimitReached =
      limit < Infinity && (page.isShortened !== true || this.totals.scannedCount >= limit);
    // Only a missing key marks the end: an empty page can have a key.
    if (cursor.startKey !== undefined) this.paused.push(cursor);
    this.fetchNext(signal);
  }

  /**
   * Reads half of a page that has too many items and cannot be truncated, and again half of that if necessary.
   * A page of one item always fits.
   */
  private fetchHalf(cursor: SegmentCursor, { scannedCount }: Page, limit: number, signal: AbortSignal): void {
    if (scannedCount < 2) throw new MalformedResponseError('the response has more Items than were evaluated');
    // Otherwise an engine that ignores Limit would get the same request again and again.
    if (scannedCount > limit) throw new MalformedResponseError('more items were evaluated than Limit allows');
    this.pageSizeCap = Math.floor(scannedCount / 2);
    this.fetch(cursor, signal);
  }

  /** Continues segments in progress, then begins others, as far as the limits allow. */
  private fetchNext(signal: AbortSignal): void {
    while (this.active.length < MAX_PARALLEL_SEGMENTS && this.remaining > 0) {
      if (this.isLimitReached || this.readLimit.isReached) return;
      if (this.readLimit.isNear && this.active.length > 0) return;
      const cursor = this.paused.shift() ?? this.nextSegment();
      if (cursor === undefined) return;
      this.fetch(cursor, signal);
    }
  }

  private nextSegment(): SegmentCursor | undefined {
    return this.next < this.plan.segments ? { segment: this.next++, startKey: undefined } : undefined;
  }

  private fetch(cursor: SegmentCursor, signal: AbortSignal): void {
    this.active.push(cursor);
    const maxItems = this.maxItems();
    const size = this.readLimit.reserve(maxItems);
    const { pageSize, maxReadUnits } = this.plan;
    const call = {
      ...cursor,
      limit: Number.isFinite(size.items) ? size.items : undefined,
      ...((pageSize ?? maxReadUnits) !== undefined && { needsCapacity: true }),
    };
    this.fetchPage(call, signal).then(
      (page) => {
        this.capacityUnits += page.capacityUnits ?? 0;
        this.readLimit.settle(size, page.scannedCount, page.capacityUnits);
        this.enlargePageSize(page);
        if (size.items < maxItems) page = { ...page, isShortened: true };
        this.arrivals.push({ cursor, page, limit: size.items });
        this.notify();
      },
      (error: unknown) => {
        this.failure ??= { error };
        this.stop.abort();
        this.notify();
      },
    );
  }

  private enlargePageSize({ scannedCount, capacityUnits = Infinity }: Page): void {
    const cheap = MIN_REQUEST_UNITS * CHEAP_COST_FACTOR * (this.plan.consistentRead === true ? 2 : 1);
    if (scannedCount < this.pageSize || capacityUnits >= cheap) return;
    this.cheapRequests++;
    if (this.cheapRequests > MAX_CHEAP_REQUESTS) this.pageSize *= 2;
  }

  /** Maximum number of items that the next request evaluates. */
  private maxItems(): number {
    const { limit = Infinity, filtered } = this.plan;
    const left = limit - this.totals.scannedCount;
    return Math.min(left, this.pageSize, this.pageSizeCap, filtered ? Infinity : this.remaining);
  }
}
