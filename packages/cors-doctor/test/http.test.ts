/** The doctor's transport: the requests that it sends, and the kinds of failures. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import type { OutgoingRequest } from '../src/diagnosis';
import { createTransport } from '../src/http';
import { listen } from '../../../test/helpers/listen';
import { SELF_SIGNED } from './selfSigned';

const GET: Omit<OutgoingRequest, 'url'> = { purpose: 'request', method: 'GET', headers: [], body: undefined };

/** Starts a server that handles raw connections. */
async function serveRaw(onRequest: (socket: Socket, request: string) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', (bytes) => onRequest(socket, bytes.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return {
    url: `http://127.0.0.1:${port}/a?b=c`,
    port,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Returns the transport's result for a server with this handler. */
async function receive(
  onRequest: (socket: Socket, request: string) => void,
  limits = {},
  sent: Partial<OutgoingRequest> = {},
) {
  const server = await serveRaw(onRequest);
  try {
    return await createTransport(limits)({ ...GET, url: server.url, ...sent });
  } finally {
    await server.close();
  }
}

const OK = 'HTTP/1.1 200 OK\r\n';

describe('a request of the transport', () => {
  it.each<[string, Partial<OutgoingRequest>, string[]]>([
    ['only Host and Connection by default', {}, ['GET /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive']],
    [
      'the given headers in their order and case',
      {
        headers: [
          ['x-B', '1'],
          ['ORIGIN', 'null'],
        ],
      },
      ['GET /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive', 'x-B: 1', 'ORIGIN: null'],
    ],
    [
      'the method in its case',
      { method: 'patch' },
      ['patch /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive'],
    ],
    [
      'the length of a body in bytes',
      { method: 'POST', body: 'ä' },
      ['POST /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive', 'Content-Length: 2'],
    ],
    [
      'the length of a missing body',
      { method: 'POST' },
      ['POST /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive', 'Content-Length: 0'],
    ],
    [
      'no length when PATCH has no body, as in browsers',
      { method: 'PATCH' },
      ['PATCH /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive'],
    ],
    [
      'a repeated header twice',
      {
        headers: [
          ['X-A', '1'],
          ['X-A', '2'],
        ],
      },
      ['GET /a?b=c HTTP/1.1', 'Host: *', 'Connection: keep-alive', 'X-A: 1', 'X-A: 2'],
    ],
  ])('contains %s', async (_, sent, lines) => {
    let requestLines: string[] = [];
    await receive(
      (socket, request) => {
        requestLines = (request.split('\r\n\r\n')[0] ?? '')
          .split('\r\n')
          .map((line) => line.replace(/^Host: .*/, 'Host: *'));
        socket.end(`${OK}Content-Length: 0\r\n\r\n`);
      },
      {},
      sent,
    );
    expect(requestLines).toEqual(lines);
  });
});

describe('a result of the transport', () => {
  it('contains all headers in their order and case, including repeated ones', async () => {
    const received = await receive((socket) => socket.end(`${OK}x-A: 1\r\nX-a: 2\r\nVary:\r\n\r\nbody`));
    expect(received).toEqual({
      kind: 'response',
      status: 200,
      headers: [
        ['x-A', '1'],
        ['X-a', '2'],
        ['Vary', ''],
      ],
      body: 'body',
    });
  });

  it('is the redirect itself, which is not followed', async () => {
    const received = await receive((socket) =>
      socket.end('HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\n\r\n'),
    );
    expect(received).toMatchObject({ status: 302, headers: [['Location', '/elsewhere']] });
  });

  it('contains an endless body up to the limit', async () => {
    const endless = (socket: Socket) => {
      socket.write(`${OK}\r\n`);
      const more = () => socket.writable && socket.write('a'.repeat(10_000), more);
      more();
    };
    expect(await receive(endless, { maxBodyBytes: 25_000 })).toMatchObject({
      status: 200,
      body: 'a'.repeat(25_000),
    });
  });

  it('is a response when the body does not end in time', async () => {
    const slow = (socket: Socket) => socket.write(`${OK}Content-Length: 9\r\n\r\nabc`);
    expect(await receive(slow, { bodyTimeoutMs: 200 })).toMatchObject({ status: 200, body: 'abc' });
  });

  it.each([
    ['an event stream', 'Content-Type: text/event-stream\r\n\r\ndata: 1\n\n', {}],
    ['a body that the caller does not want', 'Content-Length: 9\r\n\r\nabc', { maxBodyBytes: 0 }],
  ])('has no body and closes the connection for %s', async (_, rest, limits) => {
    let closed: Promise<unknown> | undefined;
    const endless = (socket: Socket) => {
      closed = once(socket, 'close');
      socket.write(`${OK}${rest}`);
    };
    // The server never ends the body, and the transport would wait for it longer than the test runs.
    const received = await receive(endless, { bodyTimeoutMs: 2 ** 30, ...limits });
    expect(received).toMatchObject({ status: 200, body: '' });
    await closed;
  });

  it.each<[string, Buffer]>([
    ['gzip', gzipSync('{"message":"no"}')],
    ['deflate', deflateSync('{"message":"no"}')],
    ['deflate', deflateRawSync('{"message":"no"}')],
    ['br', brotliCompressSync('{"message":"no"}')],
    ['identity', Buffer.from('{"message":"no"}')],
  ])('contains the text of a body that is compressed with %s', async (encoding, bytes) => {
    const received = await receive((socket) => {
      socket.write(`${OK}Content-Encoding: ${encoding}\r\nContent-Length: ${bytes.byteLength}\r\n\r\n`);
      socket.write(bytes);
    });
    expect(received).toMatchObject({ body: '{"message":"no"}' });
  });

  it('contains the start of a compressed body that is cut short', async () => {
    const bytes = gzipSync(randomBytes(20_000).toString('hex'));
    const received = await receive((socket) => {
      socket.write(`${OK}Content-Encoding: gzip\r\n\r\n`);
      socket.end(bytes.subarray(0, 10_000));
    });
    expect(received).toMatchObject({ body: expect.stringMatching(/^[0-9a-f]{9000}/) as string });
  });

  it('joins the chunks of a body, also if the last one is cut short', async () => {
    const chunked = (socket: Socket) =>
      socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3;x=y\r\ncde\r\n9\r\nfg`);
    expect(await receive(chunked)).toMatchObject({ body: 'abcdefg' });
  });

  it('is a response when the body is cut short', async () => {
    const broken = (socket: Socket) => socket.end(`${OK}Content-Length: 9\r\n\r\nabc`);
    expect(await receive(broken)).toMatchObject({ status: 200, body: 'abc' });
  });
});

describe('a failure', () => {
  it.each<[string, string, (socket: Socket) => void]>([
    ['broken', 'a connection that closes without a response', (socket) => socket.destroy()],
    ['broken', 'a connection that is reset', (socket) => socket.resetAndDestroy()],
    ['broken', 'a reset in the headers', (socket) => socket.write(OK, () => socket.resetAndDestroy())],
    ['not-http', 'a reply that is not HTTP', (socket) => socket.end('hello\r\n\r\n')],
    ['not-http', 'a greeting', (socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n')],
    ['invalid-http', 'two lengths', (socket) => socket.write(`${OK}Content-Length: 1, 2\r\n\r\n`)],
    ['invalid-http', 'headers without end', (socket) => socket.write(`${OK}X: ${'a'.repeat(300_000)}`)],
    ['timeout', 'silence', () => undefined],
  ])('is %s for %s', async (failure, _, onRequest) => {
    expect(await receive(onRequest, { timeoutMs: 1_000 })).toMatchObject({ kind: 'failure', failure });
  });

  it('has the kind of ECONNREFUSED when no server listens', async () => {
    const { port, close } = await listen(createHttpServer());
    await close();
    const received = await createTransport()({ ...GET, url: `http://127.0.0.1:${port}/` });
    expect(received).toMatchObject({ kind: 'failure', failure: 'refused' });
  });

  it('is dns for a host that does not exist', async () => {
    const received = await createTransport()({ ...GET, url: 'http://host.invalid/' });
    expect(received).toMatchObject({ kind: 'failure', failure: 'dns' });
  });

  it('is speaks-http, with the URL that works, for https on a port without TLS', async () => {
    const server = await serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const received = await createTransport()({ ...GET, url: `https://127.0.0.1:${server.port}/a` });
    await server.close();
    expect(received).toMatchObject({
      failure: 'speaks-http',
      alternative: `http://127.0.0.1:${server.port}/a`,
    });
  });

  it('is tls for https on a port that speaks neither TLS nor HTTP', async () => {
    const server = await serveRaw((socket) => socket.end('220 mail.example ESMTP\r\n'));
    const received = await createTransport()({ ...GET, url: `https://127.0.0.1:${server.port}/` });
    await server.close();
    expect(received).toMatchObject({ failure: 'tls', netError: 'ERR_SSL_PROTOCOL_ERROR' });
  });

  it('is speaks-https, with the URL that works, for http on a port with TLS', async () => {
    const { port, close } = await listen(createHttpsServer(SELF_SIGNED));
    const received = await createTransport()({ ...GET, url: `http://127.0.0.1:${port}/a` });
    await close();
    expect(received).toMatchObject({ failure: 'speaks-https', alternative: `https://127.0.0.1:${port}/a` });
  });

  it('is certificate for a certificate that browsers do not trust', async () => {
    const { port, close } = await listen(createHttpsServer(SELF_SIGNED));
    const received = await createTransport()({ ...GET, url: `https://localhost:${port}/` });
    await close();
    expect(received).toMatchObject({ failure: 'certificate', netError: 'ERR_CERT_AUTHORITY_INVALID' });
  });

  describe('of a server that listens on ::1 only', () => {
    let port = 0;
    const server = createHttpServer((_request, response) => response.end('::1'));

    beforeAll(async () => {
      await new Promise<void>((resolve) => server.listen(0, '::1', resolve));
      port = (server.address() as AddressInfo).port;
    });

    afterAll(() => new Promise((resolve) => server.close(resolve)));

    it('does not happen for localhost, as in browsers', async () => {
      const received = await createTransport()({ ...GET, url: `http://localhost:${port}/` });
      expect(received).toMatchObject({ status: 200, body: '::1' });
    });

    it('names the URL that works for 127.0.0.1', async () => {
      const received = await createTransport()({ ...GET, url: `http://127.0.0.1:${port}/a` });
      expect(received).toMatchObject({
        failure: 'refused',
        message: expect.stringContaining('a server listens on [::1]') as string,
        alternative: `http://localhost:${port}/a`,
      });
    });
  });

  it('is broken, without an exception, for a URL that is not http', async () => {
    const received = await createTransport()({ ...GET, url: 'ftp://127.0.0.1/' });
    expect(received).toMatchObject({ kind: 'failure', failure: 'broken' });
  });

  it('is broken, without an exception, for an invalid header', async () => {
    const received = await createTransport()({
      ...GET,
      url: 'http://127.0.0.1:1/',
      headers: [['X-A', 'a\nb']],
    });
    expect(received).toMatchObject({ kind: 'failure', failure: 'broken' });
  });
});
