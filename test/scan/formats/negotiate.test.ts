import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { MalformedResponseError } from '../../../src/dynamodb/transcoder/transcoder';
import { tableOf } from '../../helpers/expectedResults';
import { ACTIVE, testApp } from '../../helpers/servedApp';

const JSON_TYPE = 'application/json';
const NDJSON = 'application/x-ndjson';
const CSV = 'text/csv';
const TYPED = 'application/x-amz-json-1.0';

const ITEMS = [{ id: { S: 'a' }, n: { N: '1' } }];

function post(environment: Environment = {}, table = tableOf(ITEMS)) {
  return request(testApp(table, environment).app).post('/scanRecords');
}

describe('the format of a response', () => {
  it('is JSON for a client that sends no Accept', async () => {
    const response = await post().unset('Accept');
    expect(response.type).toBe(JSON_TYPE);
    expect(response.body).toMatchObject({ Items: [{ id: 'a', n: 1 }] });
  });

  it.each([
    // Named media types.
    ['application/json', JSON_TYPE],
    ['application/x-ndjson', NDJSON],
    ['text/csv', CSV],
    ['application/x-amz-json-1.0', TYPED],
    ['TEXT/CSV', CSV],
    // The defaults of fetch, axios and curl.
    ['*/*', JSON_TYPE],
    ['application/json, text/plain, */*', JSON_TYPE],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', JSON_TYPE],
    // Wildcards.
    ['text/*', CSV],
    ['application/*', JSON_TYPE],
    ['text/html, application/*', JSON_TYPE],
    ['*/*, text/csv', CSV],
    ['text/*, application/json', JSON_TYPE],
    // Qualities.
    ['text/csv;q=0.5, application/x-ndjson', NDJSON],
    ['text/csv;q=0.5, application/x-ndjson;q=0.4', CSV],
    ['application/json;q=0.1, application/x-amz-json-1.0;q=0.2', TYPED],
    ['application/json;q=0.001', JSON_TYPE],
    ['*/*;q=0.1, text/csv;q=0.2', CSV],
    ['text/csv;q=0.2, */*;q=0.3', JSON_TYPE],
    ['application/json;q=0, */*', NDJSON],
    ['application/*;q=0, */*', CSV],
    ['image/png, text/csv;q=0.1', CSV],
    // The order in the list.
    ['text/csv, application/json', CSV],
    ['application/x-ndjson,text/csv', NDJSON],
    ['application/x-amz-json-1.0;q=0.7, application/json;q=0.7', TYPED],
    // The complete Content-Type with its parameters.
    ['application/json; charset=utf-8', JSON_TYPE],
    ['text/csv; charset=utf-8', CSV],
    ['text/csv; charset=utf-8; header=present', CSV],
    ['application/json;charset=UTF-8;q=0.5, text/csv;q=0.4', JSON_TYPE],
  ])('for Accept: %s is %s', async (accept, expected) => {
    const response = await post().set('Accept', accept);
    expect(response.status).toBe(200);
    expect(response.type).toBe(expected);
  });

  it.each([
    [JSON_TYPE, '{"Items":[{"id":"a","n":1}],"Count":1,"ScannedCount":1}'],
    [NDJSON, '{"id":"a","n":1}\n'],
    [CSV, 'id,n\na,1\n'],
    [TYPED, '{"Items":[{"id":{"S":"a"},"n":{"N":"1"}}],"Count":1,"ScannedCount":1}'],
  ])('%s is also the format of the body', async (accept, body) => {
    const response = await post().set('Accept', accept).buffer(true);
    expect(response.text).toBe(body);
  });
});

describe('a client that accepts none of the formats', () => {
  const NOT_ACCEPTABLE = [
    'text/html',
    'image/*',
    'application/xml;q=0.9, text/plain',
    'application/json;q=0',
    '*/*;q=0',
  ];

  it.each(NOT_ACCEPTABLE)('gets for Accept: %s a 406 that lists them', async (accept) => {
    const response = await post().set('Accept', accept);
    expect(response.status).toBe(406);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ status: 406, title: 'Not Acceptable', code: 'NotAcceptable' });
    const { detail } = response.body as { detail: string };
    expect(detail.match(/\w+\/[\w.-]*\w/g)).toEqual([JSON_TYPE, NDJSON, CSV, TYPED]);
  });

  it('can read the 406 from another origin', async () => {
    const environment = { CORS_ALLOW_ORIGINS: 'https://front.example' };
    const response = await post(environment)
      .set('Accept', 'text/html')
      .set('Origin', 'https://front.example');
    expect(response.status).toBe(406);
    expect(response.get('Access-Control-Allow-Origin')).toBe('https://front.example');
    expect(response.get('Vary')).toMatch(/\bOrigin\b/);
  });

  it('causes no request to DynamoDB', async () => {
    const table = tableOf(ITEMS);
    const describe = jest.fn(() => Promise.resolve(ACTIVE));
    await post({}, { ...table, describe }).set('Accept', 'text/html');
    expect(table.calls).toEqual([]);
    expect(describe).not.toHaveBeenCalled();
  });
});

describe('Vary names Accept', () => {
  const failing = { ...tableOf(), scanPage: () => Promise.reject(new MalformedResponseError('no JSON')) };

  it.each([
    [200, 'records', {}],
    [406, 'no format', { accept: 'text/html' }],
    [400, 'a bad body', { body: '{"Limt":1}' }],
    [403, 'a table that is not served', { body: '{"TableName":"Other"}' }],
    [413, 'too large a body', { body: `"${'x'.repeat(300_000)}"` }],
    [415, 'a body that is not JSON', { body: 'x', type: 'text/plain' }],
    [502, 'a failure of DynamoDB', { table: failing }],
  ])(
    'in a response with status %i for %s',
    async (
      status,
      _what,
      { accept = CSV, body = '', type = JSON_TYPE, table = tableOf(ITEMS), origin = '' }: Case,
    ) => {
      const environment = { CORS_ALLOW_ORIGINS: 'https://front.example' };
      const response = await post(environment, table)
        .set({ Accept: accept, 'Content-Type': type, ...(origin !== '' && { Origin: origin }) })
        .send(body);
      expect(response.status).toBe(status);
      expect(response.get('Vary')?.split(/, */)).toContain('Accept');
    },
  );
});

interface Case {
  accept?: string;
  body?: string;
  type?: string;
  table?: ReturnType<typeof tableOf>;
  origin?: string;
}
