/** A TCP proxy that cuts connections at random byte positions, in either direction. */
import { connect, createServer, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';

export interface CuttingProxy {
  url: string;
  /** Number of connections that were cut. */
  cuts(): number;
  close(): Promise<void>;
}

/**
 * Starts the proxy.
 *
 * @param random from 0 to 1; decides where each connection is cut.
 * @param maxBytes the last position of a cut. A connection that transfers less is not cut.
 */
export async function startCuttingProxy(
  target: string,
  random: () => number,
  maxBytes: number,
): Promise<CuttingProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let cuts = 0;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    let left = Math.floor(random() * maxBytes);
    const isReset = random() < 0.5;
    const cut = () => {
      cuts++;
      // An orderly end is harder to notice than a reset.
      if (isReset) client.resetAndDestroy();
      else client.end();
      upstream.destroy();
    };
    const relay = (from: Socket, to: Socket) => {
      from.on('data', (bytes: Buffer) => {
        if (left < 0) return;
        to.write(bytes.subarray(0, left), () => {
          if (left < 0) cut();
        });
        left -= bytes.length;
      });
      from.on('end', () => to.end());
    };
    relay(client, upstream);
    relay(upstream, client);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
