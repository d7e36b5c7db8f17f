import request from 'supertest';
import { readSample } from '../../src/embedded/sample';
import { openEngineTable, type EngineTable } from '../helpers/engineTable';
import { allPages, testApp } from '../helpers/servedApp';

interface ScanResult {
  Items: Record<string, unknown>[];
  Count: number;
  ScannedCount: number;
}

/** Sends a POST to an app over the table. The body of the response is its text. */
function scan({ repository, tableName }: EngineTable) {
  const { app } = testApp(repository, { TABLE_NAME: tableName });
  return request(app)
    .post('/scanRecords')
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        done(null, Buffer.concat(chunks).toString('utf8'));
      });
    });
}

describe('POST /scanRecords over the sample', () => {
  let table: EngineTable;
  let sample: string[];

  beforeAll(async () => {
    sample = (await readSample('Sample')).items.map(({ json }) => json.toString());
    table = await openEngineTable(sample);
  });

  afterAll(async () => {
    await table.close();
  });

  it('returns every item once', async () => {
    const response = await scan(table);
    expect(response.status).toBe(200);
    const { Items, Count, ScannedCount } = JSON.parse(response.body as string) as ScanResult;
    expect({ Count, ScannedCount }).toEqual({ Count: sample.length, ScannedCount: sample.length });
    const ids = sample.map((json) => (JSON.parse(json) as { id: { S: string } }).id.S);
    expect(Items.map(({ id }) => id).sort()).toEqual(ids.sort());
  });

  it('needs more than one request to DynamoDB', async () => {
    const pages = await allPages(table.repository, table.tableName);
    expect(pages.length).toBeGreaterThan(1);
    for (const { count } of pages) expect(count).toBeLessThan(sample.length);
  });

  it('returns 200 from /readyz', async () => {
    const { app } = testApp(table.repository, { TABLE_NAME: table.tableName });
    await request(app).get('/readyz').expect(200, { status: 'ready' });
  });
});

describe('POST /scanRecords over a table with one item', () => {
  const deep = (levels: number, kind: 'M' | 'L'): object =>
    levels === 0
      ? { S: 'deep' }
      : kind === 'M'
        ? { M: { m: deep(levels - 1, 'M') } }
        : { L: [deep(levels - 1, 'L')] };
  const plainDeep = (levels: number, open: string, close: string) =>
    `${open.repeat(levels)}"deep"${close.repeat(levels)}`;

  // Numbers that DynamoDB normalizes (leading and trailing zeros) are given in their normalized form.
  it.each([
    ['an empty string', { S: '' }, '""'],
    ['38 digits', { N: '12345678901234567890123456789012345678' }, '12345678901234567890123456789012345678'],
    [
      '38 decimal digits',
      { N: '-0.12345678901234567890123456789012345678' },
      '-0.12345678901234567890123456789012345678',
    ],
    ['1.23e+40', { N: '1.23e+40' }, `123${'0'.repeat(38)}`],
    ['an integer past 2^53', { N: '9007199254740993' }, '9007199254740993'],
    ['binary', { B: '/wD+' }, '"/wD+"'],
    ['empty binary', { B: '' }, '""'],
    ['true', { BOOL: true }, 'true'],
    ['null', { NULL: true }, 'null'],
    ['a set of strings', { SS: ['b'] }, '["b"]'],
    ['a set of numbers', { NS: ['9007199254740993'] }, '[9007199254740993]'],
    ['a set of binary', { BS: ['/wD+'] }, '["/wD+"]'],
    ['an empty list', { L: [] }, '[]'],
    ['an empty map', { M: {} }, '{}'],
    ['a mixed list', { L: [{ S: 'a' }, { N: '1' }, { NULL: true }] }, '["a",1,null]'],
    ['maps 31 levels deep', deep(31, 'M'), plainDeep(31, '{"m":', '}')],
    ['lists 31 levels deep', deep(31, 'L'), plainDeep(31, '[', ']')],
    ['an attribute named constructor', { M: { constructor: { S: 'x' } } }, '{"constructor":"x"}'],
  ])('returns %s unchanged', async (_, value, plain) => {
    const table = await openEngineTable([JSON.stringify({ id: { S: 'one' }, value })]);
    try {
      const text = (await scan(table)).body as string;
      expect(valueIn(text)).toBe(plain);
    } finally {
      await table.close();
    }
  });

  it('returns any Unicode text unchanged, whether or not the engine escapes it', async () => {
    const text = 'é 日本 😀 "\\ \n \u0001 \u2028';
    const table = await openEngineTable([JSON.stringify({ id: { S: 'one' }, value: { S: text } })]);
    const { Items } = JSON.parse((await scan(table)).body as string) as ScanResult;
    await table.close();
    expect(Items).toEqual([{ id: 'one', value: text }]);
  });

  /** Returns the text of the attribute `value`, whatever the order of attributes. */
  function valueIn(body: string): string {
    const item = /^\{"Items":\[\{(?<item>.*)\}\],"Count":1,"ScannedCount":1\}$/s.exec(body)?.groups?.item;
    return (item ?? body).replace(/,?"id":"one",?/, '').replace(/^"value":/, '');
  }
});

describe('POST /scanRecords over other tables', () => {
  it('returns an empty list for an empty table', async () => {
    const table = await openEngineTable([]);
    const response = await scan(table);
    await table.close();
    expect(response.body).toBe('{"Items":[],"Count":0,"ScannedCount":0}');
  });

  it('reads all pages of a table whose key is a number and binary', async () => {
    const filler = 'x'.repeat(300_000);
    const items = Array.from({ length: 10 }, (_, index) => ({
      hash: { N: `9007199254740993.${index + 1}` },
      range: { B: Buffer.from([index, 255]).toString('base64') },
      filler: { S: filler },
    }));
    const table = await openEngineTable(
      items.map((item) => JSON.stringify(item)),
      [
        { name: 'hash', type: 'N' },
        { name: 'range', type: 'B' },
      ],
    );
    const { Count, Items } = JSON.parse((await scan(table)).body as string) as ScanResult;
    await table.close();
    expect(Count).toBe(10);
    expect(Items.map(({ range }) => range).sort()).toEqual(items.map(({ range }) => range.B).sort());
  });

  it('returns 404 for a table that does not exist', async () => {
    const table = await openEngineTable([]);
    const response = await scan({ ...table, tableName: 'NoSuchTable' });
    await table.close();
    expect(response.status).toBe(404);
    expect(JSON.parse(response.body as string)).toMatchObject({ code: 'ResourceNotFoundException' });
  });
});
