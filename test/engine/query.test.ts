/** Tests Query: one partition with a key condition, on dynalite or on the engine at TEST_DYNAMODB_ENDPOINT. */
import request from 'supertest';
import { openEngineTable, type EngineTable } from '../helpers/engineTable';
import { testApp } from '../helpers/servedApp';

jest.setTimeout(120_000);

/** Enough for several pages of 1 MB. */
const LARGE_ITEMS = 250;
const LARGE_TEXT = 'x'.repeat(10_000);

const DIGITS = '1234567890123456789012345678901234567.8';

/** Customer a has ten orders, customer b has two. Customer c has 2.5 MB. */
const ITEMS = [
  ...Array.from({ length: 10 }, (_, at) =>
    order('a', at, { price: { N: String(at * 10) }, day: { S: 'mon' } }),
  ),
  order('b', 0, { exact: { N: DIGITS }, set: { SS: ['x', 'y'] }, binary: { B: 'AP8=' }, day: { S: 'mon' } }),
  order('b', 1, { 'a.b "c"': { S: '' } }),
  ...Array.from({ length: LARGE_ITEMS }, (_, at) => order('c', at, { text: { S: LARGE_TEXT } })),
];

function order(customer: string, at: number, attributes: object): string {
  return JSON.stringify({ customer: { S: customer }, order: { N: String(at) }, ...attributes });
}

interface Result {
  status: number;
  Items: Record<string, unknown>[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: object;
  NextToken?: string;
  ConsumedCapacity?: { CapacityUnits: number };
  code?: string;
  detail?: string;
}

let table: EngineTable;

beforeAll(async () => {
  table = await openEngineTable(
    ITEMS,
    [
      { name: 'customer', type: 'S' },
      { name: 'order', type: 'N' },
    ],
    [{ name: 'byDay', key: [{ name: 'day', type: 'S' }] }],
  );
});

afterAll(() => table.close());

async function textOf(
  parameters: object,
  accept = 'application/json',
): Promise<{ status: number; text: string }> {
  const { app } = testApp(table.repository, { TABLE_NAME: table.tableName });
  const { status, body } = (await request(app)
    .post('/scanRecords')
    .set({ 'Content-Type': 'application/json', Accept: accept })
    .send(JSON.stringify(parameters))
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks).toString()));
    })) as { status: number; body: string };
  return { status, text: body };
}

async function query(parameters: object): Promise<Result> {
  const { status, text } = await textOf(parameters);
  return { status, ...(JSON.parse(text) as Omit<Result, 'status'>) };
}

/** A request for the orders of one customer. */
function ordersOf(customer: string, more: object = {}): object {
  return {
    KeyConditionExpression: 'customer = :customer',
    ExpressionAttributeValues: { ':customer': customer },
    ...more,
  };
}

/** The same with a condition on the sort key. */
function ordersWhere(condition: string, values: object): object {
  return {
    KeyConditionExpression: `customer = :c AND #order ${condition}`,
    ExpressionAttributeNames: { '#order': 'order' },
    ExpressionAttributeValues: { ':c': 'a', ...values },
  };
}

function ordersIn({ Items }: Pick<Result, 'Items'>): number[] {
  return Items.map(({ order }) => Number(order));
}

const ASCENDING = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const DESCENDING = [...ASCENDING].reverse();

describe('KeyConditionExpression', () => {
  it('returns the items of one partition in the order of the sort key, and evaluates no others', async () => {
    const result = await query(ordersOf('a'));
    expect(ordersIn(result)).toEqual(ASCENDING);
    expect(result).toMatchObject({ status: 200, Count: 10, ScannedCount: 10 });
    expect(result).not.toHaveProperty('LastEvaluatedKey');
    expect(result).not.toHaveProperty('NextToken');
  });

  it.each<[condition: string, values: object, orders: number[]]>([
    ['= :x', { ':x': 3 }, [3]],
    ['< :x', { ':x': 3 }, [0, 1, 2]],
    ['>= :x', { ':x': 7 }, [7, 8, 9]],
    ['BETWEEN :x AND :y', { ':x': 2, ':y': 4 }, [2, 3, 4]],
    ['> :x', { ':x': 100 }, []],
  ])('narrows the partition by the sort key: %s', async (condition, values, orders) => {
    expect(ordersIn(await query(ordersWhere(condition, values)))).toEqual(orders);
  });

  it('returns an empty result for a partition that does not exist', async () => {
    expect(await query(ordersOf('z'))).toEqual({ status: 200, Items: [], Count: 0, ScannedCount: 0 });
  });

  it('returns the partition in descending order with ScanIndexForward false', async () => {
    expect(ordersIn(await query(ordersOf('a', { ScanIndexForward: false })))).toEqual(DESCENDING);
  });

  it('reads one partition of an index', async () => {
    const { Items, ScannedCount } = await query({
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': 'mon' },
    });
    expect(Items).toHaveLength(11);
    expect(ScannedCount).toBe(11);
  });

  it('alters no value and no name', async () => {
    const { text } = await textOf(ordersOf('b'));
    expect(text).toContain(`"exact":${DIGITS}`);
    expect(text).toContain('"binary":"AP8="');
    expect(text).toContain('"set":["x","y"]');
    expect(text).toContain('"a.b \\"c\\"":""');
  });

  it('reads every page of a partition, over several requests', async () => {
    const { Items, Count } = await query(ordersOf('c', { ProjectionExpression: 'customer' }));
    expect(Count).toBe(LARGE_ITEMS);
    expect(Items).toHaveLength(LARGE_ITEMS);
    const whole = await query(ordersOf('c'));
    expect(ordersIn(whole)).toEqual(Array.from({ length: LARGE_ITEMS }, (_, at) => at));
    expect(whole.Items.every(({ text }) => text === LARGE_TEXT)).toBe(true);
  });

  it.each([
    [
      'application/x-ndjson',
      (text: string) =>
        text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line) as object),
    ],
    ['application/x-amz-json-1.0', (text: string) => (JSON.parse(text) as Result).Items],
    ['text/csv', (text: string) => text.trimEnd().split('\n').slice(1)],
  ])('returns every item as %s', async (accept, items) => {
    const { status, text } = await textOf(ordersOf('a'), accept);
    expect(status).toBe(200);
    expect(items(text)).toHaveLength(10);
  });

  it('counts the items of a partition', async () => {
    expect(await query(ordersOf('c', { Select: 'COUNT' }))).toEqual({
      status: 200,
      Count: LARGE_ITEMS,
      ScannedCount: LARGE_ITEMS,
    });
  });

  it('applies a filter after the key condition', async () => {
    const result = await query({
      KeyConditionExpression: 'customer = :c',
      FilterExpression: 'price > :p',
      ExpressionAttributeValues: { ':c': 'a', ':p': 60 },
    });
    expect(ordersIn(result)).toEqual([7, 8, 9]);
    expect(result.ScannedCount).toBe(10);
  });

  it.each<[what: string, parameters: object]>([
    [
      'without the partition key',
      { KeyConditionExpression: 'price = :x', ExpressionAttributeValues: { ':x': 1 } },
    ],
    [
      'with a range of partitions',
      { KeyConditionExpression: 'customer > :x', ExpressionAttributeValues: { ':x': 'a' } },
    ],
    ['that is not a valid expression', { KeyConditionExpression: 'customer' }],
    [
      'with OR',
      {
        KeyConditionExpression: 'customer = :x OR customer = :y',
        ExpressionAttributeValues: { ':x': 'a', ':y': 'b' },
      },
    ],
  ])("returns DynamoDB's own rejection of a condition %s", async (_what, parameters) => {
    expect(await query(parameters)).toMatchObject({ status: 400, code: 'ValidationException' });
  });
});

describe('paging through a partition', () => {
  /** Follows a query to its end and returns the orders of each response. */
  async function follow(
    parameters: object,
    next: (result: Result) => object | undefined,
  ): Promise<number[][]> {
    const results: number[][] = [];
    let start: object | undefined = {};
    while (start !== undefined && results.length <= ITEMS.length) {
      const result: Result = await query({ ...parameters, ...start });
      if (result.status !== 200) throw new Error(result.detail);
      results.push(ordersIn(result));
      start = next(result);
    }
    return results;
  }

  const byKey = ({ LastEvaluatedKey }: Result) => LastEvaluatedKey && { ExclusiveStartKey: LastEvaluatedKey };
  const byToken = ({ NextToken }: Result) =>
    NextToken === undefined ? undefined : { StartingToken: NextToken };

  it.each([
    [true, ASCENDING],
    [false, DESCENDING],
  ])('by Limit returns each item once, with ScanIndexForward %s', async (ScanIndexForward, orders) => {
    const pages = await follow(ordersOf('a', { Limit: 3, ScanIndexForward }), byKey);
    expect(pages.map(({ length }) => length)).toEqual([3, 3, 3, 1]);
    expect(pages.flat()).toEqual(orders);
  });

  it.each([
    [true, ASCENDING],
    [false, DESCENDING],
  ])('by MaxItems returns each item once, with ScanIndexForward %s', async (ScanIndexForward, orders) => {
    for (const PageSize of [undefined, 1, 3]) {
      const pages = await follow(ordersOf('a', { MaxItems: 4, PageSize, ScanIndexForward }), byToken);
      expect(pages.flat()).toEqual(orders);
    }
  });

  it('by MaxItems returns each matching item once, with a filter', async () => {
    const parameters = {
      KeyConditionExpression: 'customer = :c',
      FilterExpression: 'price > :p',
      ExpressionAttributeValues: { ':c': 'a', ':p': 30 },
      MaxItems: 2,
      PageSize: 3,
    };
    expect((await follow(parameters, byToken)).flat()).toEqual([4, 5, 6, 7, 8, 9]);
  });

  it('ends after the only item of a whole primary key', async () => {
    const parameters = ordersWhere('= :x', { ':x': 3 });
    expect((await follow({ ...parameters, MaxItems: 1 }, byToken)).flat()).toEqual([3]);
    expect((await follow({ ...parameters, Limit: 1 }, byKey)).flat()).toEqual([3]);
  });

  it('by MaxReadUnits returns each item once', async () => {
    const pages = await follow(ordersOf('c', { MaxReadUnits: 100 }), byToken);
    expect(pages.length).toBeGreaterThan(1);
    expect(pages.flat()).toEqual(Array.from({ length: LARGE_ITEMS }, (_, at) => at));
  });

  it('returns each item once with a read-rate limit', async () => {
    expect(ordersIn(await query(ordersOf('a', { ReadUnitsPerSecond: 100 })))).toEqual(ASCENDING);
  });

  it('returns the consumed capacity of all requests', async () => {
    const { ConsumedCapacity } = await query(ordersOf('c', { ReturnConsumedCapacity: 'TOTAL' }));
    expect(ConsumedCapacity?.CapacityUnits).toBeGreaterThan(300);
    const one = await query(ordersOf('b', { ReturnConsumedCapacity: 'TOTAL' }));
    expect(one.ConsumedCapacity?.CapacityUnits).toBe(0.5);
  });

  it.each<[what: string, parameters: object]>([
    ['another value', ordersOf('b')],
    ['another condition', { ...ordersOf('a'), KeyConditionExpression: ':customer = customer' }],
    ['another direction', ordersOf('a', { ScanIndexForward: false })],
    ['no key condition', {}],
  ])('rejects the token of this query with %s', async (_what, parameters) => {
    const { NextToken: StartingToken } = await query(ordersOf('a', { MaxItems: 2 }));
    expect(StartingToken).toBeDefined();
    expect(await query({ ...parameters, MaxItems: 2, StartingToken })).toMatchObject({
      status: 400,
      code: 'StartingTokenOfAnotherQuery',
    });
  });

  it('does not accept a key of another partition', async () => {
    const ExclusiveStartKey = { customer: 'b', order: 0 };
    expect(await query(ordersOf('a', { ExclusiveStartKey }))).toMatchObject({
      status: 400,
      code: 'ValidationException',
    });
  });
});
