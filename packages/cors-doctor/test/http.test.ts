/** The doctor's transport: the requests that it sends, and the kinds of failures. */
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Socket } from 'node:net';
import type { OutgoingRequest } from '../src/diagnosis';
import { createTransport } from '../src/http';
import { listen } from '../../../test/helpers/listen';

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
      ['GET /a?b=c HTTP/1.1', 'Host: *', 'x-B: 1', 'ORIGIN: null', 'Connection: keep-alive'],
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
      'a repeated header twice',
      {
        headers: [
          ['X-A', '1'],
          ['X-A', '2'],
        ],
      },
      ['GET /a?b=c HTTP/1.1', 'Host: *', 'X-A: 1', 'X-A: 2', 'Connection: keep-alive'],
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
    expect(await receive(slow, { timeoutMs: 300 })).toMatchObject({ status: 200, body: 'abc' });
  });

  it('is a response when the body is cut short', async () => {
    const broken = (socket: Socket) => socket.end(`${OK}Content-Length: 9\r\n\r\nabc`);
    expect(await receive(broken)).toMatchObject({ status: 200, body: 'abc' });
  });
});

describe('a failure', () => {
  it.each<[string, string, (socket: Socket) => void]>([
    ['broken', 'a connection that closes without a response', (socket) => socket.destroy()],
    ['broken', 'a response that is not HTTP', (socket) => socket.end('hello\r\n\r\n')],
    ['broken', 'headers without end', (socket) => socket.write(`${OK}X: ${'a'.repeat(300_000)}`)],
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

  it('is tls for a server without TLS', async () => {
    const server = await serveRaw((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const received = await createTransport()({ ...GET, url: `https://127.0.0.1:${server.port}/` });
    await server.close();
    expect(received).toMatchObject({ kind: 'failure', failure: 'tls' });
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
