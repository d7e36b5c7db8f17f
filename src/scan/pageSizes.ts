/** How many records to evaluate in one call, so that it costs about what a read budget has for it. No I/O. */

/** A call costs at least so many read capacity units: those of 4 KB, eventually consistent. */
const SMALLEST_COST = 0.5;

/** What the largest record costs, of 400 KB. */
const LARGEST_RECORD = 50;

/** What a whole page costs, of 1 MB. */
const WHOLE_PAGE = 128.5;

/** Page sizes grow at most so much from one call to the next: records may differ in size. */
const GROWTH = 4;

/** What a call will cost at most as far as is known, and the records it may evaluate. */
export interface CallSize {
  records: number;
  units: number;
}

/**
 * Learns from the calls so far how many records of a table are worth how many units. The first call
 * takes records for as large as they can be.
 */
export class PageSizes {
  /** 2 for strongly consistent reads, which cost twice as much. */
  private readonly factor: number;
  private last: CallSize | undefined;

  constructor(consistentRead: boolean) {
    this.factor = consistentRead ? 2 : 1;
  }

  /** @param units read capacity units that the call should cost. */
  next(units: number, mostRecords: number): CallSize {
    const smallest = SMALLEST_COST * this.factor;
    const { records: lastRecords, units: lastUnits } = this.last ?? {
      records: 1,
      units: LARGEST_RECORD * this.factor,
    };
    // The smallest cost says nothing of how many records there might have been for it.
    const growth = lastUnits <= smallest ? 2 : units / lastUnits;
    const limit = this.last === undefined ? growth : lastRecords * Math.min(growth, GROWTH);
    const records = Math.min(mostRecords, Math.max(1, Math.floor(limit)));
    const cost = Math.max(smallest, (lastUnits / lastRecords) * records);
    return { records, units: Math.min(cost, WHOLE_PAGE * this.factor) };
  }

  /** Takes note of what a call has evaluated and cost. */
  learn({ records, units }: CallSize): void {
    if (records > 0) this.last = { records, units };
  }
}
