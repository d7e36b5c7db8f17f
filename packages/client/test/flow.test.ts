/** Tests when requests are sent and aborted. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { createClient } from 'scan-records-client';
import { sendPage, startScripted, type ScriptedServer } from './scriptedServer';

let server: ScriptedServer;

afterEach(() => server.close());

const page = (number: number) =>
  Array.from({ length: 3 }, (_, index) => `{"page":${number},"index":${index}}`);

/** Starts a server of endless pages. Returns a function that waits until a page is sent. */
async function startEndless(): Promise<(page: number) => Promise<void>> {
  const sent = new Map<number, { promise: Promise<void>; resolve: () => void }>();
  const sentPage = (index: number) => {
    const existing = sent.get(index) ?? withResolvers();
    sent.set(index, existing);
    return existing;
  };
  server = await startScripted(({ response }, index) => {
    response.on('finish', sentPage(index).resolve);
    sendPage(response, page(index), `token ${index + 1}`);
  });
  return (index) => sentPage(index).promise;
}

it('sends nothing before the first item is requested', async () => {
  await startEndless();
  const scan = createClient(server.url).scan();
  expect(server.requests).toHaveLength(0);
  await scan.return();
  expect(server.requests).toHaveLength(0);
});

it('requests the next page while the consumer handles the current one, and no more', async () => {
  const sent = await startEndless();
  let items = 0;
  for await (const item of createClient<{ page: number; index: number }>(server.url).scan()) {
    await sent(item.page + 1);
    expect(server.requests).toHaveLength(item.page + 2);
    if (++items === 15) break;
  }
  expect(server.requests).toHaveLength(6);
});

it('requests a page of `pages` only when the consumer asks for it', async () => {
  await startEndless();
  let pages = 0;
  for await (const _ of createClient(server.url).pages({ pageSize: 3 })) {
    pages++;
    expect(server.requests).toHaveLength(pages);
    if (pages === 3) break;
  }
  expect(server.requests).toHaveLength(3);
});

/** Sends the first page, and a part of the second one. Returns the response of the second page when it is requested. */
async function startStalling(): Promise<{ stalled: Promise<ServerResponse> }> {
  const { promise: stalled, resolve } = withResolvers<ServerResponse>();
  server = await startScripted(({ response }, index) => {
    if (index === 0) sendPage(response, page(0), 'second');
    else {
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      response.write('{"page":1,"index":0}\n', () => resolve(response));
    }
  });
  return { stalled };
}

function withResolvers<Value = void>(): { promise: Promise<Value>; resolve: (value: Value) => void } {
  let resolve: (value: Value) => void = () => undefined;
  const promise = new Promise<Value>((settle) => (resolve = settle));
  return { promise, resolve };
}

it('aborts the request of the next page if the consumer stops', async () => {
  const { stalled } = await startStalling();
  for await (const _ of createClient(server.url).scan()) {
    await stalled;
    break;
  }
  const response = await stalled;
  if (!response.closed) await once(response, 'close');
  expect(response.writableFinished).toBe(false);
});

it('aborts the request in flight and rejects with the reason of the signal', async () => {
  const { stalled } = await startStalling();
  const controller = new AbortController();
  void stalled.then(() => controller.abort(new Error('stopped by the user')));
  const items: unknown[] = [];
  async function readAll(): Promise<void> {
    for await (const item of createClient(server.url).scan({ signal: controller.signal })) items.push(item);
  }
  await expect(readAll()).rejects.toThrow('stopped by the user');
  expect(items).toHaveLength(3);
  const response = await stalled;
  if (!response.closed) await once(response, 'close');
  expect(response.writableFinished).toBe(false);
});

it('returns no further item of a page after the signal is aborted', async () => {
  await startEndless();
  const controller = new AbortController();
  let items = 0;
  async function readAll(): Promise<void> {
    for await (const _ of createClient(server.url).scan({ signal: controller.signal })) {
      items++;
      controller.abort();
    }
  }
  await expect(readAll()).rejects.toMatchObject({ name: 'AbortError' });
  expect(items).toBe(1);
});

it('sends nothing if the signal is already aborted', async () => {
  await startEndless();
  const signal = AbortSignal.abort();
  const records = createClient(server.url);
  const aborted = { name: 'AbortError' };
  await expect(records.count({ signal })).rejects.toMatchObject(aborted);
  await expect(records.get({ id: 'a' }, { signal })).rejects.toMatchObject(aborted);
  await expect(records.query({ key: { id: 'a' }, signal })).rejects.toMatchObject(aborted);
  await expect(records.pages({ signal }).next()).rejects.toMatchObject(aborted);
  expect(server.requests).toHaveLength(0);
});

it('throws a TypeError for invalid options, and sends nothing', async () => {
  await startEndless();
  const records = createClient(server.url);
  await expect(records.scan({ filter: { mag: {} } }).next()).rejects.toThrow(TypeError);
  await expect(records.scan({ select: [] }).next()).rejects.toThrow(TypeError);
  await expect(records.get({})).rejects.toThrow(TypeError);
  expect(server.requests).toHaveLength(0);
});

it('sends the same query with every page', async () => {
  await startEndless();
  const options = {
    key: { pk: 'a' },
    indexName: 'byDay',
    descending: true,
    consistentRead: true,
    readUnitsPerSecond: 5,
  };
  let pages = 0;
  for await (const _ of createClient(server.url, { tableName: 'T' }).pages(options)) if (++pages === 2) break;
  const query = {
    TableName: 'T',
    KeyConditionExpression: '#pk = :v0',
    ExpressionAttributeNames: { '#pk': 'pk' },
    ExpressionAttributeValues: { ':v0': { S: 'a' } },
    IndexName: 'byDay',
    ScanIndexForward: false,
    ConsistentRead: true,
    ReadUnitsPerSecond: 5,
    ReturnConsumedCapacity: 'TOTAL',
    MaxReadUnits: 10,
  };
  expect(server.requests).toEqual([
    { ...query, MaxItems: 200 },
    { ...query, MaxItems: 800, StartingToken: 'token 1' },
  ]);
});

it('keeps the rate limit between its requests', async () => {
  const arrivals: number[] = [];
  server = await startScripted(({ response }, index) => {
    arrivals.push(performance.now());
    sendPage(response, ['{"id":1}'], index === 0 ? 'second' : undefined);
  });
  // Each page consumes one read unit.
  for await (const _ of createClient(server.url).scan({ readUnitsPerSecond: 4 })) continue;
  const [first = 0, second = 0] = arrivals;
  expect(second - first).toBeGreaterThanOrEqual(200);
});
