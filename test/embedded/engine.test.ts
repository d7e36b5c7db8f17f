import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { startEngine, type Engine } from '../../src/embedded/engine';
import { loadTable } from '../../src/embedded/load';
import { allPages, repositoryAt } from '../helpers/servedApp';

const TABLE = 'Filled';
const RECORD_COUNT = 300;
const SCAN = JSON.stringify({ TableName: TABLE });
const REFUSED = { code: 'ECONNREFUSED' };

let engine: Engine;

beforeEach(async () => {
  engine = await startEngine();
  const kilobyte = 'x'.repeat(1024);
  const items = Array.from({ length: RECORD_COUNT }, (_, id) => ({
    json: `{"id":{"N":"${id}"},"value":{"S":"${kilobyte}"}}`,
    where: `index ${id}`,
  }));
  await loadTable(
    { endpoint: engine.endpoint, tableName: TABLE },
    { items, key: [{ name: 'id', type: 'N' }] },
  );
});

/** How many records the repository finds. */
async function count({ endpoint }: Engine): Promise<number> {
  const repository = repositoryAt(endpoint);
  try {
    const counts = (await allPages(repository, TABLE)).map((page) => page.count);
    return counts.reduce((sum, each) => sum + each, 0);
  } finally {
    repository.close();
  }
}

/** Begins calls of Scan on connections of their own; resolves when these are closed, by either side. */
async function callOften(send: (call: ClientRequest) => void): Promise<void> {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': SCAN.length,
    'X-Amz-Target': 'DynamoDB_20120810.Scan',
    'X-Amz-Date': '20200101T000000Z',
    Authorization: 'AWS4-HMAC-SHA256 Credential=any, SignedHeaders=host, Signature=any',
  };
  const calls = Array.from({ length: 40 }, async () => {
    const call = request(engine.endpoint, { method: 'POST', headers, agent: false });
    await new Promise((resolve) => {
      call.on('error', () => undefined).on('close', resolve);
      send(call);
    });
  });
  await Promise.all(calls);
}

describe('an engine that runs', () => {
  afterEach(async () => {
    await engine.close();
  });

  test('has its endpoint on the loopback interface', () => {
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  });

  test('shares nothing with another engine', async () => {
    const other = await startEngine();
    await expect(count(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await other.close();
  });

  // Left to itself, dynalite throws where nobody catches. Jest has this fail the file, not the test.
  test.each<[string, (call: ClientRequest) => void]>([
    ['in the middle of the call', (call) => call.write(SCAN.slice(0, 9), () => call.destroy())],
    ['right after the call', (call) => call.end(SCAN, () => call.destroy())],
    ['when the answer begins', (call) => call.end(SCAN).on('response', () => call.destroy())],
    [
      'in the middle of the answer',
      (call) => call.end(SCAN).on('response', (answer) => answer.once('data', () => call.destroy())),
    ],
  ])('goes on when callers leave %s', async (_when, sendAndLeave) => {
    await callOften(sendAndLeave);
    await expect(count(engine)).resolves.toBe(RECORD_COUNT);
  });

  test('a page is not let in, whatever the CORS policy of the app', async () => {
    const headers = { Origin: 'http://localhost:5173', 'Access-Control-Request-Method': 'POST' };
    const responses = await Promise.all(
      ['OPTIONS', 'POST', 'GET'].map((method) => fetch(engine.endpoint, { method, headers })),
    );
    for (const { status, headers } of responses) {
      expect(status).toBe(403);
      expect(headers.has('Access-Control-Allow-Origin')).toBe(false);
    }
  });
});

describe('an engine that is closed', () => {
  async function connection(): Promise<Socket> {
    const socket = connect(Number(new URL(engine.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  test('is gone, and has closed idle connections', async () => {
    const idle = await connection();
    const closed = once(idle.resume(), 'close');
    await engine.close();
    await closed;
    await expect(connection()).rejects.toMatchObject(REFUSED);
  });

  test('is gone, and has ended the calls in flight', async () => {
    const sent: Promise<void>[] = [];
    const closed = callOften((call) => {
      sent.push(
        new Promise((resolve) => {
          call.end(SCAN, resolve);
        }),
      );
    });
    await Promise.all(sent);
    await engine.close();
    await closed;
    await expect(connection()).rejects.toMatchObject(REFUSED);
  });
});
