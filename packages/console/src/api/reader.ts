/** Reads a table or an index step by step into an item store: can be stopped, and continues where it ended. */
import { ItemSplitter, type Summary } from '../data/itemSplitter';
import type { ItemStore } from '../data/itemStore';
import { ApiError, networkError, type Api, type Query } from './api';

export interface ReadState {
  status: 'reading' | 'paused' | 'complete' | 'failed';
  /** Why a read is paused: by the user, after the first part, or because the page's memory is full. */
  reason?: 'stopped' | 'firstPart' | 'memory';
  /** Items that DynamoDB has evaluated in completed requests; undefined if the server hides it. */
  scanned: number | undefined;
  /** Read capacity units so far; undefined if the server hides them. */
  units: number | undefined;
  /** Items that were removed to make room for the next part. */
  dropped: number;
  /** How many items there are before any filter, by DynamoDB's estimate. */
  estimate: number | undefined;
  error?: ApiError;
}

/** One request reads about 4 MB. A broken connection repeats at most one request. */
const UNITS_PER_REQUEST = 500;
/** In place of it, if the server hides what a read costs. */
const ITEMS_PER_REQUEST = 5000;

/** Opening a table reads at most about this much, so that it never costs much. */
const FIRST_PART_UNITS = 1000;
const FIRST_PART_ITEMS = 20_000;

/** Strings of one byte per character: about 150 MB. */
const MAX_CHARS = 150_000_000;
const MAX_ITEMS = 250_000;

export class Reader {
  state: ReadState = { status: 'reading', scanned: 0, units: 0, dropped: 0, estimate: undefined };
  private readonly api: Api;
  private readonly store: ItemStore;
  private readonly query: Query;
  private readonly onChange: () => void;
  private controller = new AbortController();
  private token: string | undefined;
  /** The items of completed requests. Those after them are read again. */
  private completeItems = 0;
  private isMetered = true;

  /** @param onChange called after each change of `state` or of the store. */
  constructor(api: Api, store: ItemStore, query: Query, onChange: () => void) {
    this.api = api;
    this.store = store;
    this.query = query;
    this.onChange = onChange;
  }

  /** Reads the first part. Resolves when the read ends for any reason; does not reject. */
  start(): Promise<void> {
    return this.run(true);
  }

  /** Continues a read that is paused or has failed, to the end. */
  resume(): Promise<void> {
    // A full store makes room for the next part.
    if (this.state.reason === 'memory') {
      this.state.dropped += this.store.count;
      this.store.clear();
      this.completeItems = 0;
    }
    this.store.truncate(this.completeItems);
    return this.run(false);
  }

  /** Stops the read. What has arrived stays. */
  stop(): void {
    if (this.state.status !== 'reading') return;
    this.controller.abort();
    this.update({ status: 'paused', reason: 'stopped' });
  }

  private async run(isFirstPart: boolean): Promise<void> {
    const { signal } = (this.controller = new AbortController());
    const { scanned, units, dropped, estimate } = this.state;
    this.state = { status: 'reading', scanned, units, dropped, estimate };
    this.onChange();
    try {
      this.update(await this.readSteps(signal, isFirstPart));
    } catch (error) {
      if (signal.aborted) return;
      this.update({ status: 'failed', error: error instanceof ApiError ? error : networkError() });
    }
  }

  private async readSteps(signal: AbortSignal, isFirstPart: boolean): Promise<Partial<ReadState>> {
    for (;;) {
      this.complete(await this.readStep(signal));
      if (this.token === undefined) return { status: 'complete' };
      if (this.isFull()) return { status: 'paused', reason: 'memory' };
      if (isFirstPart && this.hasFirstPart()) return { status: 'paused', reason: 'firstPart' };
      this.onChange();
    }
  }

  private async readStep(signal: AbortSignal): Promise<Summary> {
    const response = await this.request(signal);
    const estimate = response.headers.get('X-Item-Count-Estimate');
    if (estimate !== null) this.state.estimate = Number(estimate);
    const splitter = new ItemSplitter();
    const chunks = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const chunk = await chunks?.read();
      if (chunk?.value === undefined) return splitter.end();
      if (signal.aborted) throw new Error('The read was stopped.');
      this.store.append(splitter.push(chunk.value));
      this.onChange();
    }
  }

  /** Some servers hide what a read costs, because it says something about hidden items. */
  private async request(signal: AbortSignal): Promise<Response> {
    try {
      return await this.api.scan(this.parameters(), signal);
    } catch (error) {
      const isHidden =
        error instanceof ApiError && /^(?:ReturnConsumedCapacity|MaxReadUnits) /.test(error.message);
      if (!isHidden || !this.isMetered) throw error;
      this.isMetered = false;
      return this.api.scan(this.parameters(), signal);
    }
  }

  private parameters() {
    return {
      ...this.query,
      ...(this.isMetered
        ? { MaxReadUnits: UNITS_PER_REQUEST, ReturnConsumedCapacity: 'TOTAL' }
        : { MaxItems: ITEMS_PER_REQUEST }),
      ...(this.token !== undefined && { StartingToken: this.token }),
    };
  }

  private complete({ NextToken, ScannedCount, ConsumedCapacity }: Summary): void {
    const { scanned, units } = this.state;
    this.token = NextToken;
    this.completeItems = this.store.count;
    this.state.scanned = sum(scanned, ScannedCount);
    this.state.units = sum(units, ConsumedCapacity?.CapacityUnits);
  }

  private hasFirstPart(): boolean {
    const { units = 0, scanned = this.store.count } = this.state;
    return units >= FIRST_PART_UNITS || scanned >= FIRST_PART_ITEMS;
  }

  private isFull(): boolean {
    return this.store.chars >= MAX_CHARS || this.store.count >= MAX_ITEMS;
  }

  private update(change: Partial<ReadState>): void {
    this.state = { ...this.state, ...change };
    this.onChange();
  }
}

function sum(total: number | undefined, more: number | undefined): number | undefined {
  return total === undefined || more === undefined ? undefined : total + more;
}
