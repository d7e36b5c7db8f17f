/** Frees memory outside of V8's heap, which V8 notices late: the chunks of response bodies, and their transcoders. */

/**
 * Bytes of received chunks after which a minor garbage collection is forced. V8 alone would wait for about 32 MB. A
 * smaller young generation would be collected sooner too, but ten times as often under small requests.
 */
const MAX_WAITING_BYTES = 8 * 1024 * 1024;

let waitingBytes = 0;

/** Counts the chunks of one body, and frees all chunks past the limit if Node.js runs with `--expose-gc`. */
export function freeChunks(bytes: number): void {
  waitingBytes += bytes;
  if (waitingBytes < MAX_WAITING_BYTES) return;
  waitingBytes = 0;
  globalThis.gc?.({ type: 'minor' });
}

/** At least this many scans at once leave garbage that an otherwise idle server would keep for minutes. */
const MANY_SCANS = 16;

let running = 0;
let mostRunning = 0;

/** Counts a scan, and frees all memory after the last of many if Node.js runs with `--expose-gc`. */
export async function freeAfterMany<Result>(scan: () => Promise<Result>): Promise<Result> {
  running++;
  mostRunning = Math.max(mostRunning, running);
  try {
    return await scan();
  } finally {
    running--;
    if (running === 0) {
      if (mostRunning >= MANY_SCANS) setImmediate(() => globalThis.gc?.());
      mostRunning = 0;
    }
  }
}
