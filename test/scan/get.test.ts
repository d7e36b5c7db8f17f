/** Tests GET and HEAD /scanRecords: a query string means the same as a body. */
import request from 'supertest';
import type { Environment } from '../../src/config/config';
import type { ScanCall } from '../../src/dynamodb/scanCall';
import type { Repository } from '../../src/dynamodb/repository';
import { tableOf } from '../helpers/expectedResults';
import { ACTIVE, testApp } from '../helpers/servedApp';

const ITEMS = ['a', 'b', 'c', 'd'].map((id, at) => ({ id: { S: id }, n: { N: String(at) } }));

/** The requests to DynamoDB. */
let calls: readonly ScanCall[];

function appWith(environment: Environment = {}) {
  // One item per page.
  const table = tableOf(...ITEMS.map((item) => [item]));
  ({ calls } = table);
  return testApp(table, environment).app;
}

function get(parameters: Readonly<Record<string, string>> = {}, environment: Environment = {}) {
  return request(appWith(environment)).get(`/scanRecords?${new URLSearchParams(parameters).toString()}`);
}

async function detailOf(query: string): Promise<string> {
  const response = await request(appWith()).get(`/scanRecords${query}`);
  expect(response.status).toBe(400);
  expect(response.body).toMatchObject({ code: 'InvalidRequest' });
  expect(calls).toEqual([]);
  return (response.body as { detail: string }).detail;
}

describe('the query string', () => {
  it.each<[body: object]>([
    [{}],
    [{ Limit: 2 }],
    [{ PageSize: 1, MaxItems: 3 }],
    [{ ConsistentRead: true, Select: 'COUNT' }],
    [{ IndexName: '5', ExclusiveStartKey: { id: 'a', n: { N: '9007199254740993' } } }],
    [
      {
        KeyConditionExpression: 'id = :id',
        ExpressionAttributeValues: { ':id': 'a b+c&d=é' },
        ScanIndexForward: false,
      },
    ],
    [
      {
        FilterExpression: '#n > :n OR n < :m',
        ExpressionAttributeNames: { '#n': 'n' },
        ExpressionAttributeValues: { ':n': 1.5, ':m': { NS: ['1'] } },
        ProjectionExpression: 'id, #n',
      },
    ],
    [{ TotalSegments: 2 }],
    [{ Segment: 1, TotalSegments: 2, ReturnConsumedCapacity: 'TOTAL', NumberFormat: 'string' }],
  ])('sends the same requests to DynamoDB as the body %j', async (body) => {
    const posted = await request(appWith()).post('/scanRecords').send(body);
    const requests = calls;
    const parameters = Object.entries(body).map(([name, value]): [string, string] => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]);
    const got = await get(Object.fromEntries(parameters));
    expect(calls).toEqual(requests);
    expect({ status: got.status, body: got.body as unknown }).toEqual({
      status: posted.status,
      body: posted.body as unknown,
    });
  });

  it('keeps all digits of numbers in values', async () => {
    await get({ FilterExpression: 'n = :n', ExpressionAttributeValues: '{":n":12345678901234567890.10}' });
    expect(calls[0]?.ExpressionAttributeValues).toEqual({ ':n': { N: '12345678901234567890.10' } });
  });

  it.each([
    ['Limit=many', 'Limit must be a whole number from 1 to 2147483647, not "many".'],
    ['Limit=', 'Limit must be a whole number from 1 to 2147483647, not "".'],
    ['Limit=1.5', 'Limit must be a whole number from 1 to 2147483647, not 1.5.'],
    ['Limit=%221%22', 'Limit must be a whole number from 1 to 2147483647, not "1".'],
    ['ConsistentRead=yes', 'ConsistentRead must be true or false, not "yes".'],
    [
      'ExclusiveStartKey={id:1}',
      'ExclusiveStartKey must be an object, the LastEvaluatedKey of an earlier response, not "{id:1}".',
    ],
    [
      'ExclusiveStartKey={"id":1,"id":2}',
      'ExclusiveStartKey must be an object, the LastEvaluatedKey of an earlier response, not "{\\"id\\":1,\\"id\\":2}".',
    ],
    ['format=xml', 'format must be json, ndjson, csv or typed, not "xml".'],
    ['format=', 'format must be json, ndjson, csv or typed, not "".'],
    ['bom=yes', 'bom must be 0 or 1, not "yes".'],
    ['format=json&bom=1', 'bom=1 requires format=csv: only CSV can have a byte order mark.'],
    [
      `download=${'x'.repeat(101)}`,
      `download must be a file name of at most 100 characters, not "${'x'.repeat(59)}….`,
    ],
    ['Limit=1&Limit=1', 'Limit is given more than once. Send one value.'],
    ['Segment=0', 'Segment requires TotalSegments, the number of segments.'],
  ])('is rejected with a message about %s', async (query, detail) => {
    expect(await detailOf(`?${query}`)).toBe(detail);
  });

  it.each([
    ['formt=csv', 'format'],
    ['limit=1', 'Limit'],
    ['Download=x', 'download'],
  ])('is rejected with a similar name for the unknown parameter %s', async (query, meant) => {
    expect(await detailOf(`?${query}`)).toContain(`Did you mean ${meant}?`);
  });

  it.each(['__proto__=1', 'constructor=1', 'X-Api-Key=secret', '=1', 'a'])(
    'is rejected with %s',
    async (query) => {
      const detail = await detailOf(`?${query}`);
      expect(detail).toContain('Unknown parameter');
      expect(detail).not.toContain('secret');
    },
  );

  it.each(['?', '', '?&&'])('may be empty: /scanRecords%s', async (query) => {
    const response = await request(appWith()).get(`/scanRecords${query}`);
    expect(response.body).toMatchObject({ Count: 4 });
  });

  it('is not the place for format, download and bom of a POST', async () => {
    const response = await request(appWith()).post('/scanRecords').send({ format: 'csv' });
    expect(response.status).toBe(400);
  });

  it('continues after the NextToken of a POST', async () => {
    const first = await request(appWith()).post('/scanRecords').send({ MaxItems: 1 });
    const { NextToken } = first.body as { NextToken: string };
    const second = await get({ StartingToken: NextToken });
    expect(second.body).toMatchObject({ Items: [{ id: 'b' }, { id: 'c' }, { id: 'd' }] });
  });
});

describe('format', () => {
  it.each([
    ['json', 'application/json'],
    ['ndjson', 'application/x-ndjson'],
    ['csv', 'text/csv'],
    ['typed', 'application/x-amz-json-1.0'],
  ])('%s takes precedence over Accept', async (format, type) => {
    const response = await get({ format }).set('Accept', 'image/png').buffer(true);
    expect(response.type).toBe(type);
    expect(response.get('Vary')).toContain('Accept');
  });

  it('json is the bare array with RESPONSE_SHAPE=array', async () => {
    expect((await get({ format: 'json' }, { RESPONSE_SHAPE: 'array' })).body).toHaveLength(4);
  });
});

describe('the byte order mark', () => {
  const BOM = '\uFEFF';

  async function textOf(parameters: Readonly<Record<string, string>>, accept = 'text/csv'): Promise<string> {
    const response = await get({ ProjectionExpression: 'id, n', ...parameters })
      .set('Accept', accept)
      .buffer(true)
      .parse((incoming, done) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('end', () => done(null, Buffer.concat(chunks).toString()));
      });
    return response.body as string;
  }

  it.each([
    [{ bom: '1' }, 'text/csv'],
    [{ bom: '1', format: 'csv' }, '*/*'],
    [{}, 'text/csv; bom=1'],
    [{}, 'text/csv;charset=utf-8; BOM="1";q=0.9'],
    [{}, 'image/png, text/csv ; bom=1, application/json;q=0.1'],
  ])('begins CSV with %j and Accept: %s', async (parameters, accept) => {
    expect(await textOf(parameters, accept)).toBe(`${BOM}id,n\na,0\nb,1\nc,2\nd,3\n`);
  });

  it.each([
    [{}, 'text/csv'],
    [{ bom: '0' }, 'text/csv; bom=1'],
    [{}, 'text/csv; bom=0'],
    [{}, 'text/csv; bom=10'],
    [{}, 'text/csv, application/json; bom=1;q=0.1'],
  ])('is absent with %j and Accept: %s', async (parameters, accept) => {
    expect(await textOf(parameters, accept)).toMatch(/^id,n\n/);
  });

  it('begins the counts of Select COUNT', async () => {
    expect(await textOf({ bom: '1', Select: 'COUNT' })).toBe(`${BOM}Count,ScannedCount\n4,4\n`);
  });

  it('is only at the beginning of the response', async () => {
    const text = await textOf({ bom: '1', PageSize: '1' });
    expect(text.lastIndexOf(BOM)).toBe(0);
  });

  it('is never in other formats', async () => {
    expect(await textOf({}, 'application/json; bom=1')).toMatch(/^\{/);
  });
});

describe('HEAD', () => {
  it.each([
    [{}, { 'content-type': 'application/json; charset=utf-8', 'content-disposition': undefined }],
    [
      { format: 'csv' },
      {
        'content-type': 'text/csv; charset=utf-8; header=present',
        'content-disposition': 'attachment; filename="RecordsTable.csv"',
      },
    ],
    [
      { download: 'a', format: 'ndjson' },
      { 'content-type': 'application/x-ndjson', 'content-disposition': 'attachment; filename="a.ndjson"' },
    ],
  ])('returns the headers of GET that are known without a read: %j', async (parameters, headers) => {
    const response = await request(appWith()).head(
      `/scanRecords?${new URLSearchParams(parameters).toString()}`,
    );
    expect(response.status).toBe(200);
    expect(response.headers).toMatchObject({ vary: expect.stringContaining('Accept') as string });
    for (const [name, value] of Object.entries(headers)) expect(response.get(name)).toBe(value);
    expect(response.get('Content-Length')).toBeUndefined();
    expect(calls).toEqual([]);
    const got = await get(parameters).buffer(true);
    for (const name of Object.keys(headers)) expect(response.get(name)).toBe(got.get(name));
  });

  it.each([
    ['Limit=0', 400],
    ['TableName=Other', 403],
    ['StartingToken=x', 400],
  ])('returns the status of a request that is rejected before a read: %s', async (query, status) => {
    const response = await request(appWith()).head(`/scanRecords?${query}`);
    expect(response.status).toBe(status);
    expect(response.text).toBeFalsy();
    expect(calls).toEqual([]);
  });
});

describe('GET', () => {
  it('rejects a body, whose parameters it would not read', async () => {
    const response = await request(appWith()).get('/scanRecords').send({ Limit: 1 });
    expect(response.status).toBe(400);
    expect((response.body as { detail: string }).detail).toContain('send a POST');
    expect(calls).toEqual([]);
  });

  it('returns the true status if the first page fails', async () => {
    const repository: Repository = {
      scanPage: () => Promise.reject(new Error('the first page fails')),
      describe: () => Promise.resolve(ACTIVE),
      close: () => undefined,
    };
    const response = await request(testApp(repository).app).get('/scanRecords?download=a&format=csv');
    expect(response.status).toBe(500);
    expect(response.type).toBe('application/problem+json');
    expect(response.get('Content-Disposition')).toBeUndefined();
  });

  it('does not write the query string to the log', async () => {
    const test = testApp(tableOf(ITEMS));
    await request(test.app).get('/scanRecords?FilterExpression=secret');
    expect(JSON.stringify(test.log)).not.toContain('secret');
  });
});
