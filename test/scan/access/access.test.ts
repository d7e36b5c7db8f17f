import fc from 'fast-check';
import request from 'supertest';
import { createApiKey } from '../../../src/auth/apiKey';
import type { Environment } from '../../../src/config/config';
import { startEngine, type Engine } from '../../../src/embedded/engine';
import type { Repository } from '../../../src/dynamodb/repository';
import { loadTable } from '../../helpers/loadTable';
import {
  createSigningKey,
  signToken,
  startIssuer,
  type Claims,
  type Issuer,
  type SigningKey,
} from '../../helpers/issuer';
import { repositoryAt, testApp, type TestApp } from '../../helpers/servedApp';

jest.setTimeout(60_000);

const TABLE = 'Orders';
const [ANN, BOB] = [createApiKey(), createApiKey()];
const KEYS: Environment = { AUTH: 'key', API_KEYS: `ann:${ANN.digest},bob:${BOB.digest}`, TABLE_NAME: TABLE };

/** Four items of ann and four of bob. Only some have a `note`. */
const ITEMS = Array.from({ length: 8 }, (_, index) => ({
  id: { S: `o${index}` },
  keeper: { S: index % 2 === 0 ? 'ann' : 'bob' },
  price: { N: String(index * 10) },
  secret: { S: `secret-${index}` },
  ...(index < 3 && { note: { S: `note-${index}` } }),
}));

let engine: Engine;
let repository: Repository;

beforeAll(async () => {
  engine = await startEngine();
  const indexes = [
    { name: 'bySecret', key: [{ name: 'secret', type: 'S' as const }] },
    { name: 'byPrice', key: [{ name: 'price', type: 'N' as const }] },
  ];
  await loadTable(
    { endpoint: engine.endpoint, tableName: TABLE },
    {
      items: ITEMS.map((item) => ({ json: JSON.stringify(item), where: '' })),
      key: [{ name: 'id', type: 'S' }],
      indexes,
    },
  );
  repository = repositoryAt(engine.endpoint);
});

afterAll(async () => {
  repository.close();
  await engine.close();
});

interface Result {
  Items?: Record<string, unknown>[];
  Count?: number;
  NextToken?: string;
  LastEvaluatedKey?: object;
  code?: string;
  detail?: string;
}

async function scan({ app }: TestApp, body: object, key = ANN.key): Promise<Result & { status: number }> {
  const response = await request(app)
    .post('/scanRecords')
    .set({ 'X-Api-Key': key, 'Content-Type': 'application/json' })
    .send(JSON.stringify(body));
  return { status: response.status, ...(response.body as Result) };
}

function appWith(environment: Environment): TestApp {
  return testApp(repository, { ...KEYS, ...environment });
}

function idsOf({ Items = [] }: Result): string[] {
  return Items.map(({ id }) => String(id)).sort();
}

describe('VISIBLE_ATTRIBUTES', () => {
  const app = () => appWith({ VISIBLE_ATTRIBUTES: 'id,price,note' });

  it('returns only these attributes', async () => {
    const { Items = [], Count } = await scan(app(), {});
    expect(Count).toBe(8);
    expect(new Set(Items.flatMap((item) => Object.keys(item)))).toEqual(new Set(['id', 'price', 'note']));
  });

  it('names the columns of a CSV response', async () => {
    const response = await request(app().app)
      .post('/scanRecords')
      .set({ 'X-Api-Key': ANN.key, Accept: 'text/csv' });
    expect(response.text.split('\r\n')[0]?.split('\n')[0]).toBe('id,price,note');
  });

  it('accepts projections and filters of these attributes', async () => {
    const result = await scan(app(), {
      ProjectionExpression: 'id, #t',
      FilterExpression: '#t >= :min AND attribute_not_exists(note)',
      ExpressionAttributeNames: { '#t': 'price' },
      ExpressionAttributeValues: { ':min': 50 },
    });
    expect(result.Items).toHaveLength(3);
  });

  it.each<[parameter: string, body: object]>([
    ['ProjectionExpression', { ProjectionExpression: 'id, secret' }],
    ['ProjectionExpression', { ProjectionExpression: '#s.a', ExpressionAttributeNames: { '#s': 'secret' } }],
    ['FilterExpression', { FilterExpression: 'attribute_exists(secret)' }],
    [
      'FilterExpression',
      { FilterExpression: 'begins_with( secret,:a)', ExpressionAttributeValues: { ':a': 's' } },
    ],
    ['FilterExpression', { FilterExpression: 'not secret=:a', ExpressionAttributeValues: { ':a': 's' } }],
    ['FilterExpression', { FilterExpression: 'id in (secret)' }],
    ['FilterExpression', { FilterExpression: 'note[0] = keeper' }],
    ['IndexName', { IndexName: 'bySecret' }],
    ['ExclusiveStartKey', { ExclusiveStartKey: { id: 'o1', secret: 'secret-1' } }],
  ])('rejects a %s that uses another one: %j', async (parameter, body) => {
    const result = await scan(app(), body);
    expect(result).toMatchObject({ status: 400, code: 'AttributeNotVisible' });
    expect(result.detail).toContain(parameter);
  });

  it('scans an index whose key is visible, with the attributes that it contains', async () => {
    const { Items = [] } = await scan(app(), { IndexName: 'byPrice' });
    expect(Items).toHaveLength(8);
    expect(new Set(Items.flatMap((item) => Object.keys(item)))).toEqual(new Set(['id', 'price']));
  });

  it('returns LastEvaluatedKey if its attributes are visible', async () => {
    const { LastEvaluatedKey, NextToken } = await scan(app(), { Limit: 2 });
    expect(LastEvaluatedKey).toEqual({ id: expect.any(String) as string });
    expect(NextToken).toBeUndefined();
  });

  it('returns an encrypted token in place of a key with a hidden attribute', async () => {
    const test = appWith({ VISIBLE_ATTRIBUTES: 'price' });
    const first = await scan(test, { Limit: 5 });
    expect(first).not.toHaveProperty('LastEvaluatedKey');
    expect(first.NextToken).toEqual(expect.any(String));
    expect(Buffer.from(first.NextToken ?? '', 'base64url').toString('latin1')).not.toContain('"id"');
    const second = await scan(test, { Limit: 5, StartingToken: first.NextToken });
    expect([...(first.Items ?? []), ...(second.Items ?? [])]).toHaveLength(8);
  });
});

describe('ITEM_FILTER', () => {
  const FILTER = { ITEM_FILTER: 'keeper = $claims.sub' };

  it('returns each client its own items', async () => {
    const test = appWith(FILTER);
    expect(idsOf(await scan(test, {}, ANN.key))).toEqual(['o0', 'o2', 'o4', 'o6']);
    expect(idsOf(await scan(test, {}, BOB.key))).toEqual(['o1', 'o3', 'o5', 'o7']);
  });

  it.each([
    ['price > :a', ['o4', 'o6']],
    ['(price > :a)', ['o4', 'o6']],
    ['(price > :a) OR (price = :a)', ['o2', 'o4', 'o6']],
    ['price > :a OR price = :a', ['o2', 'o4', 'o6']],
    ['NOT price > :a', ['o0', 'o2']],
  ])("narrows it further by the client's filter %s", async (FilterExpression, ids) => {
    const body = { FilterExpression, ExpressionAttributeValues: { ':a': 20 } };
    expect(idsOf(await scan(appWith(FILTER), body))).toEqual(ids);
  });

  it('counts only these items', async () => {
    expect(await scan(appWith(FILTER), { Select: 'COUNT' })).toMatchObject({ Count: 4 });
  });

  it('reads every item once by MaxItems, and by Limit, with tokens', async () => {
    const test = appWith(FILTER);
    for (const size of [{ MaxItems: 1 }, { Limit: 3 }]) {
      const ids: string[] = [];
      let StartingToken: string | undefined;
      do {
        const page = await scan(test, { ...size, ...(StartingToken !== undefined && { StartingToken }) });
        expect(page).not.toHaveProperty('LastEvaluatedKey');
        ids.push(...idsOf(page));
        StartingToken = page.NextToken;
      } while (StartingToken !== undefined);
      expect(ids.sort()).toEqual(['o0', 'o2', 'o4', 'o6']);
    }
  });

  it("rejects another client's token", async () => {
    const test = appWith(FILTER);
    const { NextToken } = await scan(test, { MaxItems: 1 }, ANN.key);
    const result = await scan(test, { MaxItems: 1, StartingToken: NextToken }, BOB.key);
    expect(result).toMatchObject({ status: 400, code: 'InvalidStartingToken' });
  });

  it('returns tokens whose length does not show the length of the key in them', async () => {
    const test = appWith(FILTER);
    const lengths = new Set<number>();
    for (const Limit of [1, 2, 3, 4]) lengths.add((await scan(test, { Limit })).NextToken?.length ?? 0);
    expect(lengths.size).toBe(1);
  });

  it.each<[what: string, body: object]>([
    ['ExclusiveStartKey', { ExclusiveStartKey: { id: 'o1' } }],
    ['consumed capacity, which shows the size of hidden items', { ReturnConsumedCapacity: 'TOTAL' }],
    ['one segment, which shows which keys exist', { Segment: 0, TotalSegments: 4 }],
    ['a reserved placeholder', { FilterExpression: 'id = :server_f1' }],
    [
      'a reserved name',
      {
        FilterExpression: '#server_x = :a',
        ExpressionAttributeNames: { '#server_x': 'id' },
        ExpressionAttributeValues: { ':a': 1 },
      },
    ],
    ['a value that replaces that of the server', { ExpressionAttributeValues: { ':server_f1': 'bob' } }],
  ])('rejects %s', async (_what, body) => {
    expect(await scan(appWith(FILTER), body)).toMatchObject({ status: 400, code: 'InvalidRequest' });
  });

  it('does not let any client filter climb out of the condition', async () => {
    const test = appWith(FILTER);
    let accepted = 0;
    const piece = fc.constantFrom(
      ...['(', ')', ' OR ', ' AND ', ' NOT ', 'keeper = :a', 'keeper <> :a', 'price >= :z', 'id <> :a'],
      ...[
        'keeper IN (:a)',
        'attribute_exists(id)',
        ',',
        ' ',
        '\n',
        '/*',
        '--',
        "'",
        '"',
        '\0',
        ')OR(',
        '#o = :a',
      ],
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 8 }), async (pieces) => {
        const FilterExpression = pieces.join('');
        const names = FilterExpression.includes('#o') ? { ExpressionAttributeNames: { '#o': 'keeper' } } : {};
        const values = Object.fromEntries(
          Object.entries({ ':a': 'bob', ':z': 0 }).filter(([name]) => FilterExpression.includes(name)),
        );
        const hasValues = Object.keys(values).length > 0;
        const body = { FilterExpression, ...names, ...(hasValues && { ExpressionAttributeValues: values }) };
        const { status, Items = [] } = await scan(test, body);
        expect([200, 400]).toContain(status);
        if (status === 200) accepted++;
        expect(Items.filter(({ keeper }) => keeper !== 'ann')).toEqual([]);
      }),
      { numRuns: 500 },
    );
    expect(accepted).toBeGreaterThan(10);
  });
});

describe('ITEM_FILTER with the claims of a token', () => {
  let key: SigningKey;
  let issuer: Issuer;

  beforeAll(async () => {
    key = await createSigningKey('ES256', 'ec-1');
    issuer = await startIssuer(key);
  });

  afterAll(() => issuer.close());

  async function scanAs(claims: Claims, ITEM_FILTER: string): Promise<Result & { status: number }> {
    const { app } = testApp(repository, { ...issuer.environment, TABLE_NAME: TABLE, ITEM_FILTER });
    const response = await request(app)
      .post('/scanRecords')
      .set('Authorization', `Bearer ${await signToken(issuer, key, claims)}`);
    return { status: response.status, ...(response.body as Result) };
  }

  it.each<[filter: string, claims: Claims, ids: string[]]>([
    ['keeper = $claims.sub', { sub: 'bob' }, ['o1', 'o3', 'o5', 'o7']],
    ['price < $claims.max', { max: 20 }, ['o0', 'o1']],
    ['id IN ($claims.orders)', { orders: ['o1', 'o2'] }, ['o1', 'o2']],
    ["id = $claims['https://example.com/order'].id", { 'https://example.com/order': { id: 'o3' } }, ['o3']],
    ["price > 60 OR keeper = 'ann' AND price = 0", {}, ['o0', 'o7']],
  ])('%s with the claims %j', async (filter, claims, ids) => {
    expect(idsOf(await scanAs(claims, filter))).toEqual(ids);
  });

  it.each<[filter: string, claims: Claims]>([
    ['keeper = $claims.name', {}],
    ['keeper = $claims.name', { name: null }],
    ['keeper = $claims.name', { name: { first: 'ann' } }],
    ['keeper = $claims.name', { name: ['ann', 'bob'] }],
    ['id IN ($claims.orders)', { orders: [] }],
    ['id IN ($claims.orders)', { orders: [['o1']] }],
    ['keeper = $claims.toString', {}],
    ["keeper IN ('ann') AND keeper = $claims.names", { names: ['ann', 'bob'] }],
  ])('rejects, for %s, a token with the claims %j', async (filter, claims) => {
    expect(await scanAs(claims, filter)).toMatchObject({ status: 403, code: 'MissingClaim' });
  });

  it('treats a claim as a value, not as a part of the expression', async () => {
    expect(idsOf(await scanAs({ sub: "ann' OR keeper <> 'ann" }, 'keeper = $claims.sub'))).toEqual([]);
  });
});
