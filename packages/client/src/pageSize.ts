/** Chooses how much the next request reads, so that a page is large enough to be fast and small enough to be buffered. */

/** The first page is small, so that the first items arrive soon. */
const FIRST_ITEMS = 200;

/** Size of a page's text. The server buffers at most 8 MiB. */
const TARGET_CHARS = 1024 * 1024;

/** Pages grow by at most this factor, because the next items may be larger. */
const MAX_GROWTH = 4;

/** Enough for pages that only their read units limit. */
const MAX_ITEMS = 100_000;

/** Read capacity units of a page: about 4 MB of items, which DynamoDB reads in less than a second. */
const READ_UNITS = 512;

/** With a rate limit, a page takes about this long. */
const PACED_SECONDS = 10;

interface Query {
  isFiltered: boolean;
  readUnitsPerSecond: number | undefined;
}

/** The size of the next page, as parameters of the request. */
export class PageSize {
  private readonly isFiltered: boolean;
  private items: number;
  /** Undefined if the server has a lower limit, which then applies. */
  private readUnits: number | undefined;
  private isAccepted = false;

  /**
   * With a filter, only read units limit a page: a page that ends at a matching item evaluates the rest of DynamoDB's page
   * in vain.
   */
  constructor({ isFiltered, readUnitsPerSecond = Infinity }: Query) {
    this.isFiltered = isFiltered;
    this.items = isFiltered ? MAX_ITEMS : FIRST_ITEMS;
    this.readUnits = Math.min(READ_UNITS, Math.ceil(readUnitsPerSecond * PACED_SECONDS));
  }

  /** @param remaining maximum number of items that the caller still wants. */
  parameters(remaining: number): { MaxItems: number; MaxReadUnits: number | undefined } {
    return { MaxItems: Math.min(this.items, remaining), MaxReadUnits: this.readUnits };
  }

  /** Learns how long the text of a page was. */
  learn({ items, chars }: { items: readonly unknown[]; chars: number }): void {
    this.isAccepted = true;
    if (items.length === 0 || this.isFiltered) return;
    const fitting = Math.floor((items.length * TARGET_CHARS) / chars);
    this.items = Math.max(1, Math.min(fitting, this.items * MAX_GROWTH, MAX_ITEMS));
  }

  /**
   * Reacts to an error that a smaller page, or one without a limit of its own, avoids.
   *
   * @returns whether the same request can be sent again.
   */
  shrink(code: string): boolean {
    if (code === 'InvalidRequest' && this.readUnits !== undefined && !this.isAccepted) {
      // The server's own limit may be lower. If the request is not valid for another reason, it fails again.
      this.readUnits = undefined;
      return true;
    }
    if (code !== 'AnswerTooLarge' || this.items === 1) return false;
    this.items = Math.ceil(this.items / 2);
    if (this.readUnits !== undefined) this.readUnits = Math.max(1, Math.floor(this.readUnits / 2));
    return true;
  }
}
