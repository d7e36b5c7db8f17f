/** When a client leaves. */
import type { Response } from 'express';

/** Aborts when the response is closed before it has ended: its client has left. */
export function closeSignal(response: Response): AbortSignal {
  const left = new AbortController();
  function abortUnlessEnded() {
    if (!response.writableFinished) left.abort();
  }
  if (response.closed) abortUnlessEnded();
  else response.once('close', abortUnlessEnded);
  return left.signal;
}
