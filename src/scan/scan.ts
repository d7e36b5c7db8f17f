/** A scan: calls that follow one another, over one segment or several at once, until nothing is left. */
import { setMaxListeners } from 'node:events';
import type { Key } from './key';
import type { Page } from './page';
import { MalformedAnswerError } from './transcode';

/** Where a scan stands: the segments that are in hand, and the first that has not been begun. */
export interface Position {
  begun: readonly SegmentPosition[];
  next: number;
}

interface SegmentPosition {
  segment: number;
  /** Undefined: from its beginning. */
  startKey: Key | undefined;
}

/** How a scan goes on. */
export interface ScanPlan {
  from: Position;
  /** Segments there are: `from.next` up to here are still to be begun. */
  segments: number;
  /** One page, of which DynamoDB evaluates at most so many records. */
  limit?: number | undefined;
  /** Records evaluated in one call. */
  pageSize?: number | undefined;
  /** Records handed out in all. */
  maxItems?: number | undefined;
  /** Whether DynamoDB leaves records out of what it evaluates. */
  filtered: boolean;
}

/** One call to DynamoDB. */
export interface PageCall extends SegmentPosition {
  /** Records to evaluate at most. */
  limit: number | undefined;
  /** Whether the page is to say what it cost. */
  needsCapacity?: boolean;
}

export type FetchPage = (call: PageCall, signal: AbortSignal) => Promise<Page>;

/** Segments read at once: each has up to one page in memory that waits for its turn. */
export const SEGMENTS_AT_ONCE = 16;

/** A segment in hand, and its page to come. */
interface Lane extends SegmentPosition {
  pending: Promise<Arrival>;
}

interface Arrival {
  lane: Lane;
  page: Page;
}

/** Reads a table by its plan; once. */
export class Scan {
  /** Of the pages handed out so far. */
  readonly totals = { count: 0, scannedCount: 0 };
  /** Read capacity units of every page that came, also of those that were not handed out. */
  capacityUnits = 0;

  private readonly fetchPage: FetchPage;
  private readonly plan: ScanPlan;
  private lanes: Lane[] = [];
  private next: number;
  private room: number;
  /** Where it stood when it ended. */
  private rest: readonly SegmentPosition[] = [];

  constructor(fetchPage: FetchPage, plan: ScanPlan) {
    this.fetchPage = fetchPage;
    this.plan = plan;
    this.next = plan.from.next;
    this.room = plan.maxItems ?? Infinity;
  }

  /**
   * Pages as they come. While one is handed out, the next of each segment is on its way. When one
   * fails, the signal aborts or the consumer returns, all calls in flight are aborted and none follows.
   */
  async *pages(signal: AbortSignal): AsyncGenerator<Page, void, undefined> {
    const stop = new AbortController();
    const abort = AbortSignal.any([signal, stop.signal]);
    setMaxListeners(0, abort);
    try {
      this.lanes = this.plan.from.begun.map((position) => this.lane(position, abort));
      this.beginSegments(abort);
      while (this.lanes.length > 0 && this.room > 0) {
        const { lane, page } = await Promise.race(this.lanes.map(({ pending }) => pending));
        const fitting = page.count <= this.room ? page : page.first(this.room);
        if (fitting !== undefined) {
          this.take(lane, fitting, abort);
          yield fitting;
        } else this.readHalf(lane, page, abort);
      }
    } finally {
      stop.abort();
    }
  }

  /** Whether a page may follow the one that has just been handed out. */
  hasMore(): boolean {
    return this.lanes.length > 0 && this.room > 0;
  }

  /** Where to go on; undefined where nothing is left. For when `pages` has ended. */
  position(): Position | undefined {
    const begun = [...this.rest, ...this.lanes].map(({ segment, startKey }) => ({ segment, startKey }));
    return begun.length === 0 && this.next >= this.plan.segments ? undefined : { begun, next: this.next };
  }

  private take(lane: Lane, page: Page, signal: AbortSignal): void {
    this.totals.count += page.count;
    this.totals.scannedCount += page.scannedCount;
    this.room -= page.count;
    lane.startKey = page.lastEvaluatedKey;
    // Last in the row, so that a fast segment keeps no other from its turn.
    this.lanes = this.lanes.filter((other) => other !== lane);
    const isPaused = this.plan.limit !== undefined || this.room === 0;
    // Only a missing key is the end: a page can be empty and still have one.
    if (lane.startKey === undefined) this.beginSegments(signal);
    else if (isPaused) this.rest = [...this.rest, lane];
    else this.lanes.push(this.lane(lane, signal));
  }

  /**
   * Where a page has more than is wanted and cannot be cut, half of it is read instead, and so on:
   * at the latest a page of one record fits.
   */
  private readHalf(lane: Lane, page: Page, signal: AbortSignal): void {
    if (page.scannedCount < 2)
      throw new MalformedAnswerError('the answer has more Items than were evaluated');
    this.lanes = this.lanes.filter((other) => other !== lane);
    this.lanes.push(this.lane(lane, signal, Math.floor(page.scannedCount / 2)));
  }

  private beginSegments(signal: AbortSignal): void {
    while (this.next < this.plan.segments && this.lanes.length < SEGMENTS_AT_ONCE && this.room > 0) {
      this.lanes.push(this.lane({ segment: this.next++, startKey: undefined }, signal));
    }
  }

  private lane({ segment, startKey }: SegmentPosition, signal: AbortSignal, limit = this.limit()): Lane {
    const page = this.fetchPage({ segment, startKey, limit }, signal);
    const lane: Lane = {
      segment,
      startKey,
      pending: page.then((page) => {
        this.capacityUnits += page.capacityUnits ?? 0;
        return { lane, page };
      }),
    };
    // It is awaited a page later, or never: until then a failure is nobody's.
    lane.pending.catch(() => undefined);
    return lane;
  }

  private limit(): number | undefined {
    const { limit, pageSize, filtered } = this.plan;
    const most = Math.min(limit ?? Infinity, pageSize ?? Infinity, filtered ? Infinity : this.room);
    return Number.isFinite(most) ? most : undefined;
  }
}
