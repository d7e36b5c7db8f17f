import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import type { Repository } from '../../src/dynamodb/repository';
import {
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../helpers/servedApp';

const MEGABYTE = 'x'.repeat(1_000_000);

/** Long enough that a timeout of the server never looks like the expected event. */
const LONG = 600_000;

describe('a scan of many pages', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let server: Awaited<ReturnType<typeof serve>>;
  let log: TestApp['log'];

  async function start(script: Script): Promise<string> {
    dynamodb = await startFakeDynamodb(script);
    repository = repositoryAt(dynamodb.endpoint, LONG);
    const test = testApp(repository);
    log = test.log;
    server = await serve(test.app);
    return `${server.url}/scanRecords`;
  }

  afterEach(async () => {
    await server.close();
    repository.close();
    await dynamodb.close();
  });

  it('follows LastEvaluatedKey to the end, also over empty pages', async () => {
    const pages = [['a', 'b'], [], [], ['c'], []];
    const url = await start(({ response }, index) => {
      const items = (pages[index] ?? []).map((id) => ({ id: { S: id } }));
      succeed(response, scanResponse(items, index < pages.length - 1 ? `key ${index}` : undefined));
    });
    const received = await (await fetch(url, { method: 'POST' })).json();
    expect(received).toEqual({ Items: [{ id: 'a' }, { id: 'b' }, { id: 'c' }], Count: 3, ScannedCount: 3 });
    expect(dynamodb.scans.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      { id: { S: 'key 0' } },
      { id: { S: 'key 1' } },
      { id: { S: 'key 2' } },
      { id: { S: 'key 3' } },
    ]);
  });

  it.each([
    { id: { N: '12345678901234567890123456789012345678' } },
    { id: { N: '-1.5E-130' } },
    { id: { B: '/wD+' } },
    { id: { S: '\u0000 é 😀 \ud800' }, at: { N: '0.10' } },
  ])('sends the key %j back unchanged', async (key) => {
    const url = await start(({ response }, index) => {
      const last = index === 0 && { LastEvaluatedKey: key };
      succeed(response, JSON.stringify({ Items: [], Count: 0, ScannedCount: 0, ...last }));
    });
    await (await fetch(url, { method: 'POST' })).text();
    expect(dynamodb.scans[1]?.ExclusiveStartKey).toEqual(key);
  });

  it('sends the first page before DynamoDB returns the next', async () => {
    const url = await start(({ response }, index) => {
      // The second request never gets a response.
      if (index === 0) succeed(response, scanResponse([{ id: { S: 'a' } }], 'a'));
    });
    const response = await fetch(url, { method: 'POST' });
    const reader = response.body?.getReader();
    let text = '';
    while (!text.includes('{"id":"a"}')) text += Buffer.from((await reader?.read())?.value ?? []).toString();
    expect(response.status).toBe(200);
    await reader?.cancel();
  });

  it('requests the next page while one is sent to the client', async () => {
    let second = (): void => undefined;
    const secondCall = new Promise<void>((resolve) => (second = resolve));
    const url = await start(({ response }, index) => {
      if (index === 0) succeed(response, scanResponse([{ id: { S: MEGABYTE.repeat(8) } }], 'a'));
      else second();
    });
    // The client reads only the headers, so the page fills the connection.
    const received = await postUnread(url);
    await secondCall;
    expect(dynamodb.scans).toHaveLength(2);
    received.destroy();
  });

  it('reads at most one page ahead of a client that does not read', async () => {
    const url = await start(({ response }, index) => {
      succeed(response, scanResponse([{ id: { S: MEGABYTE.repeat(4) } }], `key ${index}`));
    });
    const received = await postUnread(url);
    // Pages that fit into the socket buffers may be sent. Then no further request may follow.
    let calls = -1;
    for (let quiet = 0; quiet < 2000; quiet++) {
      await setImmediate();
      if (dynamodb.scans.length !== calls) quiet = 0;
      calls = dynamodb.scans.length;
    }
    expect(calls).toBeLessThan(8);
    received.destroy();
  });

  it('aborts the request in flight when the client disconnects, and sends no further one', async () => {
    let aborted = (): void => undefined;
    const callAborted = new Promise<void>((resolve) => (aborted = resolve));
    const url = await start(({ response }, index) => {
      if (index === 0) succeed(response, scanResponse([{ id: { S: 'a' } }], 'a'));
      else response.once('close', aborted);
    });
    const received = await postUnread(url);
    received.destroy();
    await callAborted;
    await logged();
    expect(dynamodb.scans).toHaveLength(2);
    expect(log[0]?.msg).toContain('client disconnected');
  });

  it('aborts the first request when the client disconnects before any response', async () => {
    let arrived = (): void => undefined;
    let aborted = (): void => undefined;
    const callArrived = new Promise<void>((resolve) => (arrived = resolve));
    const callAborted = new Promise<void>((resolve) => (aborted = resolve));
    const url = await start(({ response }) => {
      response.once('close', aborted);
      arrived();
    });
    const client = httpRequest(url, { method: 'POST' }).on('error', () => undefined);
    client.end();
    await callArrived;
    client.destroy();
    await callAborted;
    await logged();
    expect(dynamodb.scans).toHaveLength(1);
  });

  it('reads nothing for a pipelined request whose client disconnects', async () => {
    let arrived = (): void => undefined;
    let aborted = (): void => undefined;
    const callArrived = new Promise<void>((resolve) => (arrived = resolve));
    const callAborted = new Promise<void>((resolve) => (aborted = resolve));
    const url = new URL(
      await start(({ response }) => {
        response.once('close', aborted);
        arrived();
      }),
    );
    const socket = connect(Number(url.port), url.hostname);
    socket.write('POST /scanRecords HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n'.repeat(3));
    await callArrived;
    socket.destroy();
    await callAborted;
    await logged();
    expect(dynamodb.scans).toHaveLength(1);
  });

  it('keeps its retry quota, however many clients disconnect in the middle of a page', async () => {
    const CLIENTS = 60;
    let arrived = (): void => undefined;
    let reset = false;
    const url = await start(({ response }, index) => {
      if (index < CLIENTS)
        response.writeHead(200, { 'Content-Length': 1000 }).write('{"Items":[', () => arrived());
      else if (!reset) {
        reset = true;
        response.socket?.resetAndDestroy();
      } else succeed(response, scanResponse([{ id: { S: 'a' } }]));
    });
    for (let client = 0; client < CLIENTS; client++) {
      const callArrived = new Promise<void>((resolve) => (arrived = resolve));
      const leaving = httpRequest(url, { method: 'POST' }).on('error', () => undefined);
      leaving.end();
      await callArrived;
      leaving.destroy();
      while (log.length <= client) await setImmediate();
    }
    const response = await fetch(url, { method: 'POST' });
    expect(await response.json()).toMatchObject({ Items: [{ id: 'a' }] });
  });

  it('logs no status if the response never began', async () => {
    let arrived = (): void => undefined;
    const callArrived = new Promise<void>((resolve) => (arrived = resolve));
    const url = await start(() => arrived());
    const client = httpRequest(url, { method: 'POST' }).on('error', () => undefined);
    client.end();
    await callArrived;
    client.destroy();
    await logged();
    expect(log[0]).toMatchObject({ msg: 'POST /scanRecords client disconnected' });
    expect(log[0]).not.toHaveProperty('status');
  });

  describe('with pages that share memory', () => {
    // Large and small pages alternate, and each has its own characters.
    const SIZES = [300_000, 10, 200_000, 50_000, 900_000, 5, 150_000, 400_000];
    const TEXTS = SIZES.map((size, page) => `${page}`.repeat(size));
    const RECORDS = TEXTS.map((text, page) => ({ id: `key ${page}`, text }));
    const PAGES = RECORDS.map(({ id, text }, page) =>
      scanResponse(
        [{ id: { S: id }, text: { S: text } }],
        page + 1 < SIZES.length ? String(page) : undefined,
      ),
    );

    async function startServer(): Promise<string> {
      return start(({ body, response }) => {
        const { ExclusiveStartKey: key } = body as { ExclusiveStartKey?: { id: { S: string } } };
        succeed(response, PAGES[key === undefined ? 0 : Number(key.id.S) + 1] ?? '');
      });
    }

    /** Reads each chunk slowly. */
    async function readSlowly(url: string, headers: Record<string, string>, body: object): Promise<string> {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
      expect(response.headers.get('Content-Encoding') ?? 'identity').toBe(headers['Accept-Encoding']);
      const chunks: Uint8Array[] = [];
      for await (const chunk of response.body ?? []) {
        chunks.push(chunk as Uint8Array);
        await setImmediate();
      }
      return Buffer.concat(chunks).toString();
    }

    const lines = RECORDS.map((record) => `${JSON.stringify(record)}\n`).join('');

    it.each([
      ['gzip', {}],
      ['br', {}],
      ['gzip', { ReturnConsumedCapacity: 'TOTAL' }],
    ])('sends every page unchanged, with %s and %j', async (encoding, body) => {
      const url = await startServer();
      const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': encoding };
      expect(await readSlowly(url, headers, body)).toBe(lines);
    });

    it('sends every page unchanged to several clients at once, in every format', async () => {
      const url = await startServer();
      const identity = (Accept: string) => readSlowly(url, { Accept, 'Accept-Encoding': 'identity' }, {});
      const [json, ndjson, typed, csv] = await Promise.all([
        identity('application/json'),
        identity('application/x-ndjson'),
        identity('application/x-amz-json-1.0'),
        identity('text/csv'),
      ]);
      expect((JSON.parse(json) as { Items: unknown }).Items).toEqual(RECORDS);
      expect(ndjson).toBe(lines);
      expect((JSON.parse(typed) as { Items: unknown }).Items).toEqual(
        RECORDS.map(({ id, text }) => ({ id: { S: id }, text: { S: text } })),
      );
      expect(csv).toBe(
        `id,text,OtherAttributes\n${RECORDS.map(({ id, text }) => `${id},${text},\n`).join('')}`,
      );
    });
  });

  describe('with a later page that fails', () => {
    const failAfterTwoPages: Script = ({ response }, index) => {
      if (index < 2) succeed(response, scanResponse([{ id: { S: `item ${index}` } }], `key ${index}`));
      else succeed(response, '{"Items":[{"id":');
    };

    it('makes fetch reject', async () => {
      const url = await start(failAfterTwoPages);
      const response = await fetch(url, { method: 'POST' });
      await expect(response.text()).rejects.toThrow();
    });

    it('resets the connection of an HTTP/1.0 client, because a close would mark the end of the body', async () => {
      const url = new URL(await start(failAfterTwoPages));
      const socket = connect(Number(url.port), url.hostname);
      socket.resume().write('POST /scanRecords HTTP/1.0\r\nContent-Length: 0\r\n\r\n');
      const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
      expect(error.code).toBe('ECONNRESET');
    });

    it('logs the reason with the request', async () => {
      const url = await start(failAfterTwoPages);
      await (await fetch(url, { method: 'POST' })).text().catch(() => undefined);
      await logged();
      expect(log).toHaveLength(1);
      expect(log[0]).toMatchObject({
        level: 50,
        status: 200,
        msg: 'POST /scanRecords 200 connection reset',
        error: { name: 'MalformedResponseError' },
      });
    });
  });

  /** Posts, and reads only the headers of the response. */
  async function postUnread(url: string): Promise<IncomingMessage> {
    const client = httpRequest(url, { method: 'POST' }).end();
    const [received] = (await once(client, 'response')) as [IncomingMessage];
    received.on('error', () => undefined);
    return received;
  }

  async function logged(): Promise<void> {
    while (log.length === 0) await setImmediate();
  }
});
