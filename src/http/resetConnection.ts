/** Resets connections. */
import type { Socket } from 'node:net';

/**
 * Resets a connection, so that its client cannot take an incomplete response for a complete one.
 *
 * `resetAndDestroy` alone fails while Node.js sends the orderly end of the connection: it emits the error EINVAL, never
 * closes the file descriptor, and the process cannot exit. So this waits for the end, which takes one turn of the event loop.
 */
export function resetConnection(socket: Socket): void {
  const isEnding = socket.writableEnded && !socket.writableFinished && socket.writableLength === 0;
  if (isEnding) socket.once('finish', () => socket.resetAndDestroy());
  else socket.resetAndDestroy();
}
