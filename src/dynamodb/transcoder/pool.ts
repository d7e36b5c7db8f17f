/** Transcoders for answers that are under way: what is used again need not be collected. */
import { Transcoder } from './transcoder';

/** How many wait to be used again. */
const KEPT = 4;

/** Bytes that the answers had at most whose transcoders are kept: more than DynamoDB's ever have. */
export const LARGEST_KEPT = 4 * 1024 * 1024;

export class Transcoders {
  private readonly idle: Transcoder[] = [];

  /** Undefined where there can be no more of them: V8 reserves 10 GB of address space for each. */
  take(): Transcoder | undefined {
    const kept = this.idle.pop();
    if (kept !== undefined) return kept;
    try {
      return new Transcoder();
    } catch {
      return undefined;
    }
  }

  /** Takes one back, which nobody uses any more. One that never comes back is garbage like any other. */
  give(transcoder: Transcoder): void {
    if (this.idle.length < KEPT && transcoder.capacity <= LARGEST_KEPT) this.idle.push(transcoder);
  }
}
