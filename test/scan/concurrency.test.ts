import { once } from 'node:events';
import {
  type ClientRequest,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Repository } from '../../src/dynamodb/repository';
import {
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../helpers/servedApp';

/** Long enough that a timeout of the server never looks like the expected event. */
const LONG = 600_000;

const ONE_PAGE = scanResponse([{ id: { S: 'a' } }]);
const FIRST_OF_TWO = scanResponse([{ id: { S: 'a' } }], 'a');

/** Polls a condition, but not forever, so that the polling ends with the test. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it has not come to pass');
    await setImmediate();
  }
}

describe('a server with SCAN_MAX_CONCURRENT=2', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let server: Awaited<ReturnType<typeof serve>>;
  let log: TestApp['log'];
  let url: string;
  /** The Scan requests that wait for the test's response, in order. */
  let calls: ServerResponse[];

  beforeEach(async () => {
    calls = [];
    dynamodb = await startFakeDynamodb(({ response }) => calls.push(response));
    repository = repositoryAt(dynamodb.endpoint, LONG);
    const test = testApp(repository, { SCAN_MAX_CONCURRENT: '2', TRUST_PROXY: '1' });
    log = test.log;
    server = await serve(test.app);
    url = `${server.url}/scanRecords`;
  });

  afterEach(async () => {
    await server.close();
    repository.close();
    await dynamodb.close();
  });

  /** Starts a scan that counts and waits for DynamoDB. */
  async function begin(): Promise<{ client: ClientRequest; call: ServerResponse }> {
    const client = httpRequest(url, { method: 'POST', headers: { Connection: 'close' } })
      .on('error', () => undefined)
      .end();
    return { client, call: await nextCall() };
  }

  async function nextCall(): Promise<ServerResponse> {
    await until(() => calls.length > 0);
    const [call] = calls.splice(0, 1);
    if (call === undefined) throw new Error('another has taken it');
    return call;
  }

  const lines = (count: number) => until(() => log.length >= count);

  const post = (options: RequestInit = {}) => fetch(url, { method: 'POST', ...options });

  async function expectRejection(): Promise<void> {
    const response = await post();
    expect(response.status).toBe(503);
    await response.text();
  }

  /** Starts scans until one is rejected, and returns their number. */
  async function freePlaces(): Promise<number> {
    for (let places = 0; places < 5; places++) {
      const outcome = { rejected: false };
      const client = httpRequest(url, { method: 'POST', headers: { Connection: 'close' } })
        .on('error', () => undefined)
        .on('response', (message) => (outcome.rejected = message.resume().statusCode === 503))
        .end();
      await until(() => calls.length > 0 || outcome.rejected);
      if (outcome.rejected) return places;
      calls.shift();
      expect(client.destroyed).toBe(false);
    }
    throw new Error('there are places without end');
  }

  it('rejects a third scan with 503, Retry-After and CORS headers, without a request to DynamoDB', async () => {
    await begin();
    await begin();
    const response = await post({ headers: { Origin: 'http://localhost:5173' } });
    expect(response.status).toBe(503);
    expect(response.headers.get('Retry-After')).toMatch(/^[1-9]\d*$/);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.headers.get('Content-Type')).toBe('application/problem+json; charset=utf-8');
    const problem = (await response.json()) as { detail: string };
    expect(problem).toMatchObject({ status: 503, code: 'TooManyScans' });
    expect(problem.detail).toContain('2 scans');
    expect(dynamodb.scans).toHaveLength(2);
  });

  it('accepts one scan of a client without a running scan when another client has taken all places', async () => {
    await begin();
    await begin();
    const newcomer = { headers: { 'X-Forwarded-For': '203.0.113.7' } };
    const accepted = post(newcomer);
    const call = await nextCall();
    expect((await post(newcomer)).status).toBe(503);
    expect((await post({ headers: { 'X-Forwarded-For': '203.0.113.8' } })).status).toBe(503);
    await expectRejection();
    succeed(call, ONE_PAGE);
    expect((await accepted).status).toBe(200);
  });

  it('runs two scans at once, each with its own segments', async () => {
    const headers = { 'Content-Type': 'application/json' };
    const scans = [1, 2].map(() => post({ headers, body: '{"TotalSegments":4}' }));
    for (let call = 0; call < 8; call++) succeed(await nextCall(), ONE_PAGE);
    for (const scan of scans) expect(await (await scan).json()).toMatchObject({ Count: 4 });
  });

  it.each<{ how: string; end: (scan: Awaited<ReturnType<typeof begin>>) => Promise<void> }>([
    {
      how: 'has ended',
      end: async ({ client, call }) => {
        succeed(call, ONE_PAGE);
        const [message] = (await once(client, 'response')) as [IncomingMessage];
        await once(message.resume(), 'end');
      },
    },
    {
      how: 'has failed before its first page',
      end: async ({ client, call }) => {
        sendException(call, 400, 'ValidationException', 'no such thing');
        const [message] = (await once(client, 'response')) as [IncomingMessage];
        expect(message.statusCode).toBe(400);
        message.resume();
      },
    },
    {
      how: 'has failed after its first page',
      end: async ({ client, call }) => {
        succeed(call, FIRST_OF_TWO);
        const [message] = (await once(client, 'response')) as [IncomingMessage];
        succeed(await nextCall(), '{"Items":[{');
        await expect(once(message.resume(), 'end')).rejects.toThrow('aborted');
      },
    },
    {
      how: 'has no reader any more, before its first page',
      end: ({ client, call }) => {
        client.destroy();
        return once(call, 'close').then(() => undefined);
      },
    },
    {
      how: 'has no reader any more, after its first page',
      end: async ({ client, call }) => {
        succeed(call, FIRST_OF_TWO);
        await once(client, 'response');
        const second = await nextCall();
        client.destroy();
        await once(second, 'close');
      },
    },
    {
      how: 'has no reader any more, and more on its way than a connection holds',
      end: async ({ client, call }) => {
        succeed(call, scanResponse([{ id: { S: 'x'.repeat(12_000_000) } }], 'a'));
        await once(client, 'response');
        await nextCall();
        client.destroy();
      },
    },
  ])('accepts another scan when one $how', async ({ end }) => {
    const scan = await begin();
    await begin();
    await expectRejection();
    await end(scan);
    // For the rejected scan, and for the one that has ended.
    await lines(2);
    await setImmediate();
    expect(await freePlaces()).toBe(1);
  });

  it('accepts two scans again after many scans of every kind', async () => {
    for (let round = 0; round < 20; round++) {
      const ending = begin();
      succeed((await ending).call, ONE_PAGE);
      const failing = begin();
      succeed((await failing).call, '{');
      await lines(3 * round + 2);
      const leaving = await begin();
      leaving.client.destroy();
      await lines(3 * round + 3);
    }
    await setImmediate();
    expect(await freePlaces()).toBe(2);
  });

  it('does not count a client that disconnected while its pipelined request waited', async () => {
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname).on('error', () => undefined);
    socket.write('POST /scanRecords HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'.repeat(3));
    const call = await nextCall();
    socket.destroy();
    await once(call, 'close');
    await lines(1);
    await setImmediate();
    expect(await freePlaces()).toBe(2);
  });

  describe('while one scan runs', () => {
    beforeEach(async () => {
      await begin();
    });

    const JSON_TYPE = { 'Content-Type': 'application/json' };
    const PREFLIGHT = {
      method: 'OPTIONS',
      headers: { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' },
    };

    it.each<{ what: string; options: RequestInit; status: number }>([
      { what: 'a preflight', options: PREFLIGHT, status: 200 },
      { what: 'an OPTIONS that is no preflight', options: { method: 'OPTIONS' }, status: 200 },
      { what: 'another method', options: { method: 'PUT' }, status: 405 },
      { what: 'a body that is no JSON', options: { headers: JSON_TYPE, body: '{' }, status: 400 },
      { what: 'a body of an unknown member', options: { headers: JSON_TYPE, body: '{"a":1}' }, status: 400 },
      {
        what: 'a table that is not allowed',
        options: { headers: JSON_TYPE, body: '{"TableName":"Others"}' },
        status: 403,
      },
      {
        what: 'a token that is none',
        options: { headers: JSON_TYPE, body: '{"StartingToken":"x"}' },
        status: 400,
      },
      {
        what: 'a body of another type',
        options: { headers: { 'Content-Type': 'text/plain' }, body: '{}' },
        status: 415,
      },
      {
        what: 'a body that is too large',
        options: { headers: JSON_TYPE, body: ' '.repeat(262_145) },
        status: 413,
      },
      { what: 'a format that there is none of', options: { headers: { Accept: 'image/png' } }, status: 406 },
    ])('does not count $what', async ({ options, status }) => {
      for (let time = 0; time < 3; time++) {
        const response = await post(options);
        expect(response.status).toBe(status);
        await response.text();
      }
      expect(dynamodb.scans).toHaveLength(1);
      expect(await freePlaces()).toBe(1);
    });

    it('responds to preflights and invalid bodies as usual while both scans run', async () => {
      await begin();
      expect((await post(PREFLIGHT)).status).toBe(200);
      expect((await post({ headers: JSON_TYPE, body: '{' })).status).toBe(400);
      await expectRejection();
    });
  });
});
