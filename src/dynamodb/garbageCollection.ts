/** Frees the chunks that response bodies arrive in. Their memory is outside of V8's heap, where V8 notices it late. */

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
