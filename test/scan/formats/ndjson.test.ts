import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { plainItems, tableOf, type Item } from '../../helpers/expectedResults';
import { testApp } from '../../helpers/servedApp';

const A: Item = { id: { S: 'a' } };
const B: Item = { id: { S: 'b' } };
const C: Item = { id: { S: 'c' } };

async function ndjson(pages: Item[][], body: object = {}, environment: Environment = {}) {
  const { app } = testApp(tableOf(...pages), environment);
  return request(app).post('/scanRecords').set('Accept', 'application/x-ndjson').send(body).buffer(true);
}

describe('NDJSON', () => {
  it.each([
    ['on one page', [[A, B, C]]],
    ['on a page each', [[A], [B], [C]]],
    ['around pages without any', [[A], [], [], [B, C]]],
    ['after pages without any', [[], [], [A, B, C]]],
    ['before pages without any', [[A, B, C], [], []]],
  ])('has one item per line, each with a line end: %s', async (_where, pages) => {
    const response = await ndjson(pages);
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/x-ndjson');
    expect(response.text).toBe('{"id":"a"}\n{"id":"b"}\n{"id":"c"}\n');
  });

  it.each([
    ['one page', [[]]],
    ['many pages', [[], [], []]],
  ])('is an empty body if there are no items, on %s', async (_where, pages) => {
    const response = await ndjson(pages);
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/x-ndjson');
    expect(response.text).toBe('');
  });

  it('has line feeds only between items', async () => {
    const item = {
      id: { S: 'one\ntwo\r\nthree' },
      'a\nb': { L: [{ S: '\n' }, { M: { '\n': { NULL: true } } }] },
    };
    const { text } = await ndjson([[item as Item, A]]);
    const [first = '', ...rest] = text.split('\n');
    expect(rest).toEqual(['{"id":"a"}', '']);
    expect(JSON.parse(first)).toEqual({ id: 'one\ntwo\r\nthree', 'a\nb': ['\n', { '\n': null }] });
  });

  const NUMBERS: Item[] = [
    { id: { S: 'a' }, n: { N: '12345678901234567890123456789012345678' }, s: { NS: ['-0.10', '1E-130'] } },
    { id: { S: 'b' }, m: { M: { l: { L: [{ N: '9007199254740993' }] } } } },
  ];

  it.each(['number', 'string'] as const)('has exact digits with NumberFormat %s', async (numbers) => {
    const { text } = await ndjson([NUMBERS], { NumberFormat: numbers });
    expect(text).toBe(`${plainItems(NUMBERS, { numbers, separator: '\n' })}\n`);
  });

  it('is the same with RESPONSE_SHAPE=array', async () => {
    const { text } = await ndjson([[A], [B]], {}, { RESPONSE_SHAPE: 'array' });
    expect(text).toBe('{"id":"a"}\n{"id":"b"}\n');
  });

  it.each(['object', 'array'])(
    'that are only counted are one line of counts, RESPONSE_SHAPE=%s',
    async (shape) => {
      const response = await ndjson([[A, B], [], [C]], { Select: 'COUNT' }, { RESPONSE_SHAPE: shape });
      expect(response.status).toBe(200);
      expect(response.text).toBe('{"Count":3,"ScannedCount":3}\n');
    },
  );
});
