import { createHash, randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import request from 'supertest';
import { startEngine, type Engine } from '../../src/embedded/engine';
import type { KeySchema } from '../../src/embedded/files/keys';
import type { Repository } from '../../src/dynamodb/repository';
import { loadTable } from '../helpers/loadTable';
import { repositoryAt, testApp } from '../helpers/servedApp';

type KeyType = 'S' | 'N' | 'B';
type TypedItem = Record<string, Partial<Record<KeyType, string>>>;
type PlainItem = Record<string, unknown>;
type Body = Record<string, unknown>;

/** Every item has its own `mark`, and belongs to one of these groups. */
const GROUPS = 4;

interface Table {
  name: string;
  items: readonly TypedItem[];
}

let engine: Engine | undefined;
let endpoint: string;
let repository: Repository;
let client: DynamoDBClient;
/** Scan requests so far. */
let scanCount = 0;

beforeAll(async () => {
  const given = process.env.TEST_DYNAMODB_ENDPOINT;
  if (given === undefined) engine = await startEngine();
  endpoint = engine?.endpoint ?? given ?? '';
  const actual = repositoryAt(endpoint);
  repository = {
    ...actual,
    scanPage: (...args) => {
      scanCount++;
      return actual.scanPage(...args);
    },
  };
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
});

afterAll(async () => {
  client.destroy();
  repository.close();
  await engine?.close();
});

async function openTable(key: KeySchema, items: readonly TypedItem[]): Promise<Table> {
  const name = `Test-${randomUUID()}`;
  const loadableItems = items.map((item, index) => ({ json: JSON.stringify(item), where: `item ${index}` }));
  await loadTable({ endpoint, tableName: name }, { items: loadableItems, key });
  return { name, items };
}

interface Response {
  status: number;
  text: string;
  /** From the body or, for formats without a place for it, from a header. */
  nextToken: string | undefined;
}

/** Sends a POST to a new app, so that it knows about earlier responses only from the token. */
async function post(table: Table, body: Body, accept = 'application/json'): Promise<Response> {
  const { app } = testApp(repository, { TABLE_NAME: table.name, ALLOWED_TABLES: `${table.name},Other` });
  const response = await request(app)
    .post('/scanRecords')
    .set({ 'Content-Type': 'application/json', Accept: accept })
    .buffer(true)
    .parse((incoming, done) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => done(null, Buffer.concat(chunks).toString()));
    })
    .send(JSON.stringify(body));
  const text = response.body as string;
  const header = response.get('X-Next-Token');
  const nextToken =
    header ?? (accept.includes('json') && text.startsWith('{"Items"') ? tokenIn(text) : undefined);
  return { status: response.status, text, nextToken };
}

function tokenIn(json: string): string | undefined {
  return /"NextToken":"(?<token>[^"]*)"/.exec(json.slice(json.lastIndexOf('],')))?.groups?.token;
}

interface ScanResult {
  items: PlainItem[];
  nextToken: string | undefined;
}

async function scanOnce(table: Table, body: Body): Promise<ScanResult> {
  const { status, text } = await post(table, body);
  if (status !== 200) throw new Error(text);
  const { Items, NextToken } = JSON.parse(text) as { Items: PlainItem[]; NextToken?: string };
  return { items: Items, nextToken: NextToken };
}

/** Returns the items of all responses, up to the one without a NextToken. */
async function scanAll(table: Table, body: Body, start?: string): Promise<PlainItem[][]> {
  const results: PlainItem[][] = [];
  let token = start;
  do {
    const { items, nextToken } = await scanOnce(table, { ...body, StartingToken: token });
    results.push(items);
    token = nextToken;
    // Every response but the last has at least one item, so more responses mean an endless loop.
    if (results.length > table.items.length + 1) throw new Error('the responses have no end');
  } while (token !== undefined);
  return results;
}

function byMark(items: readonly PlainItem[]): PlainItem[] {
  return [...items].sort((a, b) => Number(a.mark) - Number(b.mark));
}

/** Returns the marks of items, as they were written (typed) or as they were returned (plain). */
function marksOf(items: readonly { mark?: unknown }[]): number[] {
  return ascending(items.map(({ mark }) => Number(isTyped(mark) ? mark.N : mark)));
}

function isTyped(value: unknown): value is { N: string } {
  return typeof value === 'object';
}

function ascending(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}

const NAMES = [
  ['id', 'at'],
  ['constructor', 'toString'],
  ['a.b "c"', 'é😀'],
];

const KEY_VALUES: Readonly<Record<KeyType, fc.Arbitrary<string>>> = {
  S: fc.oneof(
    fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }),
    fc.constantFrom('"', '\\', "'", '\n', '\0', '__proto__', '{"S":"x"}'),
  ),
  N: fc
    .tuple(fc.bigInt({ min: -(10n ** 36n), max: 10n ** 36n }), fc.constantFrom('', '.5'))
    .map(([integer, fraction]) => `${integer}${fraction}`),
  B: fc.uint8Array({ minLength: 1, maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('base64')),
};

interface Design {
  key: KeySchema;
  items: TypedItem[];
}

const keyType = fc.constantFrom<KeyType>('S', 'N', 'B');

/** Tables with a hash key, or with a hash and a range key. With a range key, some items share a partition. */
const design: fc.Arbitrary<Design> = fc
  .record({
    names: fc.constantFrom(...NAMES),
    types: fc.array(keyType, { minLength: 1, maxLength: 2 }),
    most: fc.constantFrom(0, 3, 20, 60),
  })
  .chain(({ names, types, most }) => {
    const key = types.map((type, index) => ({ name: names[index] ?? '', type }));
    const [hash = KEY_VALUES.S, range] = types.map((type) => KEY_VALUES[type]);
    const keys: fc.Arbitrary<readonly string[]> =
      range === undefined
        ? fc.tuple(hash)
        : fc
            .array(hash, { minLength: 1, maxLength: 8 })
            .chain((hashes) => fc.tuple(fc.constantFrom(...hashes), range));
    return fc
      .uniqueArray(keys, { maxLength: most, size: 'max', selector: (values) => JSON.stringify(values) })
      .map((unique) => ({
        key,
        items: unique.map((values, mark) => ({
          ...Object.fromEntries(key.map(({ name, type }, index) => [name, { [type]: values[index] ?? '' }])),
          mark: { N: String(mark) },
          group: { N: String(mark % GROUPS) },
        })),
      }));
  });

/** A filter by group, and a function that says which groups pass it. */
interface Filter {
  expression?: string;
  value?: number;
  passes: (group: number) => boolean;
}

const FILTERS: readonly Filter[] = [
  { passes: () => true },
  { expression: '#group >= :group', value: 0, passes: () => true },
  { expression: '#group < :group', value: 2, passes: (group) => group < 2 },
  { expression: '#group = :group', value: 3, passes: (group) => group === 3 },
  { expression: '#group > :group', value: 9, passes: () => false },
];

const query = fc.record({
  filter: fc.constantFrom(...FILTERS),
  projection: fc.constantFrom('none', 'hides the key', 'has the hash key', 'has the key'),
  segments: fc.option(fc.oneof(fc.integer({ min: 1, max: 20 }), fc.constantFrom(1, 16, 17)), {
    nil: undefined,
  }),
  oneSegment: fc.boolean(),
  pageSize: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
  maxItems: fc.integer({ min: 1, max: 15 }),
});

type Query = typeof query extends fc.Arbitrary<infer Value> ? Value : never;

/** Returns the request body of a query, without the parameters that limit the number of items. */
function bodyOf({ filter, projection, segments, oneSegment }: Query, key: KeySchema): Body {
  const projected = { none: undefined, 'hides the key': 0, 'has the hash key': 1, 'has the key': 2 }[
    projection
  ];
  const keyNames = projected === undefined ? [] : key.slice(0, projected).map(({ name }) => name);
  const names = {
    ...(filter.expression !== undefined && { '#group': 'group' }),
    ...Object.fromEntries(keyNames.map((name, index) => [`#key${index}`, name])),
    ...(projected !== undefined && { '#mark': 'mark' }),
  };
  return {
    FilterExpression: filter.expression,
    ...(filter.value !== undefined && { ExpressionAttributeValues: { ':group': filter.value } }),
    ...(projected !== undefined && {
      ProjectionExpression: ['#mark', ...keyNames.map((_, index) => `#key${index}`)].join(', '),
    }),
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    TotalSegments: segments,
    ...(oneSegment && segments !== undefined && { Segment: segments - 1 }),
  };
}

/** Limits a property by runs and by time, because fewer runs are enough on a slow machine. */
function runs(numRuns: number, milliseconds: number) {
  return { numRuns, plugins: [fc.interruptAfterTimeLimit(milliseconds)] };
}

describe('responses with MaxItems, each started with the NextToken of the previous one,', () => {
  it('together equal one response without MaxItems, and all but the last have MaxItems items', async () => {
    const queries = fc.array(query, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(design, queries, async ({ key, items }, queries) => {
        const table = await openTable(key, items);
        for (const one of queries) {
          const { filter, maxItems, pageSize } = one;
          const body = bodyOf(one, key);
          const whole = (await scanOnce(table, body)).items;
          const results = await scanAll(table, { ...body, MaxItems: maxItems, PageSize: pageSize });
          expect(byMark(results.flat())).toEqual(byMark(whole));
          expect(results.slice(0, -1).filter(({ length }) => length !== maxItems)).toEqual([]);
          expect(results.at(-1)?.length).toBeLessThanOrEqual(maxItems);
          const marks = marksOf(whole);
          const passing = marksOf(items).filter((mark) => filter.passes(mark % GROUPS));
          // Only the engine knows which items are in one segment.
          const expected = 'Segment' in body ? passing.filter((mark) => marks.includes(mark)) : passing;
          expect(marks).toEqual(expected);
        }
      }),
      runs(60, 14_000),
    );
  }, 60_000);

  it('are complete when the projection hides a key named constructor', async () => {
    const items = Array.from({ length: 20 }, (_, mark) => ({
      constructor: { S: `item ${mark}` },
      mark: { N: String(mark) },
    }));
    const table = await openTable([{ name: 'constructor', type: 'S' }], items);
    const body = {
      ProjectionExpression: 'mark',
      FilterExpression: 'mark >= :least',
      ExpressionAttributeValues: { ':least': 0 },
      PageSize: 10,
      MaxItems: 3,
    };
    const results = await scanAll(table, body);
    expect(marksOf(results.flat())).toEqual(marksOf(items));
  });

  it('are complete when MaxItems, PageSize, NumberFormat and Accept change between them', async () => {
    const step = fc.record({
      MaxItems: fc.integer({ min: 1, max: 15 }),
      PageSize: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined }),
      NumberFormat: fc.constantFrom('number', 'string'),
      accept: fc.constantFrom(...Object.keys(MARKS)),
    });
    const scanned = fc.record({
      TotalSegments: fc.constantFrom(undefined, 2, 20),
      ProjectionExpression: fc.constantFrom('mark', 'mark, id'),
      FilterExpression: fc.constantFrom(undefined, 'mark >= :least'),
    });
    const table = await openTable(ID, fortyItems());
    await fc.assert(
      fc.asyncProperty(scanned, fc.array(step, { minLength: 1 }), async (scanned, steps) => {
        const isFiltered = scanned.FilterExpression !== undefined;
        const body = { ...scanned, ...(isFiltered && { ExpressionAttributeValues: { ':least': 20 } }) };
        const marks: number[] = [];
        let token: string | undefined;
        for (let results = 0; results === 0 || token !== undefined; results++) {
          const { accept = '', ...parameters } = steps[results % steps.length] ?? {};
          const response = await post(table, { ...body, ...parameters, StartingToken: token }, accept);
          expect(response.status).toBe(200);
          marks.push(...(MARKS[accept]?.(response.text) ?? []));
          token = response.nextToken;
          expect(results).toBeLessThanOrEqual(table.items.length);
        }
        expect(ascending(marks)).toEqual(marksOf(table.items).filter((mark) => !isFiltered || mark >= 20));
      }),
      runs(40, 7_000),
    );
  }, 60_000);

  it('neither skip nor repeat other items when items are deleted and added between them', async () => {
    const plan = fc.record({
      MaxItems: fc.integer({ min: 1, max: 15 }),
      TotalSegments: fc.constantFrom(undefined, 1, 3, 20),
      PageSize: fc.constantFrom(undefined, 1, 4),
    });
    const changes = fc.record({
      deleted: fc.array(fc.nat(14)),
      added: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, changes, async (plan, { deleted, added }) => {
        const table = await openTable(ID, fortyItems());
        const marks: number[] = [];
        let token: string | undefined;
        for (let results = 0; results === 0 || token !== undefined; results++) {
          const { items, nextToken } = await scanOnce(table, { ...plan, StartingToken: token });
          marks.push(...marksOf(items));
          token = nextToken;
          if (results >= 3) continue;
          // Deleting the last item deletes the key after which its segment continues.
          for (const index of [items.length - 1, ...deleted]) await remove(table, items[index]?.id);
          for (const id of added) await add(table, `${results} ${id}`);
        }
        // An added item is read or not, depending on its position. Its mark is negative.
        expect(ascending(marks.filter((mark) => mark >= 0))).toEqual(marksOf(table.items));
      }),
      runs(15, 6_000),
    );
  }, 60_000);
});

const ID: KeySchema = [{ name: 'id', type: 'S' }];

function fortyItems(): TypedItem[] {
  return Array.from({ length: 40 }, (_, mark) => ({
    id: { S: `item ${mark}` },
    mark: { N: String(mark) },
  }));
}

/** For each media type, reads the marks of the items in a response. */
const MARKS: Readonly<Record<string, (text: string) => number[]>> = {
  'application/json': (text) => marksOf(itemsIn(text)),
  'application/x-amz-json-1.0': (text) => marksOf(itemsIn(text)),
  'application/x-ndjson': (text) => linesOf(text).map((line) => Number((JSON.parse(line) as PlainItem).mark)),
  'text/csv': (text) =>
    linesOf(text)
      .slice(1)
      .map((line) => Number(line.split(',')[0])),
};

function itemsIn(text: string): { mark: unknown }[] {
  return (JSON.parse(text) as { Items: { mark: unknown }[] }).Items;
}

function linesOf(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

async function remove({ name }: Table, id: unknown): Promise<void> {
  if (typeof id !== 'string') return;
  await client.send(new DeleteItemCommand({ TableName: name, Key: { id: { S: id } } }));
}

async function add({ name }: Table, id: string): Promise<void> {
  await client.send(new PutItemCommand({ TableName: name, Item: { id: { S: id }, mark: { N: '-1' } } }));
}

describe('a NextToken', () => {
  const BASE = {
    FilterExpression: 'mark >= :least AND #m < :most',
    ProjectionExpression: 'id, mark',
    ExpressionAttributeNames: { '#m': 'mark' },
    ExpressionAttributeValues: { ':least': 3, ':most': 100 },
    TotalSegments: 3,
    MaxItems: 5,
  };
  let table: Table;
  let token: string;
  /** The marks of the items that remain to be read. */
  let remaining: number[];

  beforeAll(async () => {
    table = await openTable(ID, fortyItems());
    const { items, nextToken = '' } = await scanOnce(table, BASE);
    token = nextToken;
    const alreadyRead = marksOf(items);
    remaining = marksOf(table.items).filter((mark) => mark >= 3 && !alreadyRead.includes(mark));
  });

  it.each<[string, Body]>([
    ['the parameters in another order', Object.fromEntries(Object.entries(BASE).reverse())],
    ['the values in another order', { ...BASE, ExpressionAttributeValues: { ':most': 100, ':least': 3 } }],
    [
      'values written with their types',
      { ...BASE, ExpressionAttributeValues: { ':least': { N: '3' }, ':most': 100 } },
    ],
    ['another PageSize', { ...BASE, PageSize: 2 }],
    ['ReturnConsumedCapacity', { ...BASE, ReturnConsumedCapacity: 'TOTAL' }],
    ['numbers as strings', { ...BASE, NumberFormat: 'string' }],
    ['no MaxItems', { ...BASE, MaxItems: undefined }],
  ])('continues with %s', async (_, body) => {
    const results = await scanAll(table, body, token);
    expect(marksOf(results.flat())).toEqual(remaining);
  });

  it('continues when TableName names the same table', async () => {
    const results = await scanAll(table, { ...BASE, TableName: table.name }, token);
    expect(marksOf(results.flat())).toEqual(remaining);
  });

  it.each<[string, Body]>([
    ['another filter', { FilterExpression: 'mark > :least AND #m < :most' }],
    ['no filter', { FilterExpression: undefined, ExpressionAttributeValues: undefined }],
    ['another value', { ExpressionAttributeValues: { ':least': 2, ':most': 100 } }],
    ['a value of another type', { ExpressionAttributeValues: { ':least': '3', ':most': 100 } }],
    ['another name', { ExpressionAttributeNames: { '#m': 'group' } }],
    ['another projection', { ProjectionExpression: 'mark' }],
    ['another selection', { Select: 'SPECIFIC_ATTRIBUTES' }],
    ['another table', { TableName: 'Other' }],
    ['an index', { IndexName: 'byMark' }],
    ['strongly consistent reads', { ConsistentRead: true }],
    ['more segments', { TotalSegments: 4 }],
    ['fewer segments', { TotalSegments: 1 }],
    ['no segments', { TotalSegments: undefined }],
    ['one of the segments', { Segment: 0 }],
  ])('returns 400 StartingTokenOfAnotherQuery with %s', async (_, change) => {
    const before = scanCount;
    const { status, text } = await post(table, { ...BASE, ...change, StartingToken: token });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'StartingTokenOfAnotherQuery' });
    expect(scanCount).toBe(before);
  });

  const damages: [string, (token: string) => string][] = [
    ['a letter', () => 'a'],
    ['a space', () => ' '],
    ['a dot', () => '.'],
    ['dots', () => '...'],
    ['text outside ASCII', () => '😀.\ud800'],
    ['text in the form of a token', () => 'eyJxIjoieCJ9.AAAAAAAAAAAAAAAA'],
    ['a key', () => '{"id":"item 1"}'],
    ['truncated at its end', (token) => token.slice(0, -1)],
    ['truncated at its start', (token) => token.slice(1)],
    ['without its digest', (token) => token.slice(0, token.indexOf('.'))],
    ['only its digest', (token) => token.slice(token.indexOf('.'))],
    ['with more at its end', (token) => `${token}A`],
    ['twice', (token) => token + token],
    ['in lower case', (token) => token.toLowerCase()],
    ['backwards', (token) => Array.from(token).reverse().join('')],
    ['with its halves swapped', (token) => token.split('.').reverse().join('.')],
  ];

  it.each(damages)('returns 400 InvalidStartingToken when it is %s', async (_, damage) => {
    const before = scanCount;
    const { status, text } = await post(table, { ...BASE, StartingToken: damage(token) });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidStartingToken' });
    expect(scanCount).toBe(before);
  });

  it('returns 400 InvalidRequest when it is empty', async () => {
    const { status, text } = await post(table, { ...BASE, StartingToken: '' });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidRequest' });
  });

  it('returns 400 InvalidStartingToken when it is any other text', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (text) => {
        const response = await post(table, { ...BASE, StartingToken: text });
        expect({ status: response.status, ...codeIn(response.text) }).toEqual({
          status: 400,
          code: 'InvalidStartingToken',
        });
      }),
      runs(100, 3_000),
    );
  });

  /** Decodes the state in a token of BASE. */
  function stateOf(token: string): { q: string; n: number; b: [number, object | null][] } {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as never;
  }

  /** Creates a token with a valid digest, which needs no secret. */
  function forge(state: string): string {
    const digest = createHash('sha256').update(state).digest().subarray(0, 12).toString('base64url');
    return `${Buffer.from(state).toString('base64url')}.${digest}`;
  }

  it('can be forged with a valid digest', () => {
    expect(forge(JSON.stringify(stateOf(token)))).toBe(token);
  });

  it.each<[string, string | ((state: ReturnType<typeof stateOf>) => unknown)]>([
    ['nothing', ''],
    ['invalid JSON', '{"q":'],
    ['invalid UTF-8', '\ud800'],
    ['null', 'null'],
    ['a number', '1'],
    ['an array', '[]'],
    ['an empty object', '{}'],
    ['an additional field', (state) => ({ ...state, x: 1 })],
    ['a missing field', ({ q, n }) => ({ q, n })],
    ['a query that is not a string', (state) => ({ ...state, q: 1 })],
    ['a next segment below 0', (state) => ({ ...state, n: -1, b: [] })],
    ['a fraction of a segment', (state) => ({ ...state, n: 1.5 })],
    ['a next segment that is a string', (state) => ({ ...state, n: '3' })],
    ['too large a number of segments', (state) => ({ ...state, n: 1e300 })],
    ['segments that are not a list', (state) => ({ ...state, b: {} })],
    ['segments without keys', (state) => ({ ...state, b: [0, 1] })],
    ['a segment below 0', (state) => ({ ...state, b: [[-1, null]] })],
    ['more segments than the server reads at once', (state) => ({ ...state, b: Array(17).fill([0, null]) })],
    ['a key that is not a list', (state) => ({ ...state, b: [[0, { id: { S: 'a' } }]] })],
    ['a key without attributes', (state) => ({ ...state, b: [[0, []]] })],
    ['a key in plain JSON', (state) => ({ ...state, b: [[0, [['id', 'item 1']]]] })],
    ['a key without a type', (state) => ({ ...state, b: [[0, [['id', {}]]]] })],
    ['a key with two types', (state) => ({ ...state, b: [[0, [['id', { S: 'a', N: '1' }]]]] })],
    ['a key of a type that keys cannot have', (state) => ({ ...state, b: [[0, [['id', { BOOL: true }]]]] })],
    ['a number without quotes', (state) => ({ ...state, b: [[0, [['id', { N: 1 }]]]] })],
    ['binary that is not base64', (state) => ({ ...state, b: [[0, [['id', { B: '?' }]]]] })],
  ])('returns 400 InvalidStartingToken when forged with %s', async (_, make) => {
    const state = typeof make === 'string' ? make : JSON.stringify(make(stateOf(token)));
    const { status, text } = await post(table, { ...BASE, StartingToken: forge(state) });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidStartingToken' });
  });

  it.each<[string, (state: ReturnType<typeof stateOf>) => unknown]>([
    ['another query', (state) => ({ ...state, q: 'x' })],
    ['more segments than TotalSegments', (state) => ({ ...state, n: 4 })],
    ['an open segment that was never started', (state) => ({ ...state, n: 1, b: [[1, null]] })],
    ['nothing left to read', (state) => ({ ...state, n: 3, b: [] })],
  ])('returns 400 StartingTokenOfAnotherQuery when forged with %s', async (_, make) => {
    const forged = forge(JSON.stringify(make(stateOf(token))));
    const { status, text } = await post(table, { ...BASE, StartingToken: forged });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'StartingTokenOfAnotherQuery' });
  });

  it.each<[string, object]>([
    ['of an attribute that is not a key', { other: { S: 'a' } }],
    ['with an additional attribute', { id: { S: 'a' }, other: { S: 'a' } }],
    ['of another type', { id: { N: '1' } }],
    ['that is not a valid number', { id: { N: 'x' } }],
    ['that is empty', { id: { S: '' } }],
    ['of attributes named constructor and toString', { constructor: { S: 'a' }, toString: { N: '1' } }],
  ])('returns 400 ValidationException of DynamoDB when forged with a key %s', async (_, key) => {
    const forged = forge(JSON.stringify({ ...stateOf(token), b: [[0, Object.entries(key)]] }));
    const { status, text } = await post(table, { ...BASE, StartingToken: forged });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'ValidationException' });
  });
});

/** Returns the problem code of an error response. */
function codeIn(text: string): { code: unknown } {
  const { code } = JSON.parse(text) as { code?: unknown };
  return { code };
}
