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
import { gracefulClose } from '../../src/http/gracefulShutdown';

const LONG = 60_000;

describe('a graceful close', () => {
  const agent = new Agent({ keepAlive: true });

  afterAll(() => {
    agent.destroy();
  });

  async function start(grace: number, onReset?: (connections: number) => void) {
    const server = createServer();
    const close = gracefulClose(server, grace, onReset);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { server, close, port: (server.address() as AddressInfo).port };
  }

  /** A request whose answer has begun and waits to be ended. */
  async function beginAnswer(server: Server, port: number): Promise<[ServerResponse, IncomingMessage]> {
    const client = request({ port, host: '127.0.0.1', agent })
      // A reset shows on the answer too, which is where the tests look.
      .on('error', () => undefined)
      .end();
    const [, response] = (await once(server, 'request')) as [IncomingMessage, ServerResponse];
    response.write('begun');
    const [answer] = (await once(client, 'response')) as [IncomingMessage];
    return [response, answer];
  }

  it('lets an answer in flight finish, and takes no new connection', async () => {
    const { server, close, port } = await start(LONG);
    const [response, answer] = await beginAnswer(server, port);
    const closed = close();

    const [refused] = (await once(connect(port, '127.0.0.1'), 'error')) as [NodeJS.ErrnoException];
    expect(refused.code).toBe('ECONNREFUSED');

    response.end(' and ended');
    let text = '';
    for await (const chunk of answer.setEncoding('utf8')) text += String(chunk);
    expect(text).toBe('begun and ended');
    await closed;
  });

  it('is done as soon as the last answer is, though its connection would be kept alive', async () => {
    const { server, close, port } = await start(LONG);
    server.keepAliveTimeout = LONG;
    const [response, answer] = await beginAnswer(server, port);
    const closed = close();
    response.end();
    answer.resume();
    await closed;
    expect(response.writableFinished).toBe(true);
  });

  it('is done at once when nothing is in flight', async () => {
    const { server, close } = await start(LONG);
    await close();
    expect(server.listening).toBe(false);
  });

  it('resets an answer that takes longer than the grace', async () => {
    const resets: number[] = [];
    const { server, close, port } = await start(20, (connections) => resets.push(connections));
    const [, answer] = await beginAnswer(server, port);
    const failed = once(answer.resume(), 'error');
    await close();
    const [error] = (await failed) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    expect(resets).toEqual([1]);
  });
});
