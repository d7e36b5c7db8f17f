/** The pieces that answers arrive in: memory outside of V8's heap, which V8 is slow to miss. */

/**
 * Bytes of pieces that may wait to be freed. V8 by itself lets 32 MB wait. A young generation so small
 * that it is collected sooner is collected ten times as often where requests are small.
 */
const MOST_WAITING = 8 * 1024 * 1024;

let waiting = 0;

/** Has the pieces of an answer freed with those of others, where Node.js runs with `--expose-gc`. */
export function freePieces(size: number): void {
  waiting += size;
  if (waiting < MOST_WAITING) return;
  waiting = 0;
  globalThis.gc?.({ type: 'minor' });
}
