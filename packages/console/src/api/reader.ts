/** Reads a table or an index page by page into an item store: can be stopped, and continues where it ended. */
import { ScanError, type Client } from 'scan-records-client';
import type { Item } from '../data/attributeValue';
import type { ItemStore } from '../data/itemStore';
import type { Selection } from '../query/filter';
import { ApiError, connectionFailed } from './api';

export interface ReadState {
  status: 'reading' | 'paused' | 'complete' | 'failed';
  /** Why a read is paused: by the user, after the first part, or because the page's memory is full. */
  reason?: 'stopped' | 'firstPart' | 'memory';
  /** Items that DynamoDB has evaluated so far; undefined if the server hides it. */
  scanned: number | undefined;
  /** Read capacity units so far; undefined if the server hides them. */
  units: number | undefined;
  /** Items that were removed to make room for the next part. */
  dropped: number;
  /** How many items there are before any filter, by DynamoDB's estimate. */
  estimate: number | undefined;
  error?: ApiError;
}

/** What is read. */
export interface Source extends Selection {
  indexName?: string;
}

/** Opening a table reads at most about this much, so that it never costs much. */
const FIRST_PART_UNITS = 1000;
const FIRST_PART_ITEMS = 20_000;

/** Strings of one byte per character: about 150 MB. */
const MAX_CHARS = 150_000_000;
const MAX_ITEMS = 250_000;

export class Reader {
  state: ReadState = { status: 'reading', scanned: 0, units: 0, dropped: 0, estimate: undefined };
  private readonly client: Client<Record<string, unknown>>;
  private readonly store: ItemStore;
  private readonly source: Source;
  private readonly onChange: () => void;
  private controller = new AbortController();
  private token: string | undefined;

  /** @param onChange called after each change of `state` or of the store. */
  constructor(
    client: Client<Record<string, unknown>>,
    store: ItemStore,
    source: Source,
    onChange: () => void,
  ) {
    this.client = client;
    this.store = store;
    this.source = source;
    this.onChange = onChange;
  }

  /** Reads the first part. Resolves when the read ends for any reason; does not reject. */
  start(): Promise<void> {
    return this.run(true);
  }

  /** Continues a read that is paused or has failed, to the end. */
  async resume(): Promise<void> {
    if (this.state.status === 'reading') return;
    // A full store makes room for the next part.
    if (this.state.reason === 'memory') {
      this.state.dropped += this.store.count;
      this.store.clear();
    }
    await this.run(false);
  }

  /** Stops the read. Pages that have arrived stay. */
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
      this.update(await this.readPages(signal, isFirstPart));
    } catch (error) {
      if (signal.aborted) return;
      this.update({ status: 'failed', error: apiErrorOf(error) });
    }
  }

  private async readPages(signal: AbortSignal, isFirstPart: boolean): Promise<Partial<ReadState>> {
    const { scanned, units } = this.state;
    const pages = this.client.pages({
      ...this.source,
      signal,
      ...(this.token !== undefined && { startingToken: this.token }),
    });
    for await (const { items, nextToken, progress } of pages) {
      signal.throwIfAborted();
      this.store.append(items as Item[]);
      this.token = nextToken;
      this.update({
        scanned: sum(scanned, progress.scanned),
        units: sum(units, progress.readUnits),
        estimate: progress.estimate ?? this.state.estimate,
      });
      if (nextToken === undefined) break;
      if (this.isFull()) return { status: 'paused', reason: 'memory' };
      if (isFirstPart && this.hasFirstPart()) return { status: 'paused', reason: 'firstPart' };
    }
    return { status: 'complete' };
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

function apiErrorOf(error: unknown): ApiError {
  if (!(error instanceof ScanError)) return new ApiError(200, 'MalformedResponse', String(error));
  const { status = 0, code, message, requestId } = error;
  if (code === 'NetworkError') return connectionFailed();
  // A response that broke has the status of a success.
  return new ApiError(code === 'IncompleteResponse' ? 0 : status, code, message, { requestId });
}
