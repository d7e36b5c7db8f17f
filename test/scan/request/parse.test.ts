import { gzipSync } from 'node:zlib';
import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import type { Repository } from '../../../src/dynamodb/repository';
import { scanRequestSchema } from '../../../src/scan/request/schema';
import { scanResponse, startFakeDynamodb, succeed } from '../../helpers/fakeDynamodb';
import { pageOf, repositoryAt, repositoryOf, testApp } from '../../helpers/servedApp';

/** Posts, and returns the tables that were scanned, to show that a rejected request costs nothing. */
function appWith(environment?: Environment) {
  const scanned: string[] = [];
  const records = repositoryOf(pageOf('{"id":"a"}'));
  const repository: Repository = {
    ...records,
    scanPage(call, ...rest) {
      scanned.push(call.TableName);
      return records.scanPage(call, ...rest);
    },
  };
  return { scanned, post: () => request(testApp(repository, environment).app).post('/scanRecords') };
}

/** Posts invalid JSON text, and returns the rejection with the tables that were scanned. */
async function rejectionOf(json: string) {
  const { post, scanned } = appWith();
  const response = await post().set('Content-Type', 'application/json').send(json);
  const { code, detail } = response.body as { code?: string; detail?: string };
  return { status: response.status, code, detail: detail ?? '', scanned };
}

const ALL = { Items: [{ id: 'a' }], Count: 1, ScannedCount: 1 };

// These tests come first, because code that V8 has not optimized yet needs more stack.
describe('a body with thousands of levels', () => {
  it.each([
    ['brackets', 'TableName', '[', ']'],
    ['objects', 'TableName', '{"a":', '}'],
    ['objects', 'Limit', '{"a":', '}'],
    ['objects', 'ExpressionAttributeNames', '{"a":', '}'],
    ['brackets', 'ExpressionAttributeValues', '[', ']'],
    ['objects', 'ExclusiveStartKey', '{"a":', '}'],
    ['typed maps', 'ExpressionAttributeValues', '{"M":{"a":', '}}'],
  ])('is rejected, wherever the stack ends: %s in %s', async (_, member, open, close) => {
    const statuses = new Map<number, number>();
    for (let levels = 250; levels <= 10_000; levels += 250) {
      const { status } = await rejectionOf(`{"${member}":${open.repeat(levels)}1${close.repeat(levels)}}`);
      statuses.set(levels, status);
    }
    expect([...statuses].filter(([, status]) => status !== 400)).toEqual([]);
  });

  it.each([
    ['brackets', '['.repeat(100_000)],
    ['brackets that close', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(40_000) + '1' + '}'.repeat(40_000)],
    ['brackets in a member', `{"Limit":${'['.repeat(100_000)}${']'.repeat(100_000)}}`],
    [
      'brackets in a value',
      `{"ExpressionAttributeValues":{":a":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`,
    ],
  ])('is rejected, and the next request gets a response: %s', async (_, json) => {
    const { post, scanned } = appWith();
    const response = await post().set('Content-Type', 'application/json').send(json);
    expect(response.status).toBe(400);
    expect(scanned).toEqual([]);
    expect((await post()).body).toEqual(ALL);
  });
});

describe('the body of POST /scanRecords', () => {
  it('can be absent', async () => {
    const { post } = appWith();
    const response = await post();
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/json');
    expect(response.body).toEqual(ALL);
  });

  it('counts as absent if it has no bytes, whatever its type', async () => {
    const { post } = appWith();
    const response = await post().set('Content-Type', 'text/plain').set('Content-Length', '0');
    expect(response.body).toEqual(ALL);
  });

  it.each([
    ['an empty object', '{}', 'application/json'],
    ['an object with a charset', '{}', 'application/json; charset=utf-8'],
    ['the table by name', '{"TableName":"RecordsTable"}', 'application/json'],
  ])('can be %s', async (_, body, type) => {
    const { post } = appWith();
    const response = await post().set('Content-Type', type).send(body);
    expect(response.body).toEqual(ALL);
  });

  it('can be compressed', async () => {
    const { post } = appWith();
    const response = await post()
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .serialize((body) => body as unknown as string)
      .send(gzipSync('{}') as unknown as string);
    expect(response.body).toEqual(ALL);
  });

  it.each([
    ['no JSON', '{', 400, 'InvalidJson', 'not valid JSON'],
    ['no object', '[]', 400, 'InvalidRequest', 'a JSON object'],
    ['a number', '1', 400, 'InvalidRequest', 'The body must be a JSON object.'],
    ['null', 'null', 400, 'InvalidRequest', 'a JSON object'],
    ['an unknown member', '{"Tablename":"x"}', 400, 'InvalidRequest', '"Tablename"'],
    ['an unknown member of a dangerous name', '{"__proto__":{}}', 400, 'InvalidRequest', '"__proto__"'],
    ['a member of the wrong type', '{"TableName":5}', 400, 'InvalidRequest', 'TableName'],
    ['a table outside the list', '{"TableName":"Users"}', 403, 'TableNotAllowed', 'ALLOWED_TABLES'],
    ['too large', JSON.stringify({ TableName: 'x'.repeat(300_000) }), 413, 'BodyTooLarge', '262144'],
  ])('is rejected without a read if it is %s', async (_, body, status, code, detail) => {
    const { post, scanned } = appWith();
    const response = await post().set('Content-Type', 'application/json').send(body);
    expect(response.status).toBe(status);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({
      type: 'about:blank',
      status,
      code,
      detail: expect.stringContaining(detail) as string,
      requestId: response.get('X-Request-Id'),
    });
    expect(scanned).toEqual([]);
  });

  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'application/jsonp',
    'application/problem+json',
  ])('returns 415 if it is sent as %s', async (type) => {
    const { post, scanned } = appWith();
    const response = await post().set('Content-Type', type).send('{}');
    expect(response.status).toBe(415);
    expect(response.body).toMatchObject({
      detail: expect.stringContaining('Content-Type: application/json') as string,
    });
    expect(scanned).toEqual([]);
  });

  it('returns 415 for an unknown encoding', async () => {
    const { post } = appWith();
    const response = await post()
      .set('Content-Type', 'application/json')
      .set('Content-Encoding', 'zip')
      .send('{}');
    expect(response.status).toBe(415);
  });

  it('can name any table in ALLOWED_TABLES', async () => {
    const { post, scanned } = appWith({ ALLOWED_TABLES: 'Orders, Customers' });
    await post().send({ TableName: 'Customers' }).expect(200);
    expect(scanned).toEqual(['Customers']);
  });
});

describe('a rejected body', () => {
  it('returns 400 if it is not gzip although its header says so', async () => {
    const { post } = appWith();
    const response = await post()
      .set({ 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' })
      .send('{}');
    expect(response.status).toBe(400);
    expect(response.body).toMatchObject({ code: 'InvalidBody' });
  });

  it('gets a short response even with thousands of unknown parameters', async () => {
    const { post } = appWith();
    const members = Array.from({ length: 20_000 }, (_, index) => [`x${index}`, 1]);
    const response = await post().send(Object.fromEntries(members) as object);
    expect(response.status).toBe(400);
    expect(response.text.length).toBeLessThan(1000);
  });
});

describe('RESPONSE_SHAPE=array', () => {
  it('returns the bare array of items', async () => {
    const { post } = appWith({ RESPONSE_SHAPE: 'array' });
    expect((await post()).body).toEqual([{ id: 'a' }]);
  });
});

describe('an unknown parameter', () => {
  const rejected = { status: 400, code: 'InvalidRequest', scanned: [] };

  it.each([
    ['limit', 'Limit'],
    ['LIMIT', 'Limit'],
    ['Limits', 'Limit'],
    ['Limt', 'Limit'],
    ['tablename', 'TableName'],
    ['tabelName', 'TableName'],
    ['Table', undefined],
    ['IndexNames', 'IndexName'],
    ['ConsistantRead', 'ConsistentRead'],
    ['FilterExpresion', 'FilterExpression'],
    ['ProjectExpression', 'ProjectionExpression'],
    ['ExpressionAttributeName', 'ExpressionAttributeNames'],
    ['ExpressionAttributesValues', 'ExpressionAttributeValues'],
    ['exclusiveStartKey', 'ExclusiveStartKey'],
    ['Segments', 'Segment'],
    ['TotalSegment', 'TotalSegments'],
    ['maxItems', 'MaxItems'],
    ['max_items', 'MaxItems'],
    ['page-size', 'PageSize'],
    ['StartToken', 'StartingToken'],
    ['NextToken', undefined],
    ['numberformat', 'NumberFormat'],
    ['KeyConditions', undefined],
    ['QueryFilter', undefined],
    ['x', undefined],
    ['', undefined],
    ['constructor', undefined],
    ['toString', undefined],
    ['Limit'.repeat(30), undefined],
  ])('is named, with a similar parameter if there is one: %s', async (name, meant) => {
    const { detail, ...rest } = await rejectionOf(JSON.stringify({ [name]: 1 }));
    expect(rest).toEqual(rejected);
    expect(detail).toContain(`Unknown parameter "${name.slice(0, 50)}`);
    expect(/Did you mean (.*?)\?/.exec(detail)?.[1]).toBe(meant);
  });

  it('is named together with others, each with a similar parameter', async () => {
    const { detail, ...rest } = await rejectionOf('{"limit":1,"tablename":"a","far":1}');
    expect(rest).toEqual(rejected);
    expect(detail).toContain('Unknown parameter "limit". Did you mean Limit?');
    expect(detail).toContain('Unknown parameter "tablename". Did you mean TableName?');
    expect(detail).toContain('Unknown parameter "far".');
  });

  it('returns the list of all parameters', async () => {
    const { detail } = await rejectionOf('{"far":1}');
    expect(detail).toContain(`The parameters are ${MEMBERS.join(', ')}.`);
  });

  it('is rejected even if all other parameters are valid', async () => {
    const { detail, ...rest } = await rejectionOf('{"Limit":1,"Filter":"a = b"}');
    expect(rest).toEqual(rejected);
    expect(detail).toMatch(/^Unknown parameter "Filter"/);
  });
});

const MEMBERS = Object.keys(scanRequestSchema.shape);

/** The accepted values of each parameter, and JSON that it rejects. */
const WRONG: Record<string, [accepted: string, ...json: string[]]> = {
  TableName: ['the name of a table', '5', 'true', '{"S":"a"}', '["a"]', '""'],
  IndexName: ['the name of an index', '5', 'false', '{}', '[]', '""'],
  ConsistentRead: ['true or false', '"true"', '1', '0', '{"BOOL":true}', '[]'],
  Select: [
    'ALL_ATTRIBUTES, ALL_PROJECTED_ATTRIBUTES, SPECIFIC_ATTRIBUTES or COUNT',
    '"count"',
    '"ALL"',
    '""',
    '5',
    '["COUNT"]',
  ],
  KeyConditionExpression: ['an expression such as "id = :id"', '5', '{}', '["id = :id"]', '""'],
  ScanIndexForward: ['true or false', '"false"', '0', '{"BOOL":false}', '[]'],
  FilterExpression: ['an expression such as "mag > :min"', '5', '{}', '["a = b"]', '""'],
  ProjectionExpression: ['attributes such as "id, #at"', '5', '["id"]', '{}', '""'],
  ExpressionAttributeNames: ['an object such as {"#at":"time"}', '"#at"', '5', '[]', '["#at"]', 'true'],
  ExpressionAttributeValues: ['an object such as {":min":5}', '":a"', '5', '[]', '[{":a":1}]', 'true'],
  Limit: ['a whole number from 1 to 2147483647', '0', '-1', '1.5', '2147483648', '"5"', '{"N":"5"}', '[5]'],
  ExclusiveStartKey: [
    'an object, the LastEvaluatedKey of an earlier response',
    '"a"',
    '5',
    '[]',
    '[{"id":"a"}]',
    'false',
  ],
  Segment: ['a whole number from 0 to 999999', '-1', '0.5', '1000000', '"0"', '[0]', 'false'],
  TotalSegments: ['a whole number from 1 to 1000000', '0', '-1', '1.5', '1000001', '"4"', 'true'],
  MaxItems: ['a whole number from 1 to 2147483647', '0', '-1', '1.5', '2147483648', '"5"', 'true', '{}'],
  PageSize: ['a whole number from 1 to 2147483647', '0', '-1', '1.5', '2147483648', '"5"', '[]'],
  MaxReadUnits: ['a whole number from 1 to 2147483647', '0', '-1', '1.5', '2147483648', '"5"', '{}'],
  StartingToken: ['a string, the NextToken of an earlier response', '5', '{}', '["a"]', '""'],
  ReturnConsumedCapacity: ['NONE or TOTAL', '"INDEXES"', '"total"', '""', 'true', '1'],
  NumberFormat: ['number or string', '"String"', '""', 'true', '{}'],
  ReadUnitsPerSecond: ['a whole number from 1 to 2147483647', '0', '-1', '1.5', '2147483648', '"5"', '{}'],
};

describe('a parameter', () => {
  it('is in this table, whichever parameter it is', () => {
    expect(Object.keys(WRONG)).toEqual(MEMBERS);
  });

  it.each(
    Object.entries(WRONG).flatMap(([member, [accepted, ...values]]) =>
      ['null', ...values].map((json) => [member, json, accepted] as const),
    ),
  )('is rejected with its accepted values and the received one: %s %s', async (member, json, accepted) => {
    expect(await rejectionOf(`{"${member}":${json}}`)).toEqual({
      status: 400,
      code: 'InvalidRequest',
      detail: `${member} must be ${accepted}, not ${json}.`,
      scanned: [],
    });
  });

  it.each(
    ['Limit', 'Segment', 'TotalSegments', 'MaxItems', 'PageSize', 'ReadUnitsPerSecond'].flatMap((member) =>
      ['9007199254740993', '1e400', '-1e400'].map((digits) => [member, digits] as const),
    ),
  )('is rejected with a number that is not a double, shown as sent: %s %s', async (member, digits) => {
    expect(await rejectionOf(`{"${member}":${digits}}`)).toEqual({
      status: 400,
      code: 'InvalidRequest',
      detail: `${member} must be ${WRONG[member]?.[0] ?? ''}, not ${digits}.`,
      scanned: [],
    });
  });

  it.each([
    ['1e2', 100],
    ['5.0', 5],
    ['2147483647', 2_147_483_647],
  ])('can be a whole number in any notation: %s', async (digits, Limit) => {
    const limits: unknown[] = [];
    const records = repositoryOf(pageOf());
    const repository: Repository = {
      ...records,
      scanPage(call, ...rest) {
        limits.push(call.Limit);
        return records.scanPage(call, ...rest);
      },
    };
    const response = await request(testApp(repository).app)
      .post('/scanRecords')
      .set('Content-Type', 'application/json')
      .send(`{"Limit":${digits}}`);
    expect(response.status).toBe(200);
    expect(limits).toEqual([Limit]);
  });

  it('is shortened in the message if it is long', async () => {
    const { detail } = await rejectionOf(JSON.stringify({ Limit: 'x'.repeat(100_000) }));
    expect(detail).toMatch(/^Limit must be .*, not "x+…\.$/);
    expect(detail.length).toBeLessThan(200);
  });

  it.each([
    ['a name that is no string', '{"ExpressionAttributeNames":{"#a":"a","#b":5}}', 'not 5 at "#b".'],
    ['a name that is null', '{"ExpressionAttributeNames":{"#a":null}}', 'not null at "#a".'],
  ])('is rejected with the position inside it: %s', async (_, json, end) => {
    const { detail, ...rest } = await rejectionOf(json);
    expect(rest).toEqual({ status: 400, code: 'InvalidRequest', scanned: [] });
    expect(detail).toBe(`ExpressionAttributeNames must be an object such as {"#at":"time"}, ${end}`);
  });

  it('is named together with all other invalid parameters', async () => {
    const { detail } = await rejectionOf('{"TableName":5,"Limit":0,"Select":"all","x":1}');
    for (const issue of ['TableName must be', 'Limit must be', 'Select must be', 'Unknown parameter "x"']) {
      expect(detail).toContain(issue);
    }
  });

  it.each([
    'no token',
    '.',
    'e30.',
    `${Buffer.from('{"q":"","n":0,"b":[]}').toString('base64url')}.AAAAAAAAAAAAAAAA`,
    'x'.repeat(10_000),
  ])('is rejected if it is a StartingToken that no response contained: %#', async (StartingToken) => {
    const { detail, ...rest } = await rejectionOf(JSON.stringify({ StartingToken }));
    expect(rest).toEqual({ status: 400, code: 'InvalidStartingToken', scanned: [] });
    expect(detail).toMatch(/^StartingToken must be the complete NextToken/);
  });
});

describe('parameters', () => {
  it.each([
    ['Limit and PageSize', '{"Limit":1,"PageSize":1}', 'Limit and PageSize cannot be used together'],
    [
      'KeyConditionExpression and Segment',
      '{"KeyConditionExpression":"id = :id","Segment":0,"TotalSegments":2}',
      'KeyConditionExpression and Segment cannot be used together',
    ],
    [
      'KeyConditionExpression and TotalSegments',
      '{"KeyConditionExpression":"id = :id","TotalSegments":2}',
      'KeyConditionExpression and TotalSegments cannot be used together',
    ],
    [
      'ScanIndexForward without KeyConditionExpression',
      '{"ScanIndexForward":false}',
      'ScanIndexForward requires KeyConditionExpression',
    ],
    ['Limit and MaxItems', '{"MaxItems":1,"Limit":1}', 'Limit and MaxItems cannot be used together'],
    [
      'Limit and StartingToken',
      '{"Limit":1,"StartingToken":"a"}',
      'Limit and StartingToken cannot be used together',
    ],
    [
      'ExclusiveStartKey and StartingToken',
      '{"ExclusiveStartKey":{"id":"a"},"StartingToken":"a"}',
      'ExclusiveStartKey and StartingToken cannot be used together',
    ],
    [
      'more segments than the server starts by itself',
      '{"TotalSegments":1025}',
      'TotalSegments without Segment must be at most 1024, not 1025',
    ],
    ['Segment alone', '{"Segment":0}', 'Segment requires TotalSegments'],
    [
      'Segment as TotalSegments',
      '{"Segment":4,"TotalSegments":4}',
      'Segment must be below TotalSegments (4), not 4.',
    ],
    [
      'Segment over TotalSegments',
      '{"Segment":9,"TotalSegments":4}',
      'Segment must be below TotalSegments (4), not 9.',
    ],
    [
      'Limit in all segments',
      '{"Limit":1,"TotalSegments":4}',
      'Limit and TotalSegments without Segment cannot be used together',
    ],
    [
      'ExclusiveStartKey in all segments',
      '{"ExclusiveStartKey":{"id":"a"},"TotalSegments":4}',
      'ExclusiveStartKey and TotalSegments without Segment cannot be used together',
    ],
    [
      'a count and MaxItems',
      '{"Select":"COUNT","MaxItems":1}',
      'Select COUNT and MaxItems cannot be used together',
    ],
  ])('are rejected if they cannot be used together: %s', async (_, json, beginning) => {
    const { detail, ...rest } = await rejectionOf(json);
    expect(rest).toEqual({ status: 400, code: 'InvalidRequest', scanned: [] });
    expect(detail.slice(0, beginning.length)).toBe(beginning);
  });

  it('are rejected with every pair that excludes each other', async () => {
    const { detail } = await rejectionOf(
      '{"Limit":1,"PageSize":1,"MaxItems":1,"Select":"COUNT","Segment":0}',
    );
    expect(detail.match(/cannot be used together|requires/g)).toHaveLength(4);
  });

  it.each([
    '{"Limit":1,"ExclusiveStartKey":{"id":"a"}}',
    '{"Limit":1,"Segment":0,"TotalSegments":1}',
    '{"ExclusiveStartKey":{"id":"a"},"Segment":3,"TotalSegments":4}',
    '{"MaxItems":1,"PageSize":1}',
    '{"MaxItems":1,"TotalSegments":4}',
    '{"MaxItems":1,"ExclusiveStartKey":{"id":"a"}}',
    '{"PageSize":1,"TotalSegments":4}',
  ])('are accepted together: %s', async (json) => {
    const { post, scanned } = appWith();
    await post().set('Content-Type', 'application/json').send(json).expect(200);
    expect(scanned.length).toBeGreaterThan(0);
  });

  it.each(['{"Select":"COUNT","Limit":1}', '{"Select":"COUNT","TotalSegments":4}'])(
    'are taken where they do, and records are but counted: %s',
    async (json) => {
      const counted = repositoryOf({ ...pageOf(), count: 3, scannedCount: 5 });
      const response = await request(testApp(counted).app)
        .post('/scanRecords')
        .set('Content-Type', 'application/json')
        .send(json);
      const segments = json.includes('TotalSegments') ? 4 : 1;
      expect(response.body).toEqual({ Count: 3 * segments, ScannedCount: 5 * segments });
    },
  );

  it.each([
    ['itself', '{"Limit":1,"Limit":2}'],
    ['itself, once escaped', '{"Limit":1,"\\u004cimit":2}'],
    ['a value', '{"ExpressionAttributeValues":{":a":1,":a":2}}'],
    ['inside a value', '{"ExpressionAttributeValues":{":a":{"b":[{"c":1,"c":"1"}]}}}'],
    ['a name', '{"ExpressionAttributeNames":{"#a":"a","#a":"b"}}'],
    ['part of a key', '{"ExclusiveStartKey":{"id":"a","id":"b"}}'],
  ])('are rejected if one appears twice with two values: %s', async (_, json) => {
    const { detail: _detail, ...rest } = await rejectionOf(json);
    expect(rest).toEqual({ status: 400, code: 'InvalidJson', scanned: [] });
  });
});

describe('values in a request', () => {
  it.each([
    ['N', '{"N":5}', 'the digits of a number in quotes'],
    ['B', '{"B":"no base64"}', 'base64 in quotes'],
    ['BOOL', '{"BOOL":"true"}', 'true or false'],
    ['NULL', '{"NULL":false}', 'true'],
    ['SS', '{"SS":[]}', 'an array of one or more strings, each once'],
    ['SS', '{"SS":["a","a"]}', 'an array of one or more strings, each once'],
    ['NS', '{"NS":[1]}', 'an array of one or more numbers in quotes'],
    ['BS', '{"BS":"AA=="}', 'an array of one or more strings of base64'],
    ['M', '{"M":[]}', 'an object'],
    ['L', '[{"L":{}}]', 'an array'],
  ])(
    'are rejected if a typed %s has another content, and the message shows what it needs: %s',
    async (type, value, holds) => {
      for (const [member, name] of [
        ['ExpressionAttributeValues', ':a'],
        ['ExclusiveStartKey', 'id'],
      ] as const) {
        const { detail, ...rest } = await rejectionOf(`{"${member}":{"${name}":${value}}}`);
        expect(rest).toEqual({ status: 400, code: 'InvalidRequest', scanned: [] });
        expect(detail).toContain(`${member}: ${type} in a typed value must be ${holds};`);
      }
    },
  );

  it.each([
    '{"ExpressionAttributeValues":{"__proto__":5}}',
    '{"ExpressionAttributeValues":{":a":1,"__proto__":{"S":"a"}}}',
    '{"ExpressionAttributeValues":{":a":{"__proto__":5}}}',
    '{"ExpressionAttributeValues":{":a":[{"b":{"__proto__":null}}]}}',
    '{"ExpressionAttributeValues":{":a":{"M":{"__proto__":{"S":"a"}}}}}',
    '{"ExpressionAttributeNames":{"__proto__":"a"}}',
    '{"ExclusiveStartKey":{"__proto__":"a"}}',
    '{"ExclusiveStartKey":{"id":"a","__proto__":"a"}}',
  ])('are rejected, and not lost, if one is named __proto__: %s', async (json) => {
    const { detail, ...rest } = await rejectionOf(json);
    expect(rest).toEqual({ status: 400, code: 'InvalidRequest', scanned: [] });
    expect(detail).toContain('__proto__');
  });

  it('reach DynamoDB as they were sent', async () => {
    const typed = {
      ':S': { S: 'é "b"' },
      ':N': { N: '12345678901234567890.123456789012345678' },
      ':B': { B: '/wD+' },
      ':BOOL': { BOOL: false },
      ':NULL': { NULL: true },
      ':SS': { SS: ['b', 'a'] },
      ':NS': { NS: ['9007199254740993', '1.10'] },
      ':BS': { BS: ['/wD+', ''] },
      ':M': { M: { constructor: { N: '9007199254740993' }, S: { S: 'a' }, '': { M: {} } } },
      ':L': { L: [{ L: [] }, { NULL: true }, { M: { name: { BS: ['AA=='] } } }] },
    };
    const key = { id: { N: '9007199254740993' }, range: { B: 'AA==' } };
    const fake = await startFakeDynamodb(({ response }) => succeed(response, scanResponse([])));
    const repository = repositoryAt(fake.endpoint);
    const body = { ExpressionAttributeValues: typed, ExclusiveStartKey: key, FilterExpression: 'a = :S' };
    const response = await request(testApp(repository).app).post('/scanRecords').send(body);
    repository.close();
    await fake.close();
    expect(response.status).toBe(200);
    expect(fake.scans).toEqual([{ TableName: 'RecordsTable', ...body }]);
  });
});
