/** Transcoders for answers that are under way: what is used again need not be collected. */
import { Transcoder } from './transcode';

/** How many wait to be used again, and how large an answer those may have had. */
const KEPT = 4;
const LARGEST = 4 * 1024 * 1024;

export class Transcoders {
  private readonly idle: Transcoder[] = [];

  take(): Transcoder {
    return this.idle.pop() ?? new Transcoder();
  }

  /** Takes one back, which nobody uses any more. One that never comes back is garbage like any other. */
  give(transcoder: Transcoder): void {
    if (this.idle.length < KEPT && transcoder.capacity <= LARGEST) this.idle.push(transcoder);
  }
}
