import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import type { Environment } from '../../../src/config/config';
import { createReadRateLimits } from '../../../src/scan/read/rateLimitedFetch';
import { DynamodbError } from '../../../src/dynamodb/dynamodbError';
import type { Repository } from '../../../src/dynamodb/repository';
import { Scan, type FetchPage } from '../../../src/scan/read/scan';
import { startFakeDynamodb, succeed, type FakeDynamodb, type Script } from '../../helpers/fakeDynamodb';
import { pageOf, repositoryAt, serve, testApp, type TestApp } from '../../helpers/servedApp';

const WINDOW = 2000;
const WHOLE_PAGE = 1_048_576;

/**
 * How far two seconds may exceed the rate. The cost of a request is estimated from earlier ones, so requests in
 * flight may cost more if item sizes differ.
 */
const UNFORESEEN = 1.25;

/** The consumed units of a request, at a time between its start and its end. */
interface Consumption {
  at: number;
  units: number;
  records: number;
}

/** Read capacity units of an eventually consistent request: 0.5 for each started 4 KB. */
function unitsOf(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 4096)) / 2;
}

/** Returns the maximum consumption in any two seconds. */
function mostInAWindow(consumptions: readonly Consumption[]): number {
  const ordered = [...consumptions].sort((a, b) => a.at - b.at);
  let most = 0;
  let sum = 0;
  let first = 0;
  for (const { at, units } of ordered) {
    sum += units;
    for (; (ordered[first]?.at ?? at) <= at - WINDOW; first++) sum -= ordered[first]?.units ?? 0;
    most = Math.max(most, sum);
  }
  return most;
}

function total(consumptions: readonly Consumption[]): number {
  return consumptions.reduce((sum, { units }) => sum + units, 0);
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

interface Table {
  /** Sizes in bytes of the items of each segment. */
  segments: readonly (readonly number[])[];
  /** Durations of requests in milliseconds, repeated. */
  latencies: readonly number[];
  /** When a request consumes its units: 0 at its start, 1 at its end. */
  moment: number;
}

describe('a rate-limited scan of a simulated table', () => {
  let consumptions: Consumption[];
  let calls: number;
  /** Aborted when the test ends, also by its timeout. */
  let ended: AbortController;

  beforeEach(() => {
    jest.useFakeTimers();
    ended = new AbortController();
    calls = 0;
    consumptions = [];
  });

  afterEach(() => {
    ended.abort();
    jest.useRealTimers();
  });

  /** Evaluates items as DynamoDB does: up to the limit, or to 1 MB. */
  function tableOf({ segments, latencies, moment }: Table): FetchPage {
    return async ({ segment, startKey, limit = Infinity }) => {
      const begunAt = performance.now();
      const sizes = segments[segment] ?? [];
      const start = Number(Object.values(startKey?.id ?? {})[0] ?? 0);
      let end = start;
      let bytes = 0;
      while (end < sizes.length && end - start < limit && bytes < WHOLE_PAGE) bytes += sizes[end++] ?? 0;
      const latency = latencies[calls++ % latencies.length] ?? 0;
      const units = unitsOf(bytes);
      await wait(latency);
      consumptions.push({ at: begunAt + latency * moment, units, records: end - start });
      return {
        ...pageOf(),
        scannedCount: end - start,
        capacityUnits: units,
        lastEvaluatedKey: end < sizes.length ? { id: { N: String(end) } } : undefined,
      };
    };
  }

  /** Reads a whole table, and resolves with the milliseconds until its last page. */
  async function read(fetchPage: FetchPage, segments: number, signal = new AbortController().signal) {
    const startedAt = performance.now();
    const scan = new Scan(fetchPage, { from: { begun: [], next: 0 }, segments, filtered: false });
    let scannedCount = 0;
    for await (const page of scan.pages(signal)) scannedCount += page.scannedCount;
    return { took: performance.now() - startedAt, scannedCount };
  }

  /** Advances the clock from timer to timer until the promise settles. */
  async function elapse<T>(work: Promise<T>): Promise<T> {
    const { signal } = ended;
    const state = { done: false };
    const done = () => (state.done = true);
    work.then(done, done);
    for (let turns = 0; !state.done; turns++) {
      if (turns === 120_000) throw new Error('the scan does not end');
      // Otherwise a test that failed would advance the clock of the following tests.
      signal.throwIfAborted();
      await jest.advanceTimersToNextTimerAsync();
    }
    return work;
  }

  const plain = { TableName: 'Records' };

  function alike(count: number, bytes: number): number[] {
    return Array.from({ length: count }, () => bytes);
  }

  /** Tables that cost 10 to 25 seconds of the rate; no item costs more than an eighth of a second. */
  const scene = (most: { segments: number; latency: number }) =>
    fc
      .record({
        smallest: fc.integer({ min: 500, max: 20_000 }),
        sizes: fc.array(fc.integer({ min: 100, max: 400 }), { minLength: 20, maxLength: 80 }),
        segments: fc.integer({ min: most.segments === 1 ? 1 : 4, max: most.segments }),
        latencies: fc.array(fc.integer({ min: 1, max: most.latency }), { minLength: 1, maxLength: 5 }),
        moment: fc.constantFrom(0, 0.5, 1),
        spare: fc.double({ min: 1, max: 12, noNaN: true }),
        seconds: fc.integer({ min: 10, max: 25 }),
      })
      .map(({ smallest, sizes, segments, spare, seconds, ...rest }) => {
        const rate = Math.ceil(unitsOf(smallest * 4) * 8 * spare);
        const records: number[] = [];
        for (let left = seconds * rate; left > 0; left -= (records.at(-1) ?? 0) / 8192) {
          records.push(Math.round((smallest * (sizes[records.length % sizes.length] ?? 100)) / 100));
        }
        const share = Math.ceil(records.length / segments);
        const rows = Array.from({ length: segments }, (_, at) => records.slice(at * share, (at + 1) * share));
        return { ...rest, rate, segments: rows, count: records.length };
      });

  it.each([
    { segments: 1, latency: 60 },
    { segments: 8, latency: 250 },
  ])(
    'of at most $segments segments and $latency ms a call takes what it costs at the rate, and at no time much more, whatever its records, of sizes within a factor of four',
    async (most) => {
      await fc.assert(
        fc.asyncProperty(scene(most), async ({ rate, count, ...table }) => {
          consumptions = [];
          const fetchPage = createReadRateLimits(rate)(tableOf(table), plain);
          const { took, scannedCount } = await elapse(read(fetchPage, table.segments.length));
          expect(scannedCount).toBe(count);
          const ratio = took / 1000 / (total(consumptions) / rate);
          expect(ratio).toBeGreaterThan(0.9);
          expect(ratio).toBeLessThan(1.5);
          expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * rate * UNFORESEEN);
        }),
        { numRuns: 100 },
      );
    },
  );

  it.each([
    { segments: 1, bytes: 100, rate: 1 },
    { segments: 1, bytes: 900, rate: 25 },
    { segments: 4, bytes: 4096, rate: 25 },
    { segments: 4, bytes: 5000, rate: 7 },
    { segments: 16, bytes: 60_000, rate: 200 },
  ])(
    'of records that are alike consumes at most twice the rate in any two seconds: $segments segments of $bytes bytes a record at $rate units a second',
    async ({ segments, bytes, rate }) => {
      const share = Math.ceil((15 * rate * 8192) / bytes / segments);
      const table = Array.from({ length: segments }, () => alike(share, bytes));
      for (const moment of [0, 0.5, 1]) {
        consumptions = [];
        const fetchPage = createReadRateLimits(rate)(
          tableOf({ segments: table, latencies: [90, 5, 160], moment }),
          plain,
        );
        const { scannedCount } = await elapse(read(fetchPage, segments));
        expect(scannedCount).toBe(segments * share);
        // A request costs at most half a unit more than expected: one started 4 KB.
        expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * rate + segments / 2);
        expect(mostInAWindow(consumptions)).toBeGreaterThan(rate);
      }
    },
  );

  it('reads items that each exceed a window one at a time, each paid for before the next', async () => {
    const table = tableOf({ segments: [alike(4, 400_000), alike(3, 400_000)], latencies: [50], moment: 0 });
    const { scannedCount } = await elapse(read(createReadRateLimits(10)(table, plain), 2));
    expect(scannedCount).toBe(7);
    expect(consumptions.map(({ records }) => records)).toEqual([1, 1, 1, 1, 1, 1, 1]);
    const times = consumptions.map(({ at }) => at);
    const gaps = times.slice(1).map((at, index) => at - (times[index] ?? 0));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(4900);
    expect(Math.max(...gaps)).toBeLessThan(5200);
  });

  it('shares the rate of the process with other scans', async () => {
    const limited = createReadRateLimits(20);
    const table = () => tableOf({ segments: [alike(400, 4000)], latencies: [20], moment: 0 });
    const scans = [0, 1].map(() => read(limited(table(), plain), 1));
    const [one, other] = await elapse(Promise.all(scans));
    // Each costs 200 units, which take 10 seconds.
    expect([one?.scannedCount, other?.scannedCount]).toEqual([400, 400]);
    for (const scan of [one, other]) {
      expect(scan?.took).toBeGreaterThan(18_000);
      expect(scan?.took).toBeLessThan(24_000);
    }
    expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * 20 + 1);
  });

  it('applies its own rate to no other scan', async () => {
    const limited = createReadRateLimits(100);
    const table = () => tableOf({ segments: [alike(400, 4000)], latencies: [20], moment: 0 });
    const slow = read(limited(table(), { ...plain, ReadUnitsPerSecond: 10 }), 1);
    const fast = read(limited(table(), plain), 1);
    const [{ took: slowly }, { took: fastly }] = await elapse(Promise.all([slow, fast]));
    expect(slowly).toBeGreaterThan(18_000);
    expect(slowly).toBeLessThan(24_000);
    expect(fastly).toBeLessThan(5000);
  });

  it('keeps its own rate if the process has none', async () => {
    const table = tableOf({ segments: [alike(400, 4000)], latencies: [20], moment: 0 });
    const fetchPage = createReadRateLimits(undefined)(table, { ...plain, ReadUnitsPerSecond: 20 });
    const { took } = await elapse(read(fetchPage, 1));
    expect(took).toBeGreaterThan(9000);
    expect(took).toBeLessThan(13_000);
  });

  it('starts with the item sizes that the previous scan learned', async () => {
    const limited = createReadRateLimits(80);
    const table = () => tableOf({ segments: [alike(400, 4000)], latencies: [20], moment: 0 });
    await elapse(read(limited(table(), plain), 1));
    expect(consumptions[0]?.records).toBe(1);
    consumptions = [];
    await elapse(read(limited(table(), plain), 1));
    expect(consumptions[0]?.records).toBeGreaterThan(5);
  });

  it('learns the item sizes of an index separately from those of the table', async () => {
    const limited = createReadRateLimits(80);
    const index = () => tableOf({ segments: [alike(4000, 100)], latencies: [20], moment: 0 });
    const table = () => tableOf({ segments: [alike(40, 100_000)], latencies: [20], moment: 0 });
    for (const indexName of ['byPlace', 'byTime']) {
      consumptions = [];
      await elapse(read(limited(index(), { ...plain, IndexName: indexName }), 1));
      expect(consumptions[0]?.records).toBe(1);
      expect(consumptions.at(-2)?.records).toBeGreaterThan(100);
    }
    consumptions = [];
    await elapse(read(limited(table(), plain), 1));
    expect(consumptions[0]?.records).toBe(1);
    expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * 80);
  });

  it('makes requests larger if they take long', async () => {
    const table = tableOf({ segments: [alike(4000, 4000)], latencies: [300], moment: 0 });
    const { took } = await elapse(read(createReadRateLimits(100)(table, plain), 1));
    // 20 seconds at the rate; 48 with requests that cost an eighth of a second.
    expect(took).toBeGreaterThan(18_000);
    expect(took).toBeLessThan(28_000);
    expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * 100 + 1);
  });

  it.each([
    { what: 'nothing if DynamoDB rejects it', httpStatusCode: 400, wait: 0 },
    { what: 'that fails costs its estimate', httpStatusCode: 500, wait: 5000 },
    { what: 'that is cut off costs its estimate', httpStatusCode: undefined, wait: 5000 },
  ])('charges a request $what', async ({ httpStatusCode, wait }) => {
    const limited = createReadRateLimits(10);
    const failing: FetchPage = () =>
      Promise.reject(
        new DynamodbError(
          'failed',
          new Error('failed'),
          httpStatusCode === undefined ? {} : { httpStatusCode },
        ),
      );
    await expect(read(limited(failing, plain), 1)).rejects.toThrow('failed');
    const table = tableOf({ segments: [alike(1, 4000)], latencies: [0], moment: 0 });
    const { took } = await elapse(read(limited(table, plain), 1));
    expect(took).toBeGreaterThanOrEqual(wait);
    expect(took).toBeLessThan(wait + 100);
  });

  it.each([1, 3, 25])('costs little more than the table at %d units per second', async (rate) => {
    const table = tableOf({ segments: [alike(2000, 100)], latencies: [10], moment: 0 });
    await elapse(read(createReadRateLimits(rate)(table, plain), 1));
    expect(total(consumptions)).toBeLessThan(50);
  });

  it('pays twice for strongly consistent reads', async () => {
    const table = tableOf({ segments: [alike(100, 4000)], latencies: [20], moment: 0 });
    const twice: FetchPage = async (...call) => {
      const page = await table(...call);
      return { ...page, capacityUnits: 2 * (page.capacityUnits ?? 0) };
    };
    const { took } = await elapse(
      read(createReadRateLimits(10)(twice, { ...plain, ConsistentRead: true }), 1),
    );
    expect(took).toBeGreaterThan(9000);
    expect(took).toBeLessThan(13_000);
  });

  it('charges the estimate if the response has no consumed capacity', async () => {
    const table = tableOf({ segments: [alike(3, 400_000)], latencies: [0], moment: 0 });
    const silent: FetchPage = async (...call) => ({ ...(await table(...call)), capacityUnits: undefined });
    const { took } = await elapse(read(createReadRateLimits(50)(silent, plain), 1));
    expect(took).toBeGreaterThanOrEqual(2000);
    expect(took).toBeLessThan(2200);
  });

  describe('after its client has disconnected', () => {
    it('sends no further request', async () => {
      const leaving = new AbortController();
      const table = tableOf({ segments: [alike(1000, 4000)], latencies: [0], moment: 0 });
      const outcome = read(createReadRateLimits(1)(table, plain), 1, leaving.signal).catch(
        (error: unknown) => error,
      );
      await jest.advanceTimersByTimeAsync(10_300);
      const before = calls;
      expect(before).toBeGreaterThan(3);
      leaving.abort();
      expect(await outcome).toBe(leaving.signal.reason);
      await jest.advanceTimersByTimeAsync(100_000);
      expect(calls).toBe(before);
      expect(jest.getTimerCount()).toBe(0);
    });

    it('charges the process nothing for a request that only its own limit has admitted', async () => {
      const limited = createReadRateLimits(10);
      const large = tableOf({ segments: [alike(2, 100_000)], latencies: [0], moment: 0 });
      const small = tableOf({ segments: [alike(10, 4000)], latencies: [0], moment: 0 });
      // Costs 12.5 units, so the limit of the process delays requests that the scan's own limit admits.
      await elapse(read(limited(large, plain), 1));
      const before = calls;
      const leaving = new AbortController();
      const own = { ...plain, ReadUnitsPerSecond: 10 };
      const left = read(limited(small, own), 1, leaving.signal).catch(() => 'left');
      await jest.advanceTimersByTimeAsync(100);
      leaving.abort();
      expect(await left).toBe('left');
      expect(calls).toBe(before);
      const { took } = await elapse(read(limited(small, plain), 1));
      const unhindered = await unhinderedTime();
      expect(took).toBe(unhindered - 100);
    });

    /** The duration of the last scan in the test above, without a scan before it. */
    async function unhinderedTime(): Promise<number> {
      const limited = createReadRateLimits(10);
      const large = tableOf({ segments: [alike(2, 100_000)], latencies: [0], moment: 0 });
      const small = tableOf({ segments: [alike(10, 4000)], latencies: [0], moment: 0 });
      await elapse(read(limited(large, plain), 1));
      const { took } = await elapse(read(limited(small, plain), 1));
      return took;
    }
  });
});

/** Polls a condition, but not forever, so that the polling ends with the test. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it has not come to pass');
    await setImmediate();
  }
}

/** Items of 2 KB, which cost a quarter of a unit each. */
const BYTES = 2048;
const RECORD = { pad: { S: 'x'.repeat(100) } };

describe('a rate-limited scan over HTTP', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let server: Awaited<ReturnType<typeof serve>>;
  let log: TestApp['log'];
  let consumptions: Consumption[];

  /** An engine that honors Limit, returns at most 50 items per page, and reports the consumed capacity. */
  function engine(count: number): Script {
    return ({ body, response }) => {
      const { Limit = Infinity, ExclusiveStartKey } = body as {
        Limit?: number;
        ExclusiveStartKey?: { id: { N: string } };
      };
      const start = Number(ExclusiveStartKey?.id.N ?? 0);
      const end = Math.min(count, start + Math.min(Limit, 50));
      const units = unitsOf((end - start) * BYTES);
      consumptions.push({ at: performance.now(), units, records: end - start });
      const Items = Array.from({ length: end - start }, (_, at) => ({
        id: { N: String(start + at + 1) },
        ...RECORD,
      }));
      const result = {
        Items,
        Count: Items.length,
        ScannedCount: Items.length,
        ...(body.ReturnConsumedCapacity === 'TOTAL' && {
          ConsumedCapacity: { TableName: 'RecordsTable', CapacityUnits: units },
        }),
        ...(end < count && { LastEvaluatedKey: { id: { N: String(end) } } }),
      };
      succeed(response, JSON.stringify(result));
    };
  }

  async function start(count: number, environment: Environment = {}): Promise<string> {
    consumptions = [];
    dynamodb = await startFakeDynamodb(engine(count));
    repository = repositoryAt(dynamodb.endpoint);
    const test = testApp(repository, environment);
    log = test.log;
    server = await serve(test.app);
    return `${server.url}/scanRecords`;
  }

  function post(url: string, body: object): Promise<Response> {
    const headers = { 'Content-Type': 'application/json' };
    return fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  afterEach(async () => {
    await server.close();
    repository.close();
    await dynamodb.close();
  });

  const RATE = 20;
  const COUNT = 240;

  it.each([
    { by: 'the server’s setting', environment: { SCAN_READ_UNITS_PER_SECOND: String(RATE) }, body: {} },
    { by: 'the request', environment: {}, body: { ReadUnitsPerSecond: RATE } },
    {
      by: 'the request, below the server’s setting',
      environment: { SCAN_READ_UNITS_PER_SECOND: '1000' },
      body: { ReadUnitsPerSecond: RATE, TotalSegments: 1 },
    },
  ])('takes as long as its cost requires at a rate set by $by', async ({ environment, body }) => {
    const url = await start(COUNT, environment);
    const startedAt = performance.now();
    const result = (await (await post(url, body)).json()) as { Items: { id: number }[]; Count: number };
    const seconds = (performance.now() - startedAt) / 1000;

    expect(result.Count).toBe(COUNT);
    expect(result.Items.map(({ id }) => id)).toEqual(Array.from({ length: COUNT }, (_, at) => at + 1));
    expect(result).not.toHaveProperty('ConsumedCapacity');
    const due = total(consumptions) / RATE;
    expect(due).toBeGreaterThan(2.9);
    expect(seconds).toBeGreaterThan(due * 0.9);
    expect(seconds).toBeLessThan(due * 1.8);
    expect(mostInAWindow(consumptions)).toBeLessThanOrEqual(2 * RATE + 0.5);
    // The first page shows the size of the items.
    expect(dynamodb.scans[0]).toMatchObject({ Limit: 1, ReturnConsumedCapacity: 'TOTAL' });
    for (const scan of dynamodb.scans) expect(scan.Limit).toEqual(expect.any(Number));
  });

  it('requests neither a Limit nor the consumed capacity without a rate', async () => {
    const url = await start(120);
    expect(await (await post(url, {})).json()).toMatchObject({ Count: 120 });
    expect(dynamodb.scans).toHaveLength(3);
    for (const scan of dynamodb.scans) {
      expect(scan).not.toHaveProperty('Limit');
      expect(scan).not.toHaveProperty('ReturnConsumedCapacity');
    }
  });

  it.each([
    { body: { PageSize: 3 }, most: 3, count: 20 },
    { body: { Limit: 2 }, most: 2, count: 2 },
    { body: { MaxItems: 7 }, most: 7, count: 7 },
  ])('never requests more items than $body', async ({ body, most, count }) => {
    const url = await start(20, { SCAN_READ_UNITS_PER_SECOND: '1000' });
    // So that the item size is known, and only the limit of the request applies.
    await (await post(url, {})).text();
    const before = dynamodb.scans.length;
    expect(await (await post(url, body)).json()).toMatchObject({ Count: count });
    const limits = dynamodb.scans.slice(before).map(({ Limit }) => Limit as number);
    expect(Math.max(...limits)).toBe(most);
  });

  it('returns the cost of all pages if the request asks for ConsumedCapacity', async () => {
    const url = await start(20, { SCAN_READ_UNITS_PER_SECOND: '1000' });
    const result = await (await post(url, { ReturnConsumedCapacity: 'TOTAL' })).json();
    expect(consumptions.length).toBeGreaterThan(2);
    expect(result).toMatchObject({ Count: 20, ConsumedCapacity: { CapacityUnits: total(consumptions) } });
  });

  it('rejects a rate above that of the server, and names both', async () => {
    const url = await start(20, { SCAN_READ_UNITS_PER_SECOND: '25' });
    const response = await post(url, { ReadUnitsPerSecond: 26 });
    const { code, detail } = (await response.json()) as { code: string; detail: string };
    expect([response.status, code]).toEqual([400, 'InvalidRequest']);
    expect(detail).toMatch(/^ReadUnitsPerSecond must be at most 25, not 26\b/);
    expect(dynamodb.scans).toHaveLength(0);
  });

  it('accepts a rate equal to that of the server', async () => {
    const url = await start(2, { SCAN_READ_UNITS_PER_SECOND: '25' });
    expect((await post(url, { ReadUnitsPerSecond: 25 })).status).toBe(200);
  });

  it('sends no further request after the client has disconnected, and admits the next client', async () => {
    const url = await start(5, { SCAN_READ_UNITS_PER_SECOND: '1' });
    const leaving = httpRequest(url, { method: 'POST' }).end();
    const [result] = (await once(leaving, 'response')) as [IncomingMessage];
    result.on('error', () => undefined);
    // The second request has to wait half a second.
    result.destroy();
    await until(() => log.length > 0);
    expect(log[0]?.msg).toContain('client disconnected');
    expect(dynamodb.scans).toHaveLength(1);

    expect(await (await post(url, { Limit: 1 })).json()).toMatchObject({ Count: 1 });
    expect(dynamodb.scans.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([undefined, undefined]);
  });
});
