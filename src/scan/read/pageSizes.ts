/** Chooses how many items to evaluate per request so that its cost stays within the read-rate limit. No I/O. */

/** A request costs at least this many read capacity units: 4 KB, eventually consistent. */
export const MIN_REQUEST_UNITS = 0.5;

/** The cost of the largest possible item, 400 KB. */
const MAX_ITEM_UNITS = 50;

/** The cost of a full page, 1 MB. */
export const FULL_PAGE_UNITS = 128.5;

/** How fast sizes grow from one request to the next: the next items may be larger than the last ones. */
const GROWTH = 2;

/** After each request, the expected cost per item decreases to at least this share. */
const DECAY = 0.8;

/** The number of items that a request may evaluate, and its expected maximum cost in read capacity units. */
export interface RequestSize {
  items: number;
  units: number;
}

/**
 * Learns from past requests how many items cost how many units. The first request assumes the largest possible
 * items. If later items are much larger than all earlier ones, one request costs more than intended.
 */
export class PageSizes {
  /** 2 for strongly consistent reads, which cost twice as much. */
  private readonly factor: number;
  private lastItems: number | undefined;
  private unitsPerItem: number;

  constructor(consistentRead: boolean) {
    this.factor = consistentRead ? 2 : 1;
    this.unitsPerItem = MAX_ITEM_UNITS * this.factor;
  }

  /** @param units read capacity units that the request should cost. */
  next(units: number, maxItems: number): RequestSize {
    // No request costs less than the minimum. A limiter with a lower rate waits until it can afford one.
    const affordable = Math.floor(Math.max(units, MIN_REQUEST_UNITS * this.factor) / this.unitsPerItem);
    const grown = this.lastItems === undefined ? affordable : Math.min(affordable, this.lastItems * GROWTH);
    const items = Math.min(maxItems, Math.max(1, grown));
    const cost = Math.max(MIN_REQUEST_UNITS * this.factor, this.unitsPerItem * items);
    return { items, units: Math.min(cost, FULL_PAGE_UNITS * this.factor) };
  }

  /** Learns the number of items and the cost of a finished request. */
  learn({ items, units }: RequestSize): void {
    if (items === 0) return;
    // At the minimum cost, more items might have fit into the same cost.
    const isMinimum = units <= MIN_REQUEST_UNITS * this.factor;
    const unitsPerItem = units / items / (isMinimum ? GROWTH : 1);
    this.unitsPerItem =
      this.lastItems === undefined ? unitsPerItem : Math.max(unitsPerItem, this.unitsPerItem * DECAY);
    // A request that was limited to a few items must not reset the growth.
    this.lastItems = Math.max(items, Math.floor((this.lastItems ?? 0) / GROWTH));
  }
}
