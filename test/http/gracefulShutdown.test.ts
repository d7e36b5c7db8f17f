import { once } from 'node:events';
import {
  Agent,
  createServer,
  request,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { gracefulShutdown } from '../../src/http/gracefulShutdown';

const LONG_MS = 60_000;

describe('gracefulShutdown', () => {
  const agent = new Agent({ keepAlive: true });

  afterAll(() => {
    agent.destroy();
  });

  async function start(graceMs: number, onReset?: (connections: number) => void) {
    const server = createServer();
    const shutDown = gracefulShutdown(server, graceMs, onReset);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, shutDown, port: (server.address() as AddressInfo).port };
  }

  /** Sends a request whose response has begun but not ended. */
  async function beginResponse(server: Server, port: number): Promise<[ServerResponse, IncomingMessage]> {
    const client = request({ port, host: '127.0.0.1', agent })
      // The tests check for a reset on the response, which reports it too.
      .on('error', () => undefined)
      .end();
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    response.write('begun');
    const [received] = (await once(client, 'response')) as [IncomingMessage];
    return [response, received];
  }

  it('finishes the response in progress and rejects new connections', async () => {
    const { server, shutDown, port } = await start(LONG_MS);
    const [response, received] = await beginResponse(server, port);
    const closed = shutDown();

    const [rejected] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(rejected.code).toBe('ECONNREFUSED');

    response.end(' and ended');
    let text = '';
    for await (const chunk of received.setEncoding('utf8')) text += String(chunk);
    expect(text).toBe('begun and ended');
    await closed;
  });

  it('resolves with the last response even if its connection would be kept alive', async () => {
    const { server, shutDown, port } = await start(LONG_MS);
    server.keepAliveTimeout = LONG_MS;
    const [response, received] = await beginResponse(server, port);
    const closed = shutDown();
    response.end();
    received.resume();
    await closed;
    expect(response.writableFinished).toBe(true);
  });

  it('resolves at once when no response is in progress', async () => {
    const { server, shutDown } = await start(LONG_MS);
    await shutDown();
    expect(server.listening).toBe(false);
  });

  it('resets a response that takes longer than the grace period', async () => {
    const resets: number[] = [];
    const { server, shutDown, port } = await start(20, (connections) => resets.push(connections));
    const [, received] = await beginResponse(server, port);
    const failed = once(received.resume(), 'error');
    await shutDown();
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(resets).toEqual([1]);
  });
});
