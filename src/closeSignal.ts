/** When a client leaves. */
import type { Response } from 'express';

/** Aborts when the response is closed: it has ended, or its client has left. */
export function closeSignal(response: Response): AbortSignal {
  const closed = new AbortController();
  if (response.closed) closed.abort();
  else response.once('close', () => closed.abort());
  return closed.signal;
}
