/** Tests the client against the real server on the embedded engine. */
import {
  and,
  createClient,
  exactNumber,
  not,
  or,
  type Filter,
  type Progress,
  type ScanError,
} from 'scan-records-client';
import { serveTable, type ServedTable } from './servedTable';

interface Item {
  id: string;
  n: number;
  size: string;
  tags: string[];
  box: { width: number; unit?: string };
  note?: string | null;
}

const COUNT = 450;

const ids = Array.from({ length: COUNT }, (_, n) => `item ${n}`);

/** In DynamoDB's typed form. `size` is a reserved word. */
const typedItems = ids.map((id, n) => ({
  id: { S: id },
  n: { N: String(n) },
  size: { S: n % 2 === 0 ? 'even' : 'odd' },
  tags: { SS: ['all', `tag ${n % 10}`] },
  box: { M: { width: { N: String(n % 5) }, ...(n % 3 === 0 && { unit: { S: 'm' } }) } },
  ...(n % 4 === 0 && { note: n % 8 === 0 ? { NULL: true } : { S: 'ünïcode €' } }),
}));

let table: ServedTable;

beforeAll(async () => {
  table = await serveTable(typedItems);
});
afterAll(() => table.close());

async function numbersOf(items: AsyncIterable<{ n: number }>): Promise<number[]> {
  const numbers: number[] = [];
  for await (const { n } of items) numbers.push(n);
  return numbers.sort((a, b) => a - b);
}

const all = Array.from({ length: COUNT }, (_, n) => n);

it('returns every item once', async () => {
  expect(await numbersOf(createClient<Item>(table.url).scan())).toEqual(all);
});

it('accepts the URL of the route, and a URL that ends in a slash', async () => {
  for (const url of [`${table.url}/scanRecords`, `${table.url}/`]) {
    expect(await createClient(url).count()).toBe(COUNT);
  }
});

it('reports the progress after each page', async () => {
  const reports: Progress[] = [];
  const scan = createClient<Item>(table.url).scan({ onProgress: (progress) => reports.push(progress) });
  expect(await numbersOf(scan)).toEqual(all);
  expect(reports.map(({ items }) => items)).toEqual([200, 450]);
  expect(reports[1]?.readUnits).toBeGreaterThan(reports[0]?.readUnits ?? Infinity);
});

it.each<[filter: Filter<Item>, matches: (n: number) => boolean]>([
  [{ n: 7 }, (n) => n === 7],
  [{ n: { gt: 100, le: 110n } }, (n) => n > 100 && n <= 110],
  [{ n: { between: [exactNumber('100.0'), 110] } }, (n) => n >= 100 && n <= 110],
  [{ n: { in: [1, 2, 1000] } }, (n) => n === 1 || n === 2],
  [{ size: 'odd' }, (n) => n % 2 === 1],
  [{ size: { ne: 'odd' } }, (n) => n % 2 === 0],
  [{ size: { beginsWith: 'e' } }, (n) => n % 2 === 0],
  [{ size: { size: { lt: 4 } } }, (n) => n % 2 === 1],
  [{ tags: { contains: 'tag 3' } }, (n) => n % 10 === 3],
  [{ tags: { eq: new Set(['tag 3', 'all']) } }, (n) => n % 10 === 3],
  [{ tags: { type: 'SS', size: 2 } }, () => true],
  [{ box: { where: { width: { ge: 3 }, unit: 'm' } } }, (n) => n % 5 >= 3 && n % 3 === 0],
  [{ note: { exists: false } }, (n) => n % 4 !== 0],
  [{ note: null }, (n) => n % 8 === 0],
  [{ note: { contains: 'ï' } }, (n) => n % 8 === 4],
  [or({ n: { lt: 3 } }, { n: { gt: 440 }, size: 'odd' }), (n) => n < 3 || (n > 440 && n % 2 === 1)],
  [and({ n: { lt: 20 } }, not(or({ size: 'odd' }, { n: 4 }))), (n) => n < 20 && n % 2 === 0 && n !== 4],
])('returns and counts the items that match %j', async (filter, matches) => {
  const records = createClient<Item>(table.url);
  const expected = all.filter(matches);
  expect(expected).not.toEqual([]);
  expect(await numbersOf(records.scan({ filter }))).toEqual(expected);
  expect(await records.count({ filter })).toBe(expected.length);
});

it('reports how many items were evaluated, also with a filter', async () => {
  const steps: Progress[] = [];
  const records = createClient<Item>(table.url);
  await records.count({ filter: { n: { lt: 10 } }, onProgress: (step) => steps.push(step) });
  expect(steps.at(-1)).toMatchObject({ items: 10, scanned: COUNT });
});

it('reads from a server that hides what a read costs', async () => {
  const server = await serveTable(typedItems, { VISIBLE_ATTRIBUTES: 'id,n' });
  try {
    const records = createClient<Item>(server.url);
    const steps: Progress[] = [];
    const items = await numbersOf(records.scan({ onProgress: (step) => steps.push(step) }));
    expect(items).toEqual(all);
    expect(steps.at(-1)?.readUnits).toBeUndefined();
    expect(await records.count({ filter: { n: { lt: 10 } } })).toBe(10);
  } finally {
    await server.close();
  }
});

it.each([
  [{ VISIBLE_ATTRIBUTES: 'id,n', SCAN_MAX_READ_UNITS: '50' }],
  [{ ITEM_FILTER: 'attribute_exists(n)' }],
])('reads and counts with %j, which makes the server reject both limits and costs', async (environment) => {
  const server = await serveTable(typedItems, environment);
  try {
    const records = createClient<Item>(server.url);
    expect(await records.count({ key: { id: 'item 7' } })).toBe(1);
    expect(await records.count({ filter: { n: { lt: 10 } } })).toBe(10);
    expect(await numbersOf(records.scan({ key: { id: 'item 7' }, filter: { n: 7 } }))).toEqual([7]);
  } finally {
    await server.close();
  }
});

it('filters by an attribute whose name an expression cannot contain', async () => {
  const odd = await serveTable([{ id: { S: 'a' }, 'a.b': { N: '1' } }, { id: { S: 'b' } }]);
  try {
    const records = createClient<{ id: string; 'a.b': number; ': #': string }>(odd.url);
    expect(await records.count({ filter: { 'a.b': 1, ': #': { exists: false } } })).toBe(1);
  } finally {
    await odd.close();
  }
});

it('returns only the selected attributes', async () => {
  const records = createClient<Item>(table.url);
  const [item] = await records.query({ key: { id: 'item 3' }, select: ['size', 'tags'] });
  expect(item).toEqual({ size: 'odd', tags: ['all', 'tag 3'] });
});

it('returns one item by its key, and undefined if there is none', async () => {
  const records = createClient<Item>(table.url);
  expect(await records.get({ id: 'item 3' })).toEqual({
    id: 'item 3',
    n: 3,
    size: 'odd',
    tags: ['all', 'tag 3'],
    box: { width: 3, unit: 'm' },
  });
  expect(await records.get({ id: 'item 3' }, { select: ['n'] })).toEqual({ n: 3 });
  expect(await records.get({ id: 'x' })).toBeUndefined();
});

it('yields full pages of the requested size, and says where to continue', async () => {
  const records = createClient<Item>(table.url);
  const filter: Filter<Item> = { size: 'odd' };
  const sizes: number[] = [];
  const tokens: (string | undefined)[] = [];
  for await (const { items, nextToken } of records.pages({ pageSize: 100, filter })) {
    sizes.push(items.length);
    tokens.push(nextToken);
  }
  expect(sizes).toEqual([100, 100, 25]);
  expect(tokens[2]).toBeUndefined();
  const rest = records.scan({ filter, ...(tokens[1] !== undefined && { startingToken: tokens[1] }) });
  expect(await numbersOf(rest)).toHaveLength(25);
});

it('fills a page although the read limit of the server ends each response early', async () => {
  const large = ids.slice(0, 60).map((id) => ({ id: { S: id }, text: { S: 'x'.repeat(2000) } }));
  const limited = await serveTable(large, { SCAN_MAX_READ_UNITS: '5' });
  try {
    const records = createClient<{ id: string }>(limited.url);
    const sizes: number[] = [];
    const responses: unknown[] = [];
    const onProgress = (progress: Progress) => responses.push(progress);
    for await (const { items } of records.pages({ pageSize: 40, onProgress })) sizes.push(items.length);
    expect(sizes).toEqual([40, 20]);
    expect(responses.length).toBeGreaterThan(2);
    expect(await records.query({ key: { id: 'item 7' } })).toHaveLength(1);
    expect(await records.count({ filter: { id: { ne: 'item 7' } } })).toBe(59);
  } finally {
    await limited.close();
  }
});

it('yields all items in pages without options', async () => {
  let count = 0;
  for await (const { items } of createClient<Item>(table.url).pages()) count += items.length;
  expect(count).toBe(COUNT);
});

it('counts items if JSON responses are arrays', async () => {
  const arrays = await serveTable(typedItems, { RESPONSE_SHAPE: 'array' });
  try {
    expect(await createClient(arrays.url).count()).toBe(COUNT);
    expect(await createClient(arrays.url, { values: 'typed' }).get({ id: 'item 8' })).toEqual(typedItems[8]);
  } finally {
    await arrays.close();
  }
});

it('returns at most maxItems items', async () => {
  const records = createClient<Item>(table.url);
  for (const maxItems of [1, 200, 201]) {
    expect(await numbersOf(records.scan({ maxItems }))).toHaveLength(maxItems);
  }
  const pages = [];
  for await (const page of records.pages({ maxItems: 5, pageSize: 3 })) pages.push(page);
  expect(pages.map(({ items }) => items.length)).toEqual([3, 2]);
  expect(pages[1]?.nextToken).toBeDefined();
});

it('returns nothing for an empty table', async () => {
  const empty = await serveTable([]);
  try {
    const records = createClient<Item>(empty.url);
    expect(await numbersOf(records.scan())).toEqual([]);
    expect(await records.count()).toBe(0);
  } finally {
    await empty.close();
  }
});

it('returns DynamoDB typed values with values: typed', async () => {
  const records = createClient(table.url, { values: 'typed' });
  expect(await records.get({ id: 'item 8' })).toEqual(typedItems[8]);
  let count = 0;
  for await (const _ of records.scan()) count++;
  expect(count).toBe(COUNT);
});

it('sends an API key, or a token that a function can renew, with each request', async () => {
  const requests: (string | undefined)[] = [];
  const records = (options: object) =>
    createClient(table.url, {
      ...options,
      fetch: (url, init) => {
        const { 'X-Api-Key': key, Authorization: token } = (init?.headers ?? {}) as Record<string, string>;
        requests.push(key, token);
        return fetch(url, init);
      },
    });
  let renewals = 0;
  const token = () => Promise.resolve(`renewed ${++renewals}`);
  await records({ apiKey: 'k' }).count();
  await records({ token: 't' }).count();
  const renewed = records({ token });
  await renewed.count();
  await renewed.count();
  expect(requests.filter(Boolean)).toEqual(['k', 'Bearer t', 'Bearer renewed 1', 'Bearer renewed 2']);
});

it('rejects with the code, status and request id of the server', async () => {
  const records = createClient(table.url, { tableName: 'Others' });
  const error = await records.count().catch((caught: unknown) => caught as ScanError);
  expect(error).toMatchObject({ name: 'ScanError', code: 'TableNotAllowed', status: 403 });
  const { requestId } = error as ScanError;
  expect(requestId).toBeDefined();
  expect(table.log.map((line) => line.requestId ?? line.reqId)).toContain(requestId);
});

it('rejects with 401 if the server requires a key', async () => {
  const digest = '0'.repeat(64);
  const closed = await serveTable([], { AUTH: 'key', API_KEYS: `client:${digest}` });
  try {
    const error = { name: 'ScanError', status: 401 };
    await expect(createClient(closed.url).count()).rejects.toMatchObject({
      ...error,
      code: 'MissingCredentials',
    });
    await expect(createClient(closed.url, { apiKey: 'x' }).count()).rejects.toMatchObject({
      ...error,
      code: 'InvalidCredentials',
    });
  } finally {
    await closed.close();
  }
});
