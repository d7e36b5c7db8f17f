/** Stops a server without cutting answers short that can still be finished. */
import type { Server, ServerResponse } from 'node:http';

/**
 * Prepares a server for a graceful close.
 *
 * @param grace milliseconds that answers in flight get to finish.
 * @returns what closes it: no new connections at once, the last ones reset after `grace`. It resolves
 *   when all are closed.
 */
export function gracefulClose(server: Server, grace: number): () => Promise<void> {
  const inFlight = new Set<ServerResponse>();
  let closing = false;
  server.prependListener('request', (_request, response: ServerResponse) => {
    inFlight.add(response);
    response.once('close', () => {
      inFlight.delete(response);
      // Kept alive for a next request, which will not be taken.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });

  return async () => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const timer = setTimeout(() => {
      // Reset: an orderly close would end an HTTP/1.0 answer as if it were whole.
      for (const { socket } of inFlight) socket?.resetAndDestroy();
      server.closeAllConnections();
    }, grace);
    await closed;
    clearTimeout(timer);
  };
}
