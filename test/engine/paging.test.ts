import { createHash, randomUUID } from 'node:crypto';
import { DeleteItemCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import request from 'supertest';
import { startEngine, type Engine } from '../../src/embedded/engine';
import type { KeySchema } from '../../src/embedded/keys';
import { loadTable } from '../../src/embedded/load';
import type { Repository } from '../../src/dynamodb/repository';
import { repositoryAt, testApp } from '../helpers/servedApp';

type KeyType = 'S' | 'N' | 'B';
type TypedItem = Record<string, Partial<Record<KeyType, string>>>;
type PlainItem = Record<string, unknown>;
type Body = Record<string, unknown>;

/** Every record has a `mark` of its own, and is of one of so many groups. */
const GROUPS = 4;

interface Table {
  name: string;
  items: readonly TypedItem[];
}

let engine: Engine | undefined;
let endpoint: string;
let repository: Repository;
let client: DynamoDBClient;
/** Calls of Scan so far. */
let calls = 0;

beforeAll(async () => {
  const given = process.env.TEST_DYNAMODB_ENDPOINT;
  if (given === undefined) engine = await startEngine();
  endpoint = engine?.endpoint ?? given ?? '';
  const actual = repositoryAt(endpoint);
  repository = {
    ...actual,
    scanPage: (...call) => {
      calls++;
      return actual.scanPage(...call);
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
  const records = items.map((item, index) => ({ json: JSON.stringify(item), where: `item ${index}` }));
  await loadTable({ endpoint, tableName: name }, { items: records, key });
  return { name, items };
}

interface Response {
  status: number;
  text: string;
  /** In the body or, where that has no place for it, in a header. */
  nextToken: string | undefined;
}

/** Posts to an app that has never had a request: what it knows of earlier answers, the token says. */
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

interface Answer {
  items: PlainItem[];
  nextToken: string | undefined;
}

async function answerOf(table: Table, body: Body): Promise<Answer> {
  const { status, text } = await post(table, body);
  if (status !== 200) throw new Error(text);
  const { Items, NextToken } = JSON.parse(text) as { Items: PlainItem[]; NextToken?: string };
  return { items: Items, nextToken: NextToken };
}

/** Answers up to the one without a NextToken. */
async function answersOf(table: Table, body: Body, start?: string): Promise<PlainItem[][]> {
  const answers: PlainItem[][] = [];
  let token = start;
  do {
    const { items, nextToken } = await answerOf(table, { ...body, StartingToken: token });
    answers.push(items);
    token = nextToken;
    // Each but the last has one record at least: more answers than that would go on for ever.
    if (answers.length > table.items.length + 1) throw new Error('the answers have no end');
  } while (token !== undefined);
  return answers;
}

function byMark(items: readonly PlainItem[]): PlainItem[] {
  return [...items].sort((a, b) => Number(a.mark) - Number(b.mark));
}

/** Of records as they were put, or as they were answered. */
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

/** Tables of a hash key, or of a hash and a range key: then some records share their partition. */
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

/** A filter by the group, and which groups pass it. */
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

/** What a query scans, without what it says of the number of records. */
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

/** So many runs, or those of so much time, which is enough on a slow machine. */
function runs(numRuns: number, milliseconds: number) {
  return { numRuns, plugins: [fc.interruptAfterTimeLimit(milliseconds)] };
}

describe('answers with MaxItems, each begun with the NextToken of the one before', () => {
  it('are together what one answer without MaxItems is, and all but the last have MaxItems records', async () => {
    const queries = fc.array(query, { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(design, queries, async ({ key, items }, queries) => {
        const table = await openTable(key, items);
        for (const one of queries) {
          const { filter, maxItems, pageSize } = one;
          const body = bodyOf(one, key);
          const whole = (await answerOf(table, body)).items;
          const answers = await answersOf(table, { ...body, MaxItems: maxItems, PageSize: pageSize });
          expect(byMark(answers.flat())).toEqual(byMark(whole));
          expect(answers.slice(0, -1).filter(({ length }) => length !== maxItems)).toEqual([]);
          expect(answers.at(-1)?.length).toBeLessThanOrEqual(maxItems);
          const marks = marksOf(whole);
          const passing = marksOf(items).filter((mark) => filter.passes(mark % GROUPS));
          // What is in one segment, the engine alone knows.
          const expected = 'Segment' in body ? passing.filter((mark) => marks.includes(mark)) : passing;
          expect(marks).toEqual(expected);
        }
      }),
      runs(60, 14_000),
    );
  }, 60_000);

  it('are whole when the projection hides a key with a name that objects have from birth', async () => {
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
    const answers = await answersOf(table, body);
    expect(marksOf(answers.flat())).toEqual(marksOf(items));
  });

  it('may each have another MaxItems, PageSize, NumberFormat and Accept', async () => {
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
        for (let answers = 0; answers === 0 || token !== undefined; answers++) {
          const { accept = '', ...members } = steps[answers % steps.length] ?? {};
          const response = await post(table, { ...body, ...members, StartingToken: token }, accept);
          expect(response.status).toBe(200);
          marks.push(...(MARKS[accept]?.(response.text) ?? []));
          token = response.nextToken;
          expect(answers).toBeLessThanOrEqual(table.items.length);
        }
        expect(ascending(marks)).toEqual(marksOf(table.items).filter((mark) => !isFiltered || mark >= 20));
      }),
      runs(40, 7_000),
    );
  }, 60_000);

  it('lack and repeat nothing else when records are deleted and added between them', async () => {
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
        for (let answers = 0; answers === 0 || token !== undefined; answers++) {
          const { items, nextToken } = await answerOf(table, { ...plan, StartingToken: token });
          marks.push(...marksOf(items));
          token = nextToken;
          if (answers >= 3) continue;
          // With the last one goes the key that its segment goes on after.
          for (const index of [items.length - 1, ...deleted]) await remove(table, items[index]?.id);
          for (const id of added) await add(table, `${answers} ${id}`);
        }
        // Whether what is added is read depends on its place; its mark is below those from the start.
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

/** Reads the marks of what was answered to each Accept. */
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
  /** What is left for it. */
  let left: number[];

  beforeAll(async () => {
    table = await openTable(ID, fortyItems());
    const { items, nextToken = '' } = await answerOf(table, BASE);
    token = nextToken;
    const read = marksOf(items);
    left = marksOf(table.items).filter((mark) => mark >= 3 && !read.includes(mark));
  });

  test.each<[string, Body]>([
    ['the members in another order', Object.fromEntries(Object.entries(BASE).reverse())],
    ['the values in another order', { ...BASE, ExpressionAttributeValues: { ':most': 100, ':least': 3 } }],
    [
      'values written with their types',
      { ...BASE, ExpressionAttributeValues: { ':least': { N: '3' }, ':most': 100 } },
    ],
    ['another PageSize', { ...BASE, PageSize: 2 }],
    ['capacity asked for', { ...BASE, ReturnConsumedCapacity: 'TOTAL' }],
    ['numbers as strings', { ...BASE, NumberFormat: 'string' }],
    ['no MaxItems', { ...BASE, MaxItems: undefined }],
  ])('goes on with %s', async (_, body) => {
    const answers = await answersOf(table, body, token);
    expect(marksOf(answers.flat())).toEqual(left);
  });

  it('goes on with the table by its name', async () => {
    const answers = await answersOf(table, { ...BASE, TableName: table.name }, token);
    expect(marksOf(answers.flat())).toEqual(left);
  });

  test.each<[string, Body]>([
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
  ])('does not go on with %s', async (_, change) => {
    const before = calls;
    const { status, text } = await post(table, { ...BASE, ...change, StartingToken: token });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'StartingTokenOfAnotherQuery' });
    expect(calls).toBe(before);
  });

  const damages: [string, (token: string) => string][] = [
    ['a letter', () => 'a'],
    ['a space', () => ' '],
    ['a dot', () => '.'],
    ['dots', () => '...'],
    ['no ASCII', () => '😀.\ud800'],
    ['what looks like one', () => 'eyJxIjoieCJ9.AAAAAAAAAAAAAAAA'],
    ['a key', () => '{"id":"item 1"}'],
    ['without its end', (token) => token.slice(0, -1)],
    ['without its beginning', (token) => token.slice(1)],
    ['without its digest', (token) => token.slice(0, token.indexOf('.'))],
    ['its digest alone', (token) => token.slice(token.indexOf('.'))],
    ['with more at its end', (token) => `${token}A`],
    ['twice', (token) => token + token],
    ['in lower case', (token) => token.toLowerCase()],
    ['backwards', (token) => Array.from(token).reverse().join('')],
    ['with its halves swapped', (token) => token.split('.').reverse().join('.')],
  ];

  test.each(damages)('that is %s is refused', async (_, damage) => {
    const before = calls;
    const { status, text } = await post(table, { ...BASE, StartingToken: damage(token) });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidStartingToken' });
    expect(calls).toBe(before);
  });

  it('that is empty is refused', async () => {
    const { status, text } = await post(table, { ...BASE, StartingToken: '' });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidRequest' });
  });

  it('that any text is given for is refused', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary', minLength: 1 }), async (made) => {
        const { status, text } = await post(table, { ...BASE, StartingToken: made });
        expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidStartingToken' });
      }),
      runs(100, 3_000),
    );
  });

  /** What the token of BASE holds. */
  function stateOf(token: string): { q: string; n: number; b: [number, object | null][] } {
    return JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as never;
  }

  /** A token with a digest of its own, which is no secret. */
  function forge(state: string): string {
    const digest = createHash('sha256').update(state).digest().subarray(0, 12).toString('base64url');
    return `${Buffer.from(state).toString('base64url')}.${digest}`;
  }

  it('can be made up as it is', () => {
    expect(forge(JSON.stringify(stateOf(token)))).toBe(token);
  });

  test.each<[string, string | ((state: ReturnType<typeof stateOf>) => unknown)]>([
    ['nothing', ''],
    ['no JSON', '{"q":'],
    ['no UTF-8', '\ud800'],
    ['null', 'null'],
    ['a number', '1'],
    ['an array', '[]'],
    ['an empty object', '{}'],
    ['a member too many', (state) => ({ ...state, x: 1 })],
    ['a member too few', ({ q, n }) => ({ q, n })],
    ['a query that is no text', (state) => ({ ...state, q: 1 })],
    ['a next segment below 0', (state) => ({ ...state, n: -1, b: [] })],
    ['a fraction of a segment', (state) => ({ ...state, n: 1.5 })],
    ['a next segment in quotes', (state) => ({ ...state, n: '3' })],
    ['segments without end', (state) => ({ ...state, n: 1e300 })],
    ['segments that are no list', (state) => ({ ...state, b: {} })],
    ['segments without keys', (state) => ({ ...state, b: [0, 1] })],
    ['a segment below 0', (state) => ({ ...state, b: [[-1, null]] })],
    ['more segments than are read at once', (state) => ({ ...state, b: Array(17).fill([0, null]) })],
    ['a key that is no list', (state) => ({ ...state, b: [[0, { id: { S: 'a' } }]] })],
    ['a key without attributes', (state) => ({ ...state, b: [[0, []]] })],
    ['a key of plain JSON', (state) => ({ ...state, b: [[0, [['id', 'item 1']]]] })],
    ['a key without a type', (state) => ({ ...state, b: [[0, [['id', {}]]]] })],
    ['a key with two types', (state) => ({ ...state, b: [[0, [['id', { S: 'a', N: '1' }]]]] })],
    ['a key of a type that no key has', (state) => ({ ...state, b: [[0, [['id', { BOOL: true }]]]] })],
    ['a number without quotes', (state) => ({ ...state, b: [[0, [['id', { N: 1 }]]]] })],
    ['binary that is not in base64', (state) => ({ ...state, b: [[0, [['id', { B: '?' }]]]] })],
  ])('that was made up and holds %s is refused', async (_, make) => {
    const state = typeof make === 'string' ? make : JSON.stringify(make(stateOf(token)));
    const { status, text } = await post(table, { ...BASE, StartingToken: forge(state) });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'InvalidStartingToken' });
  });

  test.each<[string, (state: ReturnType<typeof stateOf>) => unknown]>([
    ['a query of another length', (state) => ({ ...state, q: 'x' })],
    ['more segments than there are', (state) => ({ ...state, n: 4 })],
    ['a segment in hand that was not begun', (state) => ({ ...state, n: 1, b: [[1, null]] })],
    ['nothing that is left to read', (state) => ({ ...state, n: 3, b: [] })],
  ])('that was made up and holds %s is of another query', async (_, make) => {
    const made = forge(JSON.stringify(make(stateOf(token))));
    const { status, text } = await post(table, { ...BASE, StartingToken: made });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'StartingTokenOfAnotherQuery' });
  });

  test.each<[string, object]>([
    ['of an attribute that is no key', { other: { S: 'a' } }],
    ['of more than its attributes', { id: { S: 'a' }, other: { S: 'a' } }],
    ['of another type', { id: { N: '1' } }],
    ['that is no number', { id: { N: 'x' } }],
    ['that is empty', { id: { S: '' } }],
    ['of odd attributes', { constructor: { S: 'a' }, toString: { N: '1' } }],
  ])('that was made up and holds a key %s has DynamoDB refuse it', async (_, key) => {
    const made = forge(JSON.stringify({ ...stateOf(token), b: [[0, Object.entries(key)]] }));
    const { status, text } = await post(table, { ...BASE, StartingToken: made });
    expect({ status, ...codeIn(text) }).toEqual({ status: 400, code: 'ValidationException' });
  });
});

/** The code of a problem. */
function codeIn(text: string): { code: unknown } {
  const { code } = JSON.parse(text) as { code?: unknown };
  return { code };
}
