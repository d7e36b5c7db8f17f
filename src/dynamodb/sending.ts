/** The records of a scan that are on their way out, and the memory that they are in. */
import type { Answer } from './answer';

/** More than any stream takes without making its writer wait until all is sent. */
const LARGE = 128 * 1024;

export class Sending {
  private held: Answer | undefined;

  /**
   * Takes a page's records out of the memory of its answer, which is released when nothing needs it any
   * more. Those of a large page stay in it until the next page comes: by then they have been sent, for
   * they were written with backpressure.
   */
  take(records: Buffer, answer: Answer): Buffer {
    this.end();
    if (records.byteLength >= LARGE) {
      this.held = answer;
      return records;
    }
    const copy = Buffer.from(records);
    answer.release();
    return copy;
  }

  /** Nothing is held any more. */
  end(): void {
    this.held?.release();
    this.held = undefined;
  }
}
