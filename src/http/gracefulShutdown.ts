/** Stops a server after its responses in progress have finished. */
import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { resetConnection } from './resetConnection';

/**
 * Prepares a server for a graceful shutdown.
 *
 * @param graceMs milliseconds that responses in progress may take to finish.
 * @param onReset called with the number of connections that had to be reset.
 * @returns a function that rejects new connections at once and resets the remaining ones after
 *   `graceMs`. It resolves when all connections are closed.
 */
export function gracefulShutdown(
  server: Server,
  graceMs: number,
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
      // The connection is kept alive for a next request, which the server would not accept.
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
  });

  return async () => {
    closing = true;
    const closed = new Promise<void>((resolve) => server.close(() => resolve()));
    const timer = setTimeout(() => {
      // An HTTP/1.0 client would treat an orderly close as the end of a complete response.
      onReset(sockets.size);
      for (const socket of sockets) resetConnection(socket);
    }, graceMs);
    await closed;
    clearTimeout(timer);
  };
}
