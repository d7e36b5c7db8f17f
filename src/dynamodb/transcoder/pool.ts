/** Keeps idle transcoders for reuse, because V8 is slow to free their memory. */
import { Transcoder } from './transcoder';

/** How many idle transcoders are kept. */
const MAX_IDLE = 4;

/** Transcoders for larger bodies are not kept. Bodies from DynamoDB are never this large. */
export const MAX_POOLED_BYTES = 4 * 1024 * 1024;

export class TranscoderPool {
  private readonly idle: Transcoder[] = [];

  /** Returns undefined if V8 cannot create another one: it reserves 10 GB of address space for each. */
  take(): Transcoder | undefined {
    const kept = this.idle.pop();
    if (kept !== undefined) return kept;
    try {
      return new Transcoder();
    } catch {
      return undefined;
    }
  }

  /** Takes back a transcoder that is no longer used. One that is never given back is garbage collected. */
  give(transcoder: Transcoder): void {
    if (this.idle.length < MAX_IDLE && transcoder.capacity <= MAX_POOLED_BYTES) this.idle.push(transcoder);
  }
}
