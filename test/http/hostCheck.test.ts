import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Environment } from '../../src/config/config';
import { pageOf, repositoryOf, serve, testApp } from '../helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));

/** Sends a request with this `Host` to a loopback address, and returns the response as text. */
async function requestTo(
  host: string | undefined,
  {
    environment = {},
    method = 'POST',
    path = '/scanRecords',
  }: { environment?: Environment; method?: string; path?: string } = {},
): Promise<string> {
  const server = await serve(testApp(REPOSITORY, environment).app);
  try {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    const version = host === undefined ? '1.0' : '1.1';
    const hostLine = host === undefined ? '' : `Host: ${host}\r\n`;
    socket.write(
      `${method} ${path} HTTP/${version}\r\n${hostLine}Origin: http://localhost:5173\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
    return await text(socket);
  } finally {
    await server.close();
  }
}

function statusOf(response: string): number {
  return Number(response.split(' ')[1]);
}

describe('a server on a loopback address', () => {
  it.each([
    'localhost:3000',
    'localhost',
    'LOCALHOST:3000',
    'localhost.:3000',
    'app.localhost:3000',
    '127.0.0.1:3000',
    '127.0.0.1',
    '[::1]:3000',
    '192.168.1.20:3000',
    undefined,
  ])('serves the host %s', async (host) => {
    expect(statusOf(await requestTo(host))).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:3000',
    'localhost.evil.example:3000',
    'evil-localhost:3000',
    '127.0.0.1.evil.example',
    'evil.example:80:localhost',
    '.localhost',
    'localhost@evil.example',
    '[::1].evil.example',
    '',
  ])('rejects the host %j with 403, so that a web page can read why', async (host) => {
    const response = await requestTo(host);
    expect(statusOf(response)).toBe(403);
    expect(response).toContain('"code":"HostNotAllowed"');
    expect(response).toContain('Access-Control-Allow-Origin: *');
  });

  it.each(['/healthz', '/readyz', '/openapi.json', '/nothing'])(
    'checks the host for GET %s',
    async (path) => {
      expect(statusOf(await requestTo('evil.example', { method: 'GET', path }))).toBe(403);
    },
  );

  it('responds to a preflight with 200 for every host', async () => {
    expect(statusOf(await requestTo('evil.example', { method: 'OPTIONS' }))).toBe(200);
  });
});

describe('ALLOWED_HOSTS', () => {
  const environment = { ALLOWED_HOSTS: 'api.example.com,*.test.example' };

  it.each([
    ['api.example.com', 200],
    ['API.example.com:8443', 200],
    ['a.test.example', 200],
    ['localhost:3000', 200],
    ['test.example', 403],
    ['www.api.example.com', 403],
    ['evil.example', 403],
  ])('responds to the host %s with %i', async (host, status) => {
    expect(statusOf(await requestTo(host, { environment }))).toBe(status);
  });
});
