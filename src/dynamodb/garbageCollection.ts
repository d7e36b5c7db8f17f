/** Frees the chunks that response bodies arrive in. Their memory is outside of V8's heap, where V8 notices it late. */

/**
 * How many bytes of chunks may wait to be freed. By default V8 lets 32 MB wait. A young generation small
 * enough to be collected sooner would be collected ten times as often when requests are small.
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
