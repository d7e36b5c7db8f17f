/** How many records to evaluate in one call, so that it costs about what a read budget has for it. No I/O. */

/** A call costs at least so many read capacity units: those of 4 KB, eventually consistent. */
const SMALLEST_COST = 0.5;

/** What the largest record costs, of 400 KB. */
const LARGEST_RECORD = 50;

/** What a whole page costs, of 1 MB. */
const WHOLE_PAGE = 128.5;

/** How fast sizes grow from one call to the next: what comes may be larger than what came. */
const GROWTH = 2;

/** How much of a large record's cost is expected of the next call's records. */
const MEMORY = 0.8;

/** What a call will cost at most as far as is known, and the records it may evaluate. */
export interface CallSize {
  records: number;
  units: number;
}

/**
 * Learns from the calls so far how many records are worth how many units. The first call takes
 * records for as large as they can be. How large records are that no call has seen nobody knows: where
 * they are much larger than those before them, a call costs more than it should.
 */
export class PageSizes {
  /** 2 for strongly consistent reads, which cost twice as much. */
  private readonly factor: number;
  private records: number | undefined;
  private unitsPerRecord: number;

  constructor(consistentRead: boolean) {
    this.factor = consistentRead ? 2 : 1;
    this.unitsPerRecord = LARGEST_RECORD * this.factor;
  }

  /** @param units read capacity units that the call should cost. */
  next(units: number, mostRecords: number): CallSize {
    // No call costs less than the smallest: a budget that has not that much for one waits for it.
    const affordable = Math.floor(Math.max(units, SMALLEST_COST * this.factor) / this.unitsPerRecord);
    const grown = this.records === undefined ? affordable : Math.min(affordable, this.records * GROWTH);
    const records = Math.min(mostRecords, Math.max(1, grown));
    const cost = Math.max(SMALLEST_COST * this.factor, this.unitsPerRecord * records);
    return { records, units: Math.min(cost, WHOLE_PAGE * this.factor) };
  }

  /** Takes note of what a call has evaluated and cost. */
  learn({ records, units }: CallSize): void {
    if (records === 0) return;
    // At the smallest cost there might have been more records for it, nobody knows how many.
    const isSmallest = units <= SMALLEST_COST * this.factor;
    const unitsPerRecord = units / records / (isSmallest ? GROWTH : 1);
    this.unitsPerRecord =
      this.records === undefined ? unitsPerRecord : Math.max(unitsPerRecord, this.unitsPerRecord * MEMORY);
    // A call that was to evaluate few is no reason to begin anew.
    this.records = Math.max(records, Math.floor((this.records ?? 0) / GROWTH));
  }
}
