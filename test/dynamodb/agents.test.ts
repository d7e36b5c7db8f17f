import { createServer, request as httpRequest, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, request as httpsRequest } from 'node:https';
import { once } from 'node:events';
import { setImmediate } from 'node:timers/promises';
import { createAgents } from '../../src/dynamodb/agents';
import { CERTIFICATE, PRIVATE_KEY } from '../helpers/certificate';
import { listen, type Listening } from '../helpers/listen';

const MEGABYTE = 1024 * 1024;

/** Bodies of about a megabyte that differ in every byte. */
const bodyOf = (path = '') => Buffer.alloc(MEGABYTE + path.length, `${path} `);

const respond: RequestListener = (request, response) => {
  request.resume();
  response.end(bodyOf(request.url));
};

describe.each(['http', 'https'] as const)('an agent over %s with a shared read buffer', (scheme) => {
  let server: Listening;
  let sockets = 0;
  let agents: ReturnType<typeof createAgents>;

  beforeEach(async () => {
    agents = createAgents();
    sockets = 0;
    const made =
      scheme === 'http'
        ? createServer(respond)
        : createTlsServer({ cert: CERTIFICATE, key: PRIVATE_KEY }, respond);
    made.on(scheme === 'http' ? 'connection' : 'secureConnection', () => sockets++);
    server = await listen(made);
  });

  afterEach(async () => {
    agents.httpAgent.destroy();
    agents.httpsAgent.destroy();
    await server.close();
  });

  async function get(path: string): Promise<IncomingMessage> {
    const options = { method: 'POST', port: server.port, path, host: 'localhost', ca: CERTIFICATE };
    const call =
      scheme === 'http'
        ? httpRequest({ ...options, agent: agents.httpAgent })
        : httpsRequest({ ...options, agent: agents.httpsAgent });
    call.end('{}');
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    return response;
  }

  /** Collects all chunks, and examines them after the last one. */
  async function read(path: string): Promise<Buffer> {
    const pieces: Buffer[] = [];
    for await (const piece of await get(path)) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }

  it('gives each response its own bytes, however many arrive at once', async () => {
    const paths = Array.from({ length: 20 }, (_, at) => `/${at}`);
    const bodies = await Promise.all(paths.map(read));
    for (const [at, path] of paths.entries()) expect(bodies[at]?.equals(bodyOf(path))).toBe(true);
  });

  it('reuses connections', async () => {
    for (const path of ['/a', '/b', '/c']) expect((await read(path)).equals(bodyOf(path))).toBe(true);
    expect(sockets).toBe(1);
  });

  it('loses nothing of a response that is read with pauses', async () => {
    const response = await get('/slow');
    const other = await read('/other');
    const pieces: Buffer[] = [];
    for await (const piece of response) {
      pieces.push(piece as Buffer);
      await setImmediate();
    }
    expect(Buffer.concat(pieces).equals(bodyOf('/slow'))).toBe(true);
    expect(other.equals(bodyOf('/other'))).toBe(true);
  });
});
