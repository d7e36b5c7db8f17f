/** Limits the read capacity units that one scan consumes. No I/O. */
import { FULL_PAGE_UNITS, PageSizes, type RequestSize } from './pageSizes';

/**
 * Ends a scan after about `maxUnits`: a request starts only while the units of all others, including their estimates,
 * are below the limit. Near the limit, callers must send one request at a time, and each evaluates fewer items, so that
 * the scan stops close to it.
 *
 * At least one request starts, so that a scan in many parts always makes progress.
 */
export class ReadLimit {
  private readonly maxUnits: number;
  private readonly fullPageUnits: number;
  private readonly sizes: PageSizes;
  /** Read capacity units of finished requests, and the estimates of those in flight. */
  private units = 0;

  /** @param maxUnits Infinity means no limit. */
  constructor(maxUnits: number, consistentRead: boolean) {
    this.maxUnits = maxUnits;
    this.fullPageUnits = FULL_PAGE_UNITS * (consistentRead ? 2 : 1);
    this.sizes = new PageSizes(consistentRead);
  }

  get isReached(): boolean {
    return this.units >= this.maxUnits;
  }

  /** Whether the estimate of another request would be uncertain: its items may be larger than all before. */
  get isNear(): boolean {
    return this.maxUnits - this.units < this.fullPageUnits;
  }

  /** Returns how many of at most `maxItems` items the next request may evaluate, and reserves its estimated cost. */
  reserve(maxItems: number): RequestSize {
    const left = this.maxUnits - this.units;
    const size =
      left < this.fullPageUnits
        ? this.sizes.next(left, maxItems)
        : { items: maxItems, units: this.fullPageUnits };
    this.units += size.units;
    return size;
  }

  /**
   * Replaces the estimate of a request by what it consumed.
   *
   * @param units undefined if the response does not say; then the estimate counts.
   */
  settle({ units: estimate }: RequestSize, items: number, units: number | undefined): void {
    if (units === undefined) return;
    this.units += units - estimate;
    this.sizes.learn({ items, units });
  }
}
