import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { describeTable, startFakeDynamodb, succeed, type FakeDynamodb } from './helpers/fakeDynamodb';
import { endServers, startServer, type ServerProcess } from './helpers/serverProcess';

/** Linux reports there how much memory a process uses. Elsewhere these tests are skipped, but never in CI. */
const describeWithProc =
  existsSync('/proc/self/status') || process.env.CI !== undefined ? describe : describe.skip;

const MEGABYTE = 1_000_000;
const TABLE = 300 * MEGABYTE;
/** By then the process has taken what it needs for a scan of any length. */
const WARM = 60 * MEGABYTE;
/** What peak memory may have grown from there on: much less than the table, more than the heap's ups and downs. */
const GROWTH = 60 * MEGABYTE;

const RECORDS_IN_PAGE = 1000;
const NO_KEY = 'page 000000';

/** A page of about 1.3 MB, in which only the key is to be changed. */
const RECORDS = Array.from({ length: RECORDS_IN_PAGE }, (_, at) => ({
  id: { S: `record ${at}` },
  mag: { N: `${at}.0625` },
  tags: { SS: ['a', 'b, "c"'] },
  nested: { M: { deep: { L: [{ N: '1' }, { BOOL: true }, { NULL: true }] } } },
  text: { S: 'x'.repeat(1130) },
}));
const COUNTS = { Items: RECORDS, Count: RECORDS_IN_PAGE, ScannedCount: RECORDS_IN_PAGE };
const LAST_PAGE = Buffer.from(JSON.stringify(COUNTS));
const PAGE = Buffer.from(JSON.stringify({ LastEvaluatedKey: { id: { S: NO_KEY } }, ...COUNTS }));
const KEY_AT = PAGE.indexOf(NO_KEY);
/** A whole number of them in each segment. */
const SEGMENTS = 4;
const PAGES = SEGMENTS * Math.ceil(TABLE / PAGE.length / SEGMENTS);
const WARM_PAGES = Math.ceil(WARM / PAGE.length);
const RECORDS_IN_TABLE = PAGES * RECORDS_IN_PAGE;

/** For machines that have other things to do. */
jest.setTimeout(90_000);

/** Waits for it, but not for ever: what goes on polling would outlive its test. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it has not come to pass');
    await setImmediate();
  }
}

describeWithProc(`a server on the way through a table of ${TABLE / MEGABYTE} MB`, () => {
  let dynamodb: FakeDynamodb;
  let server: ServerProcess;
  let url: string;
  let warm: number | undefined;

  beforeEach(async () => {
    warm = undefined;
    dynamodb = await startFakeDynamodb(({ body, response }, index) => {
      const { ExclusiveStartKey: key, TotalSegments: segments = 1 } = body as {
        ExclusiveStartKey?: { id: { S: string } };
        TotalSegments?: number;
      };
      // The key says where a scan is; a page that came twice, or none, would show in the counts.
      const page = key === undefined ? 1 : Number(key.id.S.slice(-6)) + 1;
      if (index === WARM_PAGES) warm = peak();
      if (page === PAGES / segments) {
        succeed(response, LAST_PAGE);
        return;
      }
      const received = Buffer.from(PAGE);
      received.write(`page ${String(page).padStart(6, '0')}`, KEY_AT);
      succeed(response, received);
    }, describeTable(RECORDS_IN_TABLE));
    server = startServer([], {
      DYNAMODB: dynamodb.endpoint,
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
    url = await server.url;
  });

  afterEach(async () => {
    await endServers();
    await dynamodb.close();
  });

  /** Bytes of the most memory that the server has had resident so far. */
  function peak(): number {
    const pid = /"pid":(\d+)/.exec(server.stdout())?.[1] ?? 'unknown';
    const kilobytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes) * 1024;
  }

  /** Reads a response, and keeps only the number of its line feeds and how it ended. */
  async function discard(headers: Record<string, string>, body: object) {
    const client = httpRequest(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
    }).end(JSON.stringify(body));
    const [received] = (await once(client, 'response')) as [IncomingMessage];
    expect(received.statusCode).toBe(200);
    const isGzip = received.headers['content-encoding'] === 'gzip';
    // Its error, if any, is thrown where it is read.
    const text = isGzip ? pipeline(received, createGunzip(), () => undefined) : received;
    let lines = 0;
    let bytes = 0;
    let tail = Buffer.alloc(0);
    for await (const chunk of text as AsyncIterable<Buffer>) {
      for (let at = chunk.indexOf(10); at !== -1; at = chunk.indexOf(10, at + 1)) lines++;
      bytes += chunk.length;
      tail = Buffer.concat([tail, chunk]).subarray(-100);
    }
    return { lines, bytes, end: tail.toString() };
  }

  const counts = `"Count":${RECORDS_IN_TABLE},"ScannedCount":${RECORDS_IN_TABLE}}`;

  const IDENTITY = 'identity';
  const ONE = {};

  it.each([
    { accept: 'application/json', encoding: IDENTITY, body: ONE, lines: 0, end: `"}],${counts}` },
    { accept: 'application/json', encoding: 'gzip', body: ONE, lines: 0, end: `"}],${counts}` },
    {
      accept: 'application/json',
      encoding: IDENTITY,
      body: { TotalSegments: SEGMENTS },
      lines: 0,
      end: `"}],${counts}`,
    },
    { accept: 'application/x-ndjson', encoding: IDENTITY, body: ONE, lines: RECORDS_IN_TABLE, end: '"}\n' },
    // The header is a line too; the last column is of what only later pages have.
    { accept: 'text/csv', encoding: IDENTITY, body: ONE, lines: RECORDS_IN_TABLE + 1, end: 'x,\n' },
  ])('needs no more memory for it than for its beginning: $accept, $encoding, $body', async (scene) => {
    const { accept, encoding, body, lines, end } = scene;
    // Its line in the log names the process.
    await fetch(new URL('/healthz', url));
    await until(() => server.stdout().includes('"pid":'));

    const read = await discard({ Accept: accept, 'Accept-Encoding': encoding }, body);
    expect(dynamodb.scans).toHaveLength(PAGES);
    expect(read.lines).toBe(lines);
    expect(read.end.slice(-end.length)).toBe(end);
    expect(read.bytes).toBeGreaterThan(0.8 * TABLE);
    expect(warm).toBeGreaterThan(20 * MEGABYTE);
    expect(peak() - (warm ?? 0)).toBeLessThan(GROWTH);
  });
});
