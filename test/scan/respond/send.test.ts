import express from 'express';
import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { sendChunks } from '../../../src/scan/respond/send';
import { MalformedResponseError } from '../../../src/dynamodb/transcoder/transcoder';
import { tableOf, type Item, type Table } from '../../helpers/expectedResults';
import { serve, testApp } from '../../helpers/servedApp';

const MEBIBYTE = 1024 * 1024;

/** Maximum size of a buffered response. */
const LIMIT = 8 * MEBIBYTE;

interface Options {
  accept?: string;
  environment?: Environment;
}

function post(table: Table, body: object, { accept = 'application/json', environment = {} }: Options) {
  const { app } = testApp(table, environment);
  return request(app).post('/scanRecords').set('Accept', accept).send(body).buffer(true);
}

/** The formats whose body contains only items. */
const FORMATS: [string, Options, (...ids: string[]) => string][] = [
  [
    'NDJSON',
    { accept: 'application/x-ndjson' },
    (...ids) => ids.map((id) => `${JSON.stringify({ id })}\n`).join(''),
  ],
  ['CSV', { accept: 'text/csv' }, (...ids) => ['id', ...ids].map((line) => `${line}\n`).join('')],
  [
    'the bare array',
    { environment: { RESPONSE_SHAPE: 'array' } },
    (...ids) => JSON.stringify(ids.map((id) => ({ id }))),
  ],
];

const SUMMARY_HEADERS = [
  'X-Next-Token',
  'X-Last-Evaluated-Key',
  'X-Consumed-Capacity-Units',
  'X-Scanned-Count',
  'X-Count',
] as const;

function records(...ids: string[]): Item[] {
  return ids.map((id) => ({ id: { S: id } }));
}

/** Pages with one item, each of about `bytes` bytes. */
function largePages(count: number, size: number): Item[][] {
  const text = { S: 'x'.repeat(size) };
  return Array.from({ length: count }, (_, page) => [{ id: { S: `page ${page}` }, text }]);
}

describe.each(FORMATS)('%s', (_name, options, bodyOf) => {
  it('returns X-Last-Evaluated-Key, from which the next page continues', async () => {
    const table = tableOf(records('a', 'b'), records('c'));
    const first = await post(table, { Limit: 2 }, options);
    expect(first.status).toBe(200);
    expect(first.text).toBe(bodyOf('a', 'b'));
    const key = JSON.parse(first.get('X-Last-Evaluated-Key') ?? '') as object;

    const second = await post(table, { Limit: 2, ExclusiveStartKey: key }, options);
    expect(second.text).toBe(bodyOf('c'));
    expect(second.headers).not.toHaveProperty('x-last-evaluated-key');
    expect(table.calls.map(({ ExclusiveStartKey }) => ExclusiveStartKey)).toEqual([
      undefined,
      { id: { S: 'b' } },
    ]);
  });

  it.each([
    ['letters that ASCII lacks', { S: 'é 😀 \u2028' }],
    ['a control character and DEL', { S: '\r\n\0\x7f' }],
    ['half a surrogate pair', { S: '\ud800' }],
    ['quotes and a backslash', { S: '"\\u0041' }],
    ['more digits than a JSON parser keeps', { N: '-12345678901234567890123456789012345678' }],
    ['binary', { B: '+/8=' }],
  ])('returns in X-Last-Evaluated-Key a key with %s that can be sent back unchanged', async (_what, id) => {
    const table = tableOf([{ id }], []);
    const response = await post(table, { Limit: 1 }, options);
    const header = response.get('X-Last-Evaluated-Key') ?? '';
    expect(header).toMatch(/^[ -~]+$/);
    await post(table, { Limit: 1, ExclusiveStartKey: JSON.parse(header) as object }, options);
    expect(table.calls[1]?.ExclusiveStartKey).toEqual({ id });
  });

  it('returns X-Next-Token, from which the next request continues', async () => {
    const table = tableOf(records('a', 'b'), [], records('c', 'd', 'e'), records('f'));
    const body = { MaxItems: 4, ProjectionExpression: 'id' };
    const first = await post(table, body, options);
    expect(first.status).toBe(200);
    expect(first.text).toBe(bodyOf('a', 'b', 'c', 'd'));
    const token = first.get('X-Next-Token');
    expect(token).toMatch(/^[\w.-]+$/);
    expect(first.headers).not.toHaveProperty('x-last-evaluated-key');
    table.calls.length = 0;
    await post(table, { ...body, StartingToken: token }, options);
    expect(table.calls[0]?.ExclusiveStartKey).toEqual({ id: { S: 'd' } });
  });

  it('reaches the end of the table token by token', async () => {
    const table = tableOf(records('a', 'b'), records('c', 'd'), records('e'));
    const bodies: string[] = [];
    let token: string | undefined;
    do {
      const response = await post(table, { MaxItems: 2, StartingToken: token }, options);
      bodies.push(response.text);
      token = response.get('X-Next-Token');
    } while (token !== undefined);
    expect(bodies).toEqual([bodyOf('a', 'b'), bodyOf('c', 'd'), bodyOf('e')]);
  });

  it.each([
    [{ MaxItems: 9 }, '1.5'],
    [{}, '1.5'],
    [{ Limit: 1 }, '0.5'],
  ])('returns with %j the cost of all pages in X-Consumed-Capacity-Units', async (body, units) => {
    const table = tableOf(records('a'), records('b'), records('c'));
    const response = await post(table, { ...body, ReturnConsumedCapacity: 'TOTAL' }, options);
    expect(response.status).toBe(200);
    expect(response.get('X-Consumed-Capacity-Units')).toBe(units);
  });

  it.each([
    ['nothing is asked for', {}],
    ['none is asked for', { ReturnConsumedCapacity: 'NONE', PageSize: 1 }],
  ])('has none of these headers if %s', async (_what, body) => {
    const response = await post(tableOf(records('a'), records('b')), body, options);
    expect(response.status).toBe(200);
    for (const header of SUMMARY_HEADERS) expect(response.headers).not.toHaveProperty(header.toLowerCase());
  });

  it('returns the number of items in X-Count, and of evaluated items in X-Scanned-Count', async () => {
    const response = await post(tableOf(records('a', 'b'), records('c')), { MaxItems: 3 }, options);
    expect([response.get('X-Count'), response.get('X-Scanned-Count')]).toEqual(['3', '3']);
  });

  it('sends X-Count after the other headers, so that it proves that they have arrived', async () => {
    const body = { MaxItems: 1, ReturnConsumedCapacity: 'TOTAL' };
    const response = await post(tableOf(records('a'), records('b')), body, options);
    const names = Object.keys(response.headers);
    const present = SUMMARY_HEADERS.map((name) => name.toLowerCase()).filter((name) => names.includes(name));
    expect(present.sort((one, other) => names.indexOf(one) - names.indexOf(other)).at(-1)).toBe('x-count');
  });

  it('has these headers with Select COUNT too', async () => {
    const body = { Select: 'COUNT', Limit: 2, ReturnConsumedCapacity: 'TOTAL' };
    const response = await post(tableOf(records('a', 'b'), records('c')), body, options);
    expect(response.get('X-Last-Evaluated-Key')).toContain('"b"');
    expect(response.get('X-Consumed-Capacity-Units')).toBe('0.5');
    expect(response.text).toMatch(/\b2\b/);
  });

  it('has these headers for an empty table', async () => {
    const table = tableOf([], []);
    const response = await post(table, { Limit: 1, ReturnConsumedCapacity: 'TOTAL' }, options);
    expect(response.status).toBe(200);
    expect(response.get('X-Last-Evaluated-Key')).toContain('"page 0"');
    expect(response.get('X-Consumed-Capacity-Units')).toBe('0.5');
  });

  it('exposes these headers to a front end on another origin', async () => {
    const body = { Limit: 1, ReturnConsumedCapacity: 'TOTAL' };
    const response = await post(tableOf(records('a'), []), body, options).set(
      'Origin',
      'https://front.example',
    );
    expect(response.get('Access-Control-Expose-Headers')?.split(/, */)).toEqual(
      expect.arrayContaining([...SUMMARY_HEADERS]),
    );
  });

  it.each([{ MaxItems: 1000 }, { ReturnConsumedCapacity: 'TOTAL' }])(
    'is rejected above 8 MiB, and read no further, with %j',
    async (body) => {
      const table = tableOf(...largePages(40, MEBIBYTE));
      const response = await post(table, body, options);
      expect(response.status).toBe(400);
      expect(response.type).toBe('application/problem+json');
      expect(JSON.parse(response.text)).toMatchObject({ status: 400, code: 'AnswerTooLarge' });
      expect(response.text.length).toBeLessThan(1000);
      for (const header of [...SUMMARY_HEADERS, 'Content-Disposition']) {
        expect(response.headers).not.toHaveProperty(header.toLowerCase());
      }
      // The eighth page exceeds the limit; the next was already requested.
      expect(table.calls.length).toBeLessThanOrEqual(9);
    },
  );

  it('is streamed completely above 8 MiB if it need not be buffered', async () => {
    const response = await post(tableOf(...largePages(9, MEBIBYTE)), {}, options);
    expect(response.status).toBe(200);
    expect(response.text.length).toBeGreaterThan(9 * MEBIBYTE);
    expect(response.text).toContain('page 8');
  });

  it('has the true status of a later failure if it is buffered', async () => {
    const response = await post(failingAfter(2), { MaxItems: 1000 }, options);
    expect(response.status).toBe(502);
    expect(JSON.parse(response.text)).toMatchObject({ code: 'MalformedAnswer' });
    expect(response.headers).not.toHaveProperty('content-disposition');
  });

  it('resets the connection at a later failure if it is streamed', async () => {
    const { app } = testApp(failingAfter(2), options.environment);
    const server = await serve(app);
    const headers = { Accept: options.accept ?? '*/*' };
    const outcome = fetch(`${server.url}/scanRecords`, { method: 'POST', headers }).then((response) =>
      response.text(),
    );
    await expect(outcome).rejects.toThrow();
    await server.close();
  });
});

it('a buffered response can have 8 MiB, and not one byte more', async () => {
  const frame = '{"id":""}\n'.length;
  const ofSize = (size: number) => tableOf(records('x'.repeat(size - frame)));
  const ndjson = { accept: 'application/x-ndjson' };
  const largest = await post(ofSize(LIMIT), { MaxItems: 2 }, ndjson);
  expect(largest.status).toBe(200);
  expect(largest.text).toHaveLength(LIMIT);
  expect((await post(ofSize(LIMIT + 1), { MaxItems: 2 }, ndjson)).status).toBe(400);
});

it('a token too long for a header returns 400 without any header of the response', async () => {
  const table = tableOf(records('a', 'b'));
  const longKeys: Table = {
    ...table,
    scanPage: async (call, ...rest) => ({
      ...(await table.scanPage({ ...call, ExclusiveStartKey: undefined }, ...rest)),
      lastEvaluatedKey: { id: { S: `${call.Segment ?? 0}`.padEnd(1500) } },
    }),
  };
  const ask = { TotalSegments: 8, MaxItems: 16 };
  const response = await post(longKeys, ask, { accept: 'text/csv' });
  expect(response.status).toBe(400);
  expect(response.body).toMatchObject({ code: 'TokenTooLong' });
  expect(response.headers).not.toHaveProperty('content-disposition');
  const json = await post(longKeys, ask, {});
  expect(json.body).toMatchObject({ NextToken: expect.stringMatching(/^.{8193}/) as string });
});

it('a JSON object is never buffered, because it has all this at its end', async () => {
  const response = await post(tableOf(...largePages(10, MEBIBYTE)), { MaxItems: 9 }, {});
  expect(response.status).toBe(200);
  expect(response.body).toMatchObject({ Count: 9, NextToken: expect.any(String) as string });
});

/** A table whose page after `pages` pages cannot be read. */
function failingAfter(pages: number): Table {
  const table = tableOf(...Array.from({ length: pages + 1 }, (_, page) => records(`page ${page}`)));
  return {
    ...table,
    scanPage: async (...call) => {
      if (table.calls.length >= pages) throw new MalformedResponseError('no JSON');
      return table.scanPage(...call);
    },
  };
}

it('a response of one page copies its chunks before it requests more', async () => {
  async function* chunks() {
    const records = Buffer.from('records');
    yield [records];
    await Promise.resolve();
    records.fill('x');
    yield [Buffer.from(', end')];
  }
  const app = express().get('/', async (_request, response) => {
    const setHead = () => void response.type('text/plain');
    await sendChunks(chunks(), response, setHead, () => false, 60_000);
  });
  expect((await request(app).get('/')).text).toBe('records, end');
});
