/** Chooses how much the next request reads: enough to be fast, and little enough to be buffered and to show progress. */

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
  private isFiltered: boolean;
  private readonly readUnitsPerSecond: number;
  private readonly maxReadUnits: number;
  private items: number;
  private readUnits: number;
  /** Parameters that the server rejects. */
  private readonly omissions = new Set<string>();

  /**
   * With a filter, only read units limit a page: a page that ends at a matching item evaluates the rest of DynamoDB's page
   * in vain.
   */
  constructor({ isFiltered, readUnitsPerSecond = Infinity }: Query) {
    this.isFiltered = isFiltered;
    this.readUnitsPerSecond = readUnitsPerSecond;
    this.items = isFiltered ? MAX_ITEMS : FIRST_ITEMS;
    this.maxReadUnits = Math.min(MAX_READ_UNITS, Math.ceil((readUnitsPerSecond * TARGET_MS) / 1000));
    this.readUnits = Math.min(FIRST_READ_UNITS, this.maxReadUnits);
  }

  /** @param remaining maximum number of items that the caller still wants. */
  parameters(remaining: number): PageParameters {
    const accepted = <Value>(name: keyof PageParameters, value: Value) =>
      this.omissions.has(name) ? undefined : value;
    return {
      MaxItems: Math.min(this.items, remaining),
      MaxReadUnits: accepted('MaxReadUnits', this.readUnits),
      ReturnConsumedCapacity: accepted('ReturnConsumedCapacity', 'TOTAL'),
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
   * Returns how many milliseconds to wait after a page. The server limits the rate within a request, but its first read does
   * not wait.
   */
  pauseAfter({ readUnits = 0 }: { readUnits?: number | undefined }, milliseconds: number): number {
    return (readUnits * 1000) / this.readUnitsPerSecond - milliseconds;
  }

  /**
   * Reacts to an error that a smaller page, or one without a parameter that the server rejects, avoids.
   *
   * @returns whether the request can be sent again.
   */
  shrink({ code, message }: { code: string; message: string }): boolean {
    // The server's own limit is lower, or it hides what a read costs.
    const [parameter] = /^(?:MaxReadUnits|ReturnConsumedCapacity)\b/.exec(message) ?? [];
    if (code === 'InvalidRequest' && parameter !== undefined && !this.omissions.has(parameter)) {
      this.omissions.add(parameter);
      // Without a limit of read units, the number of items limits filtered pages too.
      if (parameter === 'MaxReadUnits' && this.isFiltered) {
        this.isFiltered = false;
        this.items = FIRST_ITEMS;
      }
      return true;
    }
    if (code !== 'AnswerTooLarge' || this.items === 1) return false;
    this.items = Math.ceil(this.items / 2);
    this.readUnits = Math.ceil(this.readUnits / 2);
    return true;
  }
}
