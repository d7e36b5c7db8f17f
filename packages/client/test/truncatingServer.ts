/** A server whose first response to each path ends after as many bytes as the path says. */
import { createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

const PREFLIGHT = [
  'HTTP/1.1 200 OK',
  'Access-Control-Allow-Origin: *',
  'Access-Control-Allow-Headers: Content-Type',
  'Content-Length: 0',
  'Connection: close',
  '\r\n',
].join('\r\n');

/**
 * Starts the server. A request to `/100/scanRecords` gets the first 100 bytes of the response, and an orderly end of the
 * connection. Later requests to this path get all of it.
 *
 * @param responseTo returns a complete HTTP response.
 * @param accept the Accept header of the request.
 */
export async function startTruncating(
  responseTo: (accept: string) => string,
): Promise<{ url: string; close(): Promise<void> }> {
  const truncated = new Set<number>();
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    let request = '';
    socket.on('data', (bytes) => {
      request += bytes.toString();
      const [head = '', body] = request.split('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (body === undefined || body.length < length) return;
      const [, method = '', offset = ''] = /^(\w+) \/(\d+)\//.exec(head) ?? [];
      const response =
        method === 'OPTIONS' ? PREFLIGHT : responseTo(/accept: (.*)/i.exec(head)?.[1]?.trim() ?? '');
      const isFirst = method !== 'OPTIONS' && !truncated.has(Number(offset));
      if (isFirst) truncated.add(Number(offset));
      socket.end(isFirst ? response.slice(0, Number(offset)) : response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
