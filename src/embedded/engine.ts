/** Runs dynalite, a DynamoDB emulator, in this process. It keeps all data in memory. */
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';

/** A running engine. Its endpoint accepts any credentials. */
export interface Engine {
  endpoint: string;
  close(): Promise<void>;
}

/** Starts an engine without tables on a free port of the loopback interface. */
export async function startEngine(): Promise<Engine> {
  const server = dynalite({ createTableMs: 0 });
  const [handle] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    // dynalite would allow every origin. Front ends must use the app, which enforces its CORS policy.
    if (request.headers.origin !== undefined) {
      response.writeHead(403).end();
      return;
    }
    handle?.(request, response);
    // When a client disconnects in the middle of a request, dynalite's listener throws and ends this process.
    request.removeAllListeners('error').on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    endpoint: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve, reject) => {
        server.close((error?: Error | null) => {
          if (error) reject(error);
          else resolve();
        });
        server.closeAllConnections();
      }),
  };
}
