/** Tests that VISIBLE_ATTRIBUTES and ITEM_FILTER hold for Query as they do for Scan. */
import fc from 'fast-check';
import request from 'supertest';
import { createApiKey } from '../../src/auth/apiKey';
import type { Environment } from '../../src/config/config';
import { openEngineTable, type EngineTable } from '../helpers/engineTable';
import { testApp, type TestApp } from '../helpers/servedApp';

jest.setTimeout(120_000);

const [ANN, BOB] = [createApiKey(), createApiKey()];

/** Orders 0 to 3 of each owner. Even ones are public. */
const ITEMS = ['ann', 'bob'].flatMap((owner) =>
  [0, 1, 2, 3].map((order) => ({
    owner: { S: owner },
    order: { S: `o${order}` },
    team: { S: 'red' },
    mark: { S: `${owner}-${order}` },
    secret: { S: `secret-${order % 2}` },
    state: { S: order % 2 === 0 ? 'public' : 'private' },
  })),
);

let table: EngineTable;

beforeAll(async () => {
  table = await openEngineTable(
    ITEMS.map((item) => JSON.stringify(item)),
    [
      { name: 'owner', type: 'S' },
      { name: 'order', type: 'S' },
    ],
    [
      { name: 'bySecret', key: [{ name: 'secret', type: 'S' }] },
      { name: 'byTeam', key: [{ name: 'team', type: 'S' }] },
    ],
  );
});

afterAll(() => table.close());

function appWith(environment: Environment): TestApp {
  return testApp(table.repository, {
    AUTH: 'key',
    API_KEYS: `ann:${ANN.digest},bob:${BOB.digest}`,
    TABLE_NAME: table.tableName,
    ...environment,
  });
}

interface Result {
  status: number;
  Items?: Record<string, unknown>[];
  Count?: number;
  NextToken?: string;
  code?: string;
  detail?: string;
}

async function send({ app }: TestApp, body: object, key = ANN.key): Promise<Result> {
  const response = await request(app)
    .post('/scanRecords')
    .set({ 'X-Api-Key': key, 'Content-Type': 'application/json' })
    .send(JSON.stringify(body));
  return { status: response.status, ...(response.body as Omit<Result, 'status'>) };
}

function ordersOf(owner: string, more: object = {}): object {
  return {
    KeyConditionExpression: '#owner = :owner',
    ExpressionAttributeNames: { '#owner': 'owner' },
    ExpressionAttributeValues: { ':owner': owner },
    ...more,
  };
}

function marksOf({ Items = [] }: Result): string[] {
  return Items.map(({ mark }) => String(mark)).sort();
}

describe('VISIBLE_ATTRIBUTES with a key condition', () => {
  it('returns only these attributes', async () => {
    const { Items } = await send(appWith({ VISIBLE_ATTRIBUTES: 'owner,mark' }), ordersOf('bob'));
    expect(Items).toHaveLength(4);
    expect(Items?.[0]).toEqual({ owner: 'bob', mark: 'bob-0' });
  });

  it.each<[what: string, visible: string, body: object]>([
    ['the hidden partition key', 'mark', ordersOf('bob')],
    [
      'the hidden partition key without a placeholder',
      'mark',
      { KeyConditionExpression: 'owner = :o', ExpressionAttributeValues: { ':o': 'bob' } },
    ],
    [
      'the hidden partition key on the right',
      'mark',
      { KeyConditionExpression: ':o = owner', ExpressionAttributeValues: { ':o': 'bob' } },
    ],
    [
      'the hidden sort key',
      'owner,mark',
      {
        KeyConditionExpression: '#owner = :owner and begins_with( #o,:o)',
        ExpressionAttributeNames: { '#owner': 'owner', '#o': 'order' },
        ExpressionAttributeValues: { ':owner': 'bob', ':o': 'o' },
      },
    ],
    [
      'the hidden key of an index',
      'owner,mark',
      {
        IndexName: 'bySecret',
        KeyConditionExpression: 'secret = :s',
        ExpressionAttributeValues: { ':s': 'secret-1' },
      },
    ],
  ])('rejects a key condition on %s', async (_what, VISIBLE_ATTRIBUTES, body) => {
    const result = await send(appWith({ VISIBLE_ATTRIBUTES }), body);
    expect(result).toMatchObject({ status: 400, code: 'AttributeNotVisible' });
  });

  it('returns an encrypted token in place of a key with a hidden attribute', async () => {
    const test = appWith({ VISIBLE_ATTRIBUTES: 'owner,mark' });
    const first = await send(test, ordersOf('bob', { Limit: 3 }));
    expect(first).not.toHaveProperty('LastEvaluatedKey');
    const second = await send(test, ordersOf('bob', { Limit: 3, StartingToken: first.NextToken }));
    expect([...marksOf(first), ...marksOf(second)]).toEqual(['bob-0', 'bob-1', 'bob-2', 'bob-3']);
  });
});

describe('ITEM_FILTER with a key condition', () => {
  it('returns the partition without the items that the filter excludes', async () => {
    const result = await send(appWith({ ITEM_FILTER: "state = 'public'" }), ordersOf('bob'));
    expect(marksOf(result)).toEqual(['bob-0', 'bob-2']);
  });

  it.each<[filter: string, owner: string, marks: string[]]>([
    ['owner = $claims.sub', 'ann', ['ann-0', 'ann-1', 'ann-2', 'ann-3']],
    ['owner = $claims.sub', 'bob', []],
    ['$claims.sub = owner', 'bob', []],
    ['owner IN ($claims.sub)', 'bob', []],
    ["owner IN ('bob', $claims.sub)", 'bob', ['bob-0', 'bob-1', 'bob-2', 'bob-3']],
    ["owner = $claims.sub OR state = 'public'", 'ann', ['ann-0', 'ann-1', 'ann-2', 'ann-3']],
    ["owner = $claims.sub OR state = 'public'", 'bob', ['bob-0', 'bob-2']],
    ["NOT owner = 'bob'", 'bob', []],
    ["begins_with(owner, 'b')", 'ann', []],
  ])(
    'decides by the partition key: %s, with a request for the partition of %s',
    async (ITEM_FILTER, owner, marks) => {
      const test = appWith({ ITEM_FILTER });
      const result = await send(test, ordersOf(owner));
      expect(result.status).toBe(200);
      expect(marksOf(result)).toEqual(marks);
      // A scan gives the same items.
      const scanned = await send(test, {
        FilterExpression: '#owner = :owner',
        ExpressionAttributeNames: { '#owner': 'owner' },
        ExpressionAttributeValues: { ':owner': owner },
      });
      expect(marksOf(scanned)).toEqual(marks);
    },
  );

  it('decides by the key of the table in the partition of an index', async () => {
    const body = {
      IndexName: 'byTeam',
      KeyConditionExpression: 'team = :t',
      ExpressionAttributeValues: { ':t': 'red' },
    };
    const { Items = [] } = await send(appWith({ ITEM_FILTER: 'owner = $claims.sub' }), body, BOB.key);
    expect(Items).toHaveLength(4);
    expect(new Set(Items.map(({ owner }) => owner))).toEqual(new Set(['bob']));
  });

  it('decides by the sort key if the key condition sets it', async () => {
    const test = appWith({ ITEM_FILTER: "order <> 'o1'" });
    const one = (order: string) => ({
      KeyConditionExpression: '#owner = :owner AND #order = :order',
      ExpressionAttributeNames: { '#owner': 'owner', '#order': 'order' },
      ExpressionAttributeValues: { ':owner': 'bob', ':order': order },
    });
    expect(marksOf(await send(test, one('o1')))).toEqual([]);
    expect(marksOf(await send(test, one('o2')))).toEqual(['bob-2']);
  });

  it('rejects a key condition that leaves a key attribute of the filter open, without its name', async () => {
    const { status, code, detail } = await send(appWith({ ITEM_FILTER: "order <> 'o1'" }), ordersOf('bob'));
    expect({ status, code }).toEqual({ status: 400, code: 'InvalidRequest' });
    expect(detail).toMatch(/^KeyConditionExpression: /);
    expect(detail).not.toContain('order');
  });

  it.each<[what: string, more: object]>([
    ['Limit', { Limit: 1 }],
    ['MaxReadUnits', { MaxReadUnits: 1 }],
    ['ReturnConsumedCapacity', { ReturnConsumedCapacity: 'TOTAL' }],
    ['ExclusiveStartKey', { ExclusiveStartKey: { owner: 'bob', order: 'o0' } }],
  ])('rejects %s, which would show that hidden items exist', async (what, more) => {
    const result = await send(appWith({ ITEM_FILTER: "state = 'public'" }), ordersOf('bob', more));
    expect(result).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(result.detail).toContain(what);
  });

  it.each([
    ['application/json', '{"Count":2}'],
    ['application/x-ndjson', '{"Count":2}\n'],
    ['text/csv', 'Count\n2\n'],
  ])('does not say how many items were evaluated, as %s', async (accept, text) => {
    const response = await request(appWith({ ITEM_FILTER: "state = 'public'" }).app)
      .post('/scanRecords')
      .set({ 'X-Api-Key': ANN.key, 'Content-Type': 'application/json', Accept: accept })
      .send(JSON.stringify(ordersOf('bob', { Select: 'COUNT' })))
      .buffer(true)
      .parse((incoming, done) => {
        let body = '';
        incoming.on('data', (chunk: Buffer) => (body += chunk.toString()));
        incoming.on('end', () => done(null, body));
      });
    expect(response.body).toBe(text);
  });

  it('returns each item once by MaxItems, and gives no other client the token', async () => {
    const test = appWith({ ITEM_FILTER: "state = 'public'" });
    const first = await send(test, ordersOf('bob', { MaxItems: 1, PageSize: 1 }));
    const StartingToken = first.NextToken;
    const second = await send(test, ordersOf('bob', { MaxItems: 5, StartingToken }));
    expect([...marksOf(first), ...marksOf(second)]).toEqual(['bob-0', 'bob-2']);
    const stolen = await send(test, ordersOf('bob', { MaxItems: 5, StartingToken }), BOB.key);
    expect(stolen).toMatchObject({ status: 400, code: 'InvalidStartingToken' });
  });

  it.each<[what: string, body: object]>([
    ['a value', { KeyConditionExpression: '#owner = :server_f0' }],
    ['a name', { KeyConditionExpression: '#server_f0 = :owner' }],
  ])('rejects a key condition with %s of the server', async (_what, more) => {
    const result = await send(appWith({ ITEM_FILTER: 'mark = $claims.sub' }), ordersOf('bob', more));
    expect(result).toMatchObject({ status: 400, code: 'InvalidRequest' });
    expect(result.detail).toContain('reserved');
  });

  it('does not let any key condition reach the items of another client', async () => {
    const test = appWith({ ITEM_FILTER: 'owner = $claims.sub' });
    const first = fc.constantFrom('owner = :me', 'owner = :bob', '#o = :bob', '(:bob = #o', '');
    const piece = fc.constantFrom(
      ...[
        'owner = :me',
        '#o = :bob',
        ':bob = #o',
        'owner = :bob',
        'order = :me',
        'order > :me',
        'mark = :me',
      ],
      ...[
        ' AND ',
        ' and ',
        ' OR ',
        ' NOT ',
        ' BETWEEN ',
        '(',
        ')',
        ':me',
        ':bob',
        '#o',
        '#o.owner = :me',
        'begins_with(order, :me)',
      ],
    );
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(first, fc.array(piece, { maxLength: 5 }), async (condition, pieces) => {
        const KeyConditionExpression = [condition, ...pieces].join('');
        const values = Object.entries({ ':me': 'ann', ':bob': 'bob' }).filter(([name]) =>
          KeyConditionExpression.includes(name),
        );
        const { status, Items = [] } = await send(test, {
          KeyConditionExpression,
          ...(KeyConditionExpression.includes('#o') && { ExpressionAttributeNames: { '#o': 'owner' } }),
          ...(values.length > 0 && { ExpressionAttributeValues: Object.fromEntries(values) }),
        });
        expect([200, 400]).toContain(status);
        if (status === 200) accepted++;
        expect(Items.filter(({ owner }) => owner !== 'ann')).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});
