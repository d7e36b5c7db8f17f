import { once } from 'node:events';
import { request, type ClientRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { startEngine, type Engine } from '../../src/embedded/engine';
import { loadTable } from '../helpers/loadTable';
import { allPages, repositoryAt } from '../helpers/servedApp';

const TABLE = 'Filled';
const ITEM_COUNT = 300;
const SCAN = JSON.stringify({ TableName: TABLE });
const NO_LISTENER = { code: 'ECONNREFUSED' };

let engine: Engine;

beforeEach(async () => {
  engine = await startEngine();
  const kilobyte = 'x'.repeat(1024);
  const items = Array.from({ length: ITEM_COUNT }, (_, id) => ({
    json: `{"id":{"N":"${id}"},"value":{"S":"${kilobyte}"}}`,
    where: `index ${id}`,
  }));
  await loadTable(
    { endpoint: engine.endpoint, tableName: TABLE },
    { items, key: [{ name: 'id', type: 'N' }] },
  );
});

/** Counts the items that the repository finds. */
async function count({ endpoint }: Engine): Promise<number> {
  const repository = repositoryAt(endpoint);
  try {
    const counts = (await allPages(repository, TABLE)).map((page) => page.count);
    return counts.reduce((sum, each) => sum + each, 0);
  } finally {
    repository.close();
  }
}

/** Starts 40 Scan requests, each on its own connection. Resolves when either side has closed all connections. */
async function sendScans(send: (scan: ClientRequest) => void): Promise<void> {
  const headers = {
    'Content-Type': 'application/x-amz-json-1.0',
    'Content-Length': SCAN.length,
    'X-Amz-Target': 'DynamoDB_20120810.Scan',
    'X-Amz-Date': '20200101T000000Z',
    Authorization: 'AWS4-HMAC-SHA256 Credential=any, SignedHeaders=host, Signature=any',
  };
  const scans = Array.from({ length: 40 }, async () => {
    const scan = request(engine.endpoint, { method: 'POST', headers, agent: false });
    await new Promise((resolve) => {
      scan.on('error', () => undefined).on('close', resolve);
      send(scan);
    });
  });
  await Promise.all(scans);
}

describe('a running engine', () => {
  afterEach(async () => {
    await engine.close();
  });

  it('listens on the loopback interface', () => {
    expect(engine.endpoint).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d*$/);
  });

  it('shares no tables with another engine', async () => {
    const other = await startEngine();
    await expect(count(other)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await other.close();
  });

  // Without the listener in engine.ts, dynalite throws an uncaught error. Jest then fails the file, not the test.
  it.each<[string, (scan: ClientRequest) => void]>([
    ['in the middle of the request', (scan) => scan.write(SCAN.slice(0, 9), () => scan.destroy())],
    ['right after the request', (scan) => scan.end(SCAN, () => scan.destroy())],
    ['at the start of the response', (scan) => scan.end(SCAN).on('response', () => scan.destroy())],
    [
      'in the middle of the response',
      (scan) => scan.end(SCAN).on('response', (response) => response.once('data', () => scan.destroy())),
    ],
  ])('continues when clients disconnect %s', async (_when, sendAndDisconnect) => {
    await sendScans(sendAndDisconnect);
    await expect(count(engine)).resolves.toBe(ITEM_COUNT);
  });

  it('rejects browser requests, regardless of the CORS policy of the app', async () => {
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

describe('a closed engine', () => {
  async function connection(): Promise<Socket> {
    const socket = connect(Number(new URL(engine.endpoint).port), '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  it('has closed idle connections and accepts no new ones', async () => {
    const idle = await connection();
    const closed = once(idle.resume(), 'close');
    await engine.close();
    await closed;
    await expect(connection()).rejects.toMatchObject(NO_LISTENER);
  });

  it('has ended the requests in flight and accepts no new connections', async () => {
    const sent: Promise<void>[] = [];
    const closed = sendScans((scan) => {
      sent.push(
        new Promise((resolve) => {
          scan.end(SCAN, resolve);
        }),
      );
    });
    await Promise.all(sent);
    await engine.close();
    await closed;
    await expect(connection()).rejects.toMatchObject(NO_LISTENER);
  });
});
