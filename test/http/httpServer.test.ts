import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { pino, type Logger } from 'pino';
import type { Repository } from '../../src/dynamodb/repository';
import { httpServer } from '../../src/http/httpServer';
import { listen, type Listening } from '../helpers/listen';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

describe('httpServer', () => {
  const { app } = testApp(repositoryOf(pageOf('{"id":"a"}')));
  let lines: string[];
  let server: Listening;

  beforeEach(async () => {
    lines = [];
    const logger: Logger = pino({ base: null }, { write: (line: string) => void lines.push(line) });
    server = await listen(httpServer(app, logger, { keepAliveTimeoutMs: 65_000 }));
  });

  afterEach(async () => {
    await server.close();
  });

  async function send(method: string, headers: Record<string, string>): Promise<IncomingMessage> {
    const client = httpRequest({
      port: server.port,
      host: '127.0.0.1',
      method,
      path: '/scanRecords',
      headers,
    });
    const [response] = (await once(client.end(), 'response')) as [IncomingMessage];
    return response.resume();
  }

  /** Sends raw bytes and returns the response. */
  async function sendBytes(bytes: string): Promise<string> {
    const socket = connect(server.port, '127.0.0.1');
    socket.write(bytes);
    let response = '';
    for await (const text of socket.setEncoding('utf8')) response += String(text);
    return response;
  }

  it('accepts the cookies of all localhost ports', async () => {
    const { statusCode } = await send('POST', { Cookie: 'c='.padEnd(60_000, 'x') });
    expect(statusCode).toBe(200);
  });

  it('accepts 2,000 header lines and rejects more, because Node.js would ignore them', async () => {
    const request = (count: number) =>
      `POST /scanRecords HTTP/1.1\r\n${'A:\r\n'.repeat(count)}Host: localhost\r\nOrigin: http://a.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
    const accepted = await sendBytes(request(1996));
    expect(accepted).toMatch(/^HTTP\/1\.1 200 /);
    expect(await sendBytes(request(1997))).toMatch(/^HTTP\/1\.1 431 /);
    expect(lines.join('')).toContain('2001 header lines');
  });

  it('tells a client that waits for 100 Continue to upload the body', async () => {
    const socket = connect(server.port, '127.0.0.1').setEncoding('utf8');
    socket.write(
      'POST /scanRecords HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n',
    );
    const [first] = (await once(socket, 'data')) as [string];
    expect(first).toMatch(/^HTTP\/1\.1 100 Continue/);
    socket.write('{}');
    let rest = '';
    for await (const text of socket) rest += String(text);
    expect(rest).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('rejects a client that waits for 100 Continue without credentials before it uploads anything', async () => {
    const { app: closed } = testApp(repositoryOf(), { AUTH: 'key', API_KEYS: `a:${'0'.repeat(64)}` });
    const own = await listen(httpServer(closed, pino({ level: 'silent' }), { keepAliveTimeoutMs: 65_000 }));
    const socket = connect(own.port, '127.0.0.1').setEncoding('utf8');
    socket.write(
      'POST /scanRecords HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n',
    );
    let response = '';
    for await (const text of socket) response += String(text);
    expect(response).toMatch(/^HTTP\/1\.1 401 /);
    await own.close();
  });

  it('returns 413 to a client that waits for 100 Continue with a body that is too large', async () => {
    const response = await sendBytes(
      'POST /scanRecords HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nExpect: 100-continue\r\n\r\n',
    );
    expect(response).toMatch(/^HTTP\/1\.1 413 /);
    expect(response).not.toContain('100 Continue');
  });

  it.each(['1.0', '1.1'])(
    'resets the connection of an HTTP/%s client that closes its side before the response is complete',
    async (version) => {
      let scanned = (): void => undefined;
      const reached = new Promise<void>((resolve) => (scanned = resolve));
      const repository: Repository = {
        ...repositoryOf(pageOf('{"id":"a"}')),
        scanPage: () => {
          scanned();
          return new Promise(() => undefined);
        },
      };
      const own = await listen(
        httpServer(testApp(repository).app, pino({ level: 'silent' }), { keepAliveTimeoutMs: 65_000 }),
      );
      const socket = connect({ port: own.port, host: '127.0.0.1', allowHalfOpen: true });
      socket.write(`POST /scanRecords HTTP/${version}\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n`);
      await reached;
      socket.end();
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNRESET');
      await own.close();
    },
  );

  it('ignores an unknown Expect header, even on a preflight', async () => {
    const { statusCode, headers } = await send('OPTIONS', {
      Expect: 'x',
      'Access-Control-Request-Method': 'POST',
    });
    expect(statusCode).toBe(200);
    expect(headers['access-control-allow-origin']).toBe('*');
  });

  it.each([
    ['oversized headers', `POST / HTTP/1.1\r\nHost: a\r\nCookie: ${'x'.repeat(70_000)}\r\n\r\n`, 431],
    ['bytes that are not HTTP', 'hello\r\n\r\n', 400],
  ])('rejects and logs %s', async (_, bytes, status) => {
    expect(await sendBytes(bytes)).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([expect.objectContaining({ status })]);
  });
});
