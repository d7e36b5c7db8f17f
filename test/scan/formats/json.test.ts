import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { plainItems, tableOf, writeLoosely, type Item, type Table } from '../../helpers/expectedResults';
import { readPage } from '../../../src/dynamodb/page';
import { bodyOf } from '../../../src/dynamodb/responseBody';
import { testApp } from '../../helpers/servedApp';

const A: Item = { id: { S: 'a' } };
const B: Item = { id: { S: 'b' } };
const C: Item = { id: { S: 'c' } };

const TYPED = 'application/x-amz-json-1.0';
const PLAIN = 'application/json';
const ARRAY = { RESPONSE_SHAPE: 'array' };

async function post(table: Table, accept: string, body: object = {}, environment: Environment = {}) {
  const { app } = testApp(table, environment);
  return request(app).post('/scanRecords').set('Accept', accept).send(body).buffer(true);
}

async function json(pages: Item[][], body: object = {}, environment: Environment = {}) {
  return (await post(tableOf(...pages), PLAIN, body, environment)).text;
}

async function typed(pages: Item[][], body: object = {}, environment: Environment = {}) {
  return (await post(tableOf(...pages), TYPED, body, environment)).text;
}

describe('the JSON object', () => {
  it.each([
    ['one page', [[A, B, C]]],
    ['a page each', [[A], [B], [C]]],
    ['pages with some that are empty', [[], [A], [], [B, C], []]],
  ])('has Items, then Count and ScannedCount, and nothing else, for %s', async (_where, pages) => {
    expect(await json(pages)).toBe('{"Items":[{"id":"a"},{"id":"b"},{"id":"c"}],"Count":3,"ScannedCount":3}');
  });

  it('has empty Items if there are none', async () => {
    expect(await json([[], []])).toBe('{"Items":[],"Count":0,"ScannedCount":0}');
  });

  it.each([
    ['with Limit, LastEvaluatedKey', { Limit: 2 }, ['LastEvaluatedKey']],
    ['with MaxItems, NextToken', { MaxItems: 1 }, ['NextToken']],
    ['with PageSize, neither', { PageSize: 1 }, []],
    [
      'with ReturnConsumedCapacity TOTAL, ConsumedCapacity',
      { ReturnConsumedCapacity: 'TOTAL' },
      ['ConsumedCapacity'],
    ],
    ['with ReturnConsumedCapacity NONE, no ConsumedCapacity', { ReturnConsumedCapacity: 'NONE' }, []],
    [
      'with Limit and TOTAL, both',
      { Limit: 2, ReturnConsumedCapacity: 'TOTAL' },
      ['LastEvaluatedKey', 'ConsumedCapacity'],
    ],
    [
      'with MaxItems and TOTAL, both',
      { MaxItems: 2, ReturnConsumedCapacity: 'TOTAL' },
      ['NextToken', 'ConsumedCapacity'],
    ],
  ])('continues after the counts with %s', async (_what, body, expected) => {
    const received = JSON.parse(await json([[A, B], [C]], body)) as object;
    expect(Object.keys(received)).toEqual(['Items', 'Count', 'ScannedCount', ...expected]);
  });

  it.each([
    ['LastEvaluatedKey', { Limit: 3 }],
    ['NextToken', { MaxItems: 4 }],
  ])('has no %s at the end of the table', async (_member, body) => {
    const received = JSON.parse(await json([[A, B, C]], body)) as object;
    expect(Object.keys(received)).toEqual(['Items', 'Count', 'ScannedCount']);
  });

  it('contains the cost of all pages, and the table', async () => {
    const received = await json([[A], [], [B]], { ReturnConsumedCapacity: 'TOTAL' });
    expect(JSON.parse(received)).toMatchObject({
      ConsumedCapacity: { TableName: 'RecordsTable', CapacityUnits: 1.5 },
    });
  });

  it('contains the key of the last item of one page', async () => {
    const received = await json([[A, B], [C]], { Limit: 2 });
    expect(received).toBe(
      '{"Items":[{"id":"a"},{"id":"b"}],"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"b"}}',
    );
  });

  it('contains only the counts of all pages with Select COUNT', async () => {
    expect(await json([[A, B], [], [C]], { Select: 'COUNT' })).toBe('{"Count":3,"ScannedCount":3}');
  });

  it('has its other properties with Select COUNT too', async () => {
    const body = { Select: 'COUNT', Limit: 2, ReturnConsumedCapacity: 'TOTAL' };
    expect(await json([[A, B], [C]], body)).toBe(
      '{"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"b"},"ConsumedCapacity":{"TableName":"RecordsTable","CapacityUnits":0.5}}',
    );
  });

  it('repeats none of its properties as headers', async () => {
    const body = { Limit: 2, ReturnConsumedCapacity: 'TOTAL' };
    const { headers } = await post(tableOf([A, B], [C]), PLAIN, body);
    expect(Object.keys(headers as object)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^x-(?:last-evaluated|consumed|next)/)]),
    );
  });
});

const NUMBERS: Item[] = [
  { id: { N: '-12345678901234567890123456789012345678' }, s: { NS: ['-0.10', '1E-130'] }, t: { S: '1' } },
  { id: { N: '1' }, m: { M: { l: { L: [{ N: '9007199254740993' }, { BOOL: true }] } } } },
];

describe('numbers', () => {
  it.each(['number', 'string'] as const)('have exact digits with NumberFormat %s', async (numbers) => {
    const items = plainItems(NUMBERS, { numbers });
    const body = { NumberFormat: numbers };
    expect(await json([NUMBERS], body)).toBe(`{"Items":[${items}],"Count":2,"ScannedCount":2}`);
    expect(await json([NUMBERS], body, ARRAY)).toBe(`[${items}]`);
  });

  it('are strings in typed items, whatever the NumberFormat', async () => {
    const expected = `{"Items":${JSON.stringify(NUMBERS)},"Count":2,"ScannedCount":2}`;
    expect(await typed([NUMBERS], { NumberFormat: 'number' })).toBe(expected);
    expect(await typed([NUMBERS], { NumberFormat: 'string' })).toBe(expected);
  });

  it('stay numbers with NumberFormat string if they are counts or a cost', async () => {
    const received = JSON.parse(
      await json([[A]], { NumberFormat: 'string', ReturnConsumedCapacity: 'TOTAL' }),
    ) as object;
    expect(received).toMatchObject({ Count: 1, ScannedCount: 1, ConsumedCapacity: { CapacityUnits: 0.5 } });
  });
});

describe('the bare array of RESPONSE_SHAPE=array', () => {
  it.each([
    ['one page', [[A, B, C]], '[{"id":"a"},{"id":"b"},{"id":"c"}]'],
    ['a page each', [[A], [B], [C]], '[{"id":"a"},{"id":"b"},{"id":"c"}]'],
    ['pages with some that are empty', [[], [A], [], [B]], '[{"id":"a"},{"id":"b"}]'],
    ['no records', [[], []], '[]'],
  ])('contains the items of %s', async (_where, pages, expected) => {
    expect(await json(pages, {}, ARRAY)).toBe(expected);
  });

  it('contains only the counts with Select COUNT', async () => {
    expect(await json([[A, B], [], [C]], { Select: 'COUNT' }, ARRAY)).toBe('[{"Count":3,"ScannedCount":3}]');
  });

  it('applies only to plain JSON', async () => {
    expect(await typed([[A]], {}, ARRAY)).toBe('{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1}');
  });
});

describe('typed JSON', () => {
  const EVERYTHING: Item = {
    id: { S: 'é\n😀"\\' },
    n: { N: '1E-130' },
    b: { B: '+/8=' },
    t: { BOOL: true },
    u: { NULL: true },
    m: { M: { constructor: { L: [{ SS: ['x'] }, { NS: ['1'] }, { BS: ['AA=='] }] } } },
  };

  it('contains items byte for byte as DynamoDB sent them', async () => {
    const written = [EVERYTHING, A, EVERYTHING].map((item, at) => writeLoosely(item, [3, 1, at, 4]).trim());
    const table = tableOf();
    table.scanPage = () => {
      const received = Buffer.from(`{ "Items": [ ${written.join(' ,\n')} ], "Count": 3, "ScannedCount": 3 }`);
      return Promise.resolve(readPage(bodyOf(received), { countOnly: false, startKey: undefined }));
    };
    const response = await post(table, TYPED);
    expect(response.type).toBe(TYPED);
    expect(response.text).toBe(`{"Items":[${written.join(',')}],"Count":3,"ScannedCount":3}`);
  });

  it('has the properties of the JSON object, with a typed key', async () => {
    const body = { Limit: 1, ReturnConsumedCapacity: 'TOTAL' };
    expect(await typed([[A], [B]], body)).toBe(
      '{"Items":[{"id":{"S":"a"}}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":{"S":"a"}},"ConsumedCapacity":{"TableName":"RecordsTable","CapacityUnits":0.5}}',
    );
  });

  it('contains only the counts with Select COUNT', async () => {
    expect(await typed([[A, B], [C]], { Select: 'COUNT' })).toBe('{"Count":3,"ScannedCount":3}');
  });
});

it.each([PLAIN, TYPED])('declares %s as its Content-Type', async (accept) => {
  const response = await post(tableOf([A]), accept);
  expect(response.status).toBe(200);
  expect(response.type).toBe(accept);
  expect(response.headers).not.toHaveProperty('content-disposition');
});
