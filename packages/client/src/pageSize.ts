/** Chooses how much the next request reads: pages are large enough to be fast, and small enough to be buffered and to show progress. */

/** The first page is small, so that the first items arrive soon. */
const FIRST_ITEMS = 200;

/** Size of a page's text. The server buffers at most 8 MiB. */
const TARGET_CHARS = 1024 * 1024;

/** Pages grow by at most this factor, because the next items may be larger. */
const MAX_GROWTH = 4;

/** Enough for pages that only their read units limit. */
const MAX_ITEMS = 100_000;

/** Read capacity units: about 1 MB of items at first, and 4 MB later. */
const FIRST_READ_UNITS = 128;
const MAX_READ_UNITS = 512;

/** A page of a slow table takes about this long. A broken connection repeats at most one page. */
const TARGET_MS = 2000;

interface Query {
  isFiltered: boolean;
  readUnitsPerSecond: number | undefined;
}

/** Parameters that limit a page or measure it. The server can reject each of the last two. */
interface PageParameters {
  MaxItems: number;
  MaxReadUnits?: number | undefined;
  ReturnConsumedCapacity?: string | undefined;
}

/** The size of the next page, as parameters of the request. */
export class PageSize {
  private readonly isFiltered: boolean;
  private readonly maxReadUnits: number;
  private items: number;
  private readUnits: number;
  private readonly rejected = new Set<string>();

  /**
   * With a filter, only read units limit a page: a page that ends at a matching item evaluates the rest of DynamoDB's page
   * in vain.
   */
  constructor({ isFiltered, readUnitsPerSecond = Infinity }: Query) {
    this.isFiltered = isFiltered;
    this.items = isFiltered ? MAX_ITEMS : FIRST_ITEMS;
    this.maxReadUnits = Math.min(MAX_READ_UNITS, Math.ceil((readUnitsPerSecond * TARGET_MS) / 1000));
    this.readUnits = Math.min(FIRST_READ_UNITS, this.maxReadUnits);
  }

  /** @param remaining maximum number of items that the caller still wants. */
  parameters(remaining: number): PageParameters {
    const unlessRejected = <Value>(name: keyof PageParameters, value: Value) =>
      this.rejected.has(name) ? undefined : value;
    return {
      MaxItems: Math.min(this.items, remaining),
      MaxReadUnits: unlessRejected('MaxReadUnits', this.readUnits),
      ReturnConsumedCapacity: unlessRejected('ReturnConsumedCapacity', 'TOTAL'),
    };
  }

  /** Learns how long the text of a page was, and how many milliseconds the page took. */
  learn({ items, chars }: { items: readonly unknown[]; chars: number }, milliseconds: number): void {
    const speed = Math.min(MAX_GROWTH, TARGET_MS / milliseconds);
    this.readUnits = Math.min(this.maxReadUnits, Math.ceil(this.readUnits * speed));
    if (items.length === 0 || this.isFiltered) return;
    const fitting = Math.floor((items.length * TARGET_CHARS) / chars);
    this.items = Math.max(1, Math.min(fitting, this.items * MAX_GROWTH, MAX_ITEMS));
  }

  /**
   * Reacts to an error that a smaller page, or one without a parameter that the server rejects, avoids.
   *
   * @returns whether the request can be sent again.
   */
  shrink({ code, message }: { code: string; message: string }): boolean {
    // The server's own limit is lower, or it hides what a read costs.
    const [parameter] = /^(?:MaxReadUnits|ReturnConsumedCapacity)\b/.exec(message) ?? [];
    if (code === 'InvalidRequest' && parameter !== undefined && !this.rejected.has(parameter)) {
      this.rejected.add(parameter);
      return true;
    }
    if (code !== 'AnswerTooLarge' || this.items === 1) return false;
    this.items = Math.ceil(this.items / 2);
    this.readUnits = Math.ceil(this.readUnits / 2);
    return true;
  }
}
