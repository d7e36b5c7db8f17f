import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import type { Repository } from '../../src/dynamodb/repository';
import { startFakeDynamodb, succeed, type FakeDynamodb } from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../helpers/servedApp';

const ITEMS = Array.from({ length: 100 }, (_, index) => ({ id: { S: `item-${index}` } }));
const UNITS_PER_ITEM = 2;

/** A table of 100 items that cost 2 units each. A page has at most 20 of them. */
function startTable({ unitsPerItem = UNITS_PER_ITEM, text = '' }): Promise<FakeDynamodb> {
  return startFakeDynamodb(({ body, response }) => {
    const { Limit = 20, ExclusiveStartKey } = body as { Limit?: number; ExclusiveStartKey?: object };
    const start = ITEMS.findIndex(({ id }) => id.S === keyOf(ExclusiveStartKey)) + 1;
    const items = ITEMS.slice(start, start + Math.min(Limit, 20));
    succeed(
      response,
      JSON.stringify({
        Items: items.map((item) => ({ ...item, text: { S: text } })),
        Count: items.length,
        ScannedCount: items.length,
        ConsumedCapacity: { CapacityUnits: items.length * unitsPerItem },
        ...(start + items.length < ITEMS.length && { LastEvaluatedKey: items.at(-1) }),
      }),
    );
  });
}

function keyOf(key: object | undefined): string | undefined {
  return (key as { id: { S: string } } | undefined)?.id.S;
}

interface ScanResult {
  Items: { id: string }[];
  NextToken?: string;
  ConsumedCapacity: { CapacityUnits: number };
}

describe('a limit of read units', () => {
  let dynamodb: FakeDynamodb;
  let repository: Repository;
  let server: Awaited<ReturnType<typeof serve>>;
  let log: TestApp['log'];

  async function start(
    environment: Record<string, string>,
    table: Parameters<typeof startTable>[0] = {},
  ): Promise<void> {
    dynamodb = await startTable(table);
    repository = repositoryAt(dynamodb.endpoint);
    const test = testApp(repository, environment);
    log = test.log;
    server = await serve(test.app);
  }

  afterEach(async () => {
    await server.close();
    repository.close();
    await dynamodb.close();
  });

  function post(body: object, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${server.url}/scanRecords`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  const IDS = ITEMS.map(({ id }) => id.S);
  const NDJSON = { Accept: 'application/x-ndjson' };
  const CSV = { Accept: 'text/csv' };

  it.each([1, 3, 20, 77, 1000])(
    'returns every item once in parts of MaxReadUnits=%d',
    async (MaxReadUnits) => {
      await start({});
      const ids: string[] = [];
      let StartingToken: string | undefined;
      do {
        const response = await post({ MaxReadUnits, StartingToken, ReturnConsumedCapacity: 'TOTAL' });
        const result = (await response.json()) as ScanResult;
        ids.push(...result.Items.map(({ id }) => id));
        // One item costs more than a limit of 1.
        expect(result.ConsumedCapacity.CapacityUnits).toBeLessThanOrEqual(MaxReadUnits + UNITS_PER_ITEM);
        StartingToken = result.NextToken;
      } while (StartingToken !== undefined);
      expect(ids).toEqual(IDS);
    },
  );

  it('returns LastEvaluatedKey if the limit ends a scan with Limit', async () => {
    await start({});
    const response = await post({ Limit: 50, MaxReadUnits: 10 });
    expect(await response.json()).toMatchObject({
      LastEvaluatedKey: { id: expect.stringMatching(/^item-\d$/) as string },
    });
  });

  it('returns X-Next-Token for NDJSON with MaxReadUnits', async () => {
    await start({ SCAN_MAX_READ_UNITS: '50' });
    const first = await post({ MaxReadUnits: 50 }, NDJSON);
    const ids = (await first.text()).trim().split('\n');
    const StartingToken = first.headers.get('X-Next-Token');
    const rest = (await (await post({ StartingToken, MaxItems: 1 })).json()) as ScanResult;
    expect(rest.Items.map(({ id }) => id)).toEqual([IDS[ids.length]]);
  });

  it('ends JSON responses with NextToken at SCAN_MAX_READ_UNITS', async () => {
    await start({ SCAN_MAX_READ_UNITS: '50' });
    const result = (await (await post({})).json()) as ScanResult;
    expect(result.Items.length).toBeGreaterThanOrEqual(25);
    expect(result.NextToken).toBeDefined();
  });

  it.each([
    ['NDJSON', {}, NDJSON],
    ['CSV', {}, CSV],
    ['an array', { RESPONSE_SHAPE: 'array' }, {}],
  ])('returns 429 for %s that reaches SCAN_MAX_READ_UNITS', async (_format, environment, headers) => {
    await start({ SCAN_MAX_READ_UNITS: '50', ...environment });
    const response = await post({}, headers);
    expect(response.status).toBe(429);
    expect(await response.json()).toMatchObject({
      code: 'ReadLimitReached',
      detail: expect.stringContaining('50 read units per request') as string,
    });
  });

  it('returns all of NDJSON that stays below SCAN_MAX_READ_UNITS', async () => {
    await start({ SCAN_MAX_READ_UNITS: '1000' });
    const text = await (await post({}, NDJSON)).text();
    expect(text.trim().split('\n')).toHaveLength(100);
  });

  it('resets the connection of NDJSON that reaches a SCAN_MAX_READ_UNITS of more than 1000', async () => {
    await start({ SCAN_MAX_READ_UNITS: '1001' }, { unitsPerItem: 20, text: 'x'.repeat(100_000) });
    const client = httpRequest(`${server.url}/scanRecords`, { method: 'POST', headers: NDJSON }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(200);
    await expect(once(response.resume(), 'end')).rejects.toThrow('aborted');
    expect(log.at(-1)?.error).toMatchObject({ code: 'ReadLimitReached' });
  });

  it('rejects a MaxReadUnits above SCAN_MAX_READ_UNITS', async () => {
    await start({ SCAN_MAX_READ_UNITS: '50' });
    const response = await post({ MaxReadUnits: 51 });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      detail: 'MaxReadUnits must be at most 50, not 51: that is the limit of this server for one request.',
    });
    expect(dynamodb.scans).toEqual([]);
  });
});
