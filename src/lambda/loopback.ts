/** Requests to an HTTP server in the same process, over the loopback interface. */
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
 * A server that only this process asks. Its app gets real requests, responses and sockets, with all that
 * it knows of backpressure, of clients that leave and of answers that break off.
 */
export class Loopback {
  private readonly listening: Promise<number>;

  constructor(server: Server) {
    server.listen(0, '127.0.0.1');
    this.listening = once(server, 'listening').then(() => (server.address() as AddressInfo).port);
  }

  /** Resolves when the head of the answer is there; the body follows, or breaks off. */
  async ask({ method, path, headers, body }: LoopbackRequest): Promise<IncomingMessage> {
    const port = await this.listening;
    // A connection of its own: one that is kept may have timed out while the function was frozen.
    const asked = request({ host: '127.0.0.1', port, method, path, headers, agent: false });
    // Once the answer has begun, it is the answer that breaks off.
    asked.on('error', () => undefined);
    asked.end(body);
    const [answer] = (await once(asked, 'response')) as [IncomingMessage];
    return answer;
  }
}
