/** Stops a server without cutting answers short that can still be finished. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/**
 * Prepares a server for a graceful close.
 *
 * @param grace milliseconds that answers in flight get to finish.
 * @param onReset called with the number of connections that had to be reset.
 * @returns what closes it: no new connections at once, the last ones reset after `grace`. It resolves
 *   when all are closed.
 */
export function gracefulClose(
  server: Server,
  grace: number,
  onReset: (connections: number) => void = () => undefined,
): () => Promise<void> {
  const sockets = new Set<Socket>();
  let closing = false;
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response: ServerResponse) => {
    response.once('close', () => {
      // Kept alive for a next request, which will not be taken.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });

  return async () => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const timer = setTimeout(() => {
      // Reset: an orderly close would end an HTTP/1.0 answer as if it were whole.
      onReset(sockets.size);
      for (const socket of sockets) socket.resetAndDestroy();
    }, grace);
    await closed;
    clearTimeout(timer);
  };
}
