import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { pino, type Logger } from 'pino';
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
    server = await listen(httpServer(app, logger));
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
