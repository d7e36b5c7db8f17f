/** Sends requests to an HTTP server in the same process, over the loopback interface. */
import { once } from 'node:events';
import { request, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface LoopbackRequest {
  method: string;
  /** Path and query, as in a request line. */
  path: string;
  /** Names in lower case. */
  headers: Record<string, string[]>;
  body: Buffer;
}

/**
 * The only client of a server. The app gets real requests, responses and sockets, so backpressure,
 * client disconnects and connection resets work as they do without Lambda.
 */
export class LoopbackClient {
  private readonly port: Promise<number>;

  constructor(server: Server) {
    server.listen(0, '127.0.0.1');
    this.port = once(server, 'listening').then(() => (server.address() as AddressInfo).port);
  }

  /** Resolves when the response headers arrive; the body follows. */
  async send({ method, path, headers, body }: LoopbackRequest): Promise<IncomingMessage> {
    const port = await this.port;
    // Opens a new connection: a kept-alive one may have timed out while the function was frozen.
    const client = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    // Once the response has begun, errors are reported by the response.
    client.on('error', () => undefined);
    client.end(body);
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return response;
  }
}
