/** Detects that a client has disconnected. */
import type { Response } from 'express';

/** Returns a signal that aborts when the client disconnects before the response has been sent completely. */
export function disconnectSignal(response: Response): AbortSignal {
  const disconnect = new AbortController();
  function abortUnlessFinished() {
    if (!response.writableFinished) disconnect.abort();
  }
  if (response.closed) abortUnlessFinished();
  else response.once('close', abortUnlessFinished);
  return disconnect.signal;
}
