import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import request, { type Response } from 'supertest';
import { startEngine } from '../../src/embedded/engine';
import type { ScanCall } from '../../src/dynamodb/scanCall';
import { openEngineTable, type EngineTable } from '../helpers/engineTable';
import { repositoryAt, testApp } from '../helpers/servedApp';

interface ScanResult {
  Items: Record<string, unknown>[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Record<string, unknown>;
  NextToken?: string;
  ConsumedCapacity?: { TableName: string; CapacityUnits: number };
}

/** The parameters of a request. They are text if JSON.stringify would change them. */
type RequestParameters = object | string;

async function post(
  table: EngineTable,
  parameters: RequestParameters,
  accept = 'application/json',
): Promise<Response> {
  const { app } = testApp(table.repository, { TABLE_NAME: table.tableName });
  return request(app)
    .post('/scanRecords')
    .set({ 'Content-Type': 'application/json', Accept: accept })
    .send(typeof parameters === 'string' ? parameters : JSON.stringify(parameters))
    .buffer(true)
    .parse((response, done) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(null, Buffer.concat(chunks).toString('utf8')));
    });
}

function textOf(response: Response): string {
  return response.body as string;
}

/** Returns the text of a successful response. */
async function textOfScan(table: EngineTable, parameters: RequestParameters): Promise<string> {
  const response = await post(table, parameters);
  if (response.status !== 200) throw new Error(`${response.status} ${textOf(response)}`);
  return textOf(response);
}

/** Returns a successful response as a JavaScript client parses it. */
async function scan(table: EngineTable, parameters: RequestParameters): Promise<ScanResult> {
  return JSON.parse(await textOfScan(table, parameters)) as ScanResult;
}

/** Returns status and code of an error response. */
async function scanError(table: EngineTable, parameters: RequestParameters) {
  const response = await post(table, parameters);
  const { code } = JSON.parse(textOf(response)) as { code?: string };
  return { status: response.status, code };
}

const INVALID = { status: 400, code: 'ValidationException' };

/** Scans to the end, continuing with `LastEvaluatedKey`. */
async function byKey(table: EngineTable, parameters: object): Promise<ScanResult[]> {
  return follow(table, parameters, ({ LastEvaluatedKey }) =>
    LastEvaluatedKey === undefined ? undefined : { ExclusiveStartKey: LastEvaluatedKey },
  );
}

/** Scans to the end, continuing with `NextToken`. */
async function byToken(table: EngineTable, parameters: object): Promise<ScanResult[]> {
  return follow(table, parameters, ({ NextToken }) =>
    NextToken === undefined ? undefined : { StartingToken: NextToken },
  );
}

async function follow(
  table: EngineTable,
  parameters: object,
  next: (result: ScanResult) => object | undefined,
) {
  const results: ScanResult[] = [];
  for (let start: object | undefined = {}; start !== undefined;) {
    const result = await scan(table, { ...parameters, ...start });
    results.push(result);
    if (results.length > 100) throw new Error('the scan does not end');
    start = next(result);
  }
  return results;
}

function idsOf(...results: readonly ScanResult[]): unknown[] {
  return results.flatMap(({ Items }) => Items.map(({ id }) => id)).sort();
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** Returns the table with a list of the Scan requests that its repository sends. */
function spyOnScans(table: EngineTable): EngineTable & { scans: ScanCall[] } {
  const scans: ScanCall[] = [];
  const { repository } = table;
  return {
    ...table,
    scans,
    repository: {
      ...repository,
      scanPage(call, ...rest) {
        scans.push(call);
        return repository.scanPage(call, ...rest);
      },
    },
  };
}

/** Opens a table for the tests of a `describe`. */
function tableFor(open: () => Promise<EngineTable>): () => EngineTable {
  let table: EngineTable;
  beforeAll(async () => {
    table = await open();
  });
  afterAll(async () => {
    await table.close();
  });
  return () => table;
}

/** r00 to r24. Every fifth item belongs to the group `few`. */
const IDS = Array.from({ length: 25 }, (_, index) => `r${String(index).padStart(2, '0')}`);
const FEW = IDS.filter((_, index) => index % 5 === 0);
const ITEMS = IDS.map((id, index) => ({
  id: { S: id },
  at: { N: String(index) },
  group: { S: index % 5 === 0 ? 'few' : 'many' },
  'a.b': { S: `dotted ${index}` },
  place: { M: { city: { S: `city ${index}` }, zip: { N: '1' } } },
  tags: { L: [{ S: 'zero' }, { S: 'one' }, { S: 'two' }] },
}));
const ONLY_FEW = {
  FilterExpression: '#group = :group',
  ExpressionAttributeNames: { '#group': 'group' },
  ExpressionAttributeValues: { ':group': 'few' },
};

function openItems(): Promise<EngineTable> {
  return openEngineTable(ITEMS.map((item) => JSON.stringify(item)));
}

const INDEX = 'byPlace';
const INDEXED = IDS.slice(0, 9);
/** Only the first nine items are in the index `byPlace`, with the keys `place` and `at`. */
const PLACED = IDS.map((id, index) => ({
  id: { S: id },
  other: { S: 'not in the index' },
  ...(index < INDEXED.length && {
    place: { S: `place ${index % 2}` },
    at: { N: `9007199254740993.${index}` },
  }),
}));

/** Opens a table with a global secondary index, which `openEngineTable` does not create. */
async function openIndexedTable(): Promise<EngineTable> {
  const given = process.env.TEST_DYNAMODB_ENDPOINT;
  const engine = given === undefined ? await startEngine() : undefined;
  const endpoint = engine?.endpoint ?? given ?? '';
  const tableName = `Test-${randomUUID()}`;
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'us-east-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: tableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [
        { AttributeName: 'id', AttributeType: 'S' },
        { AttributeName: 'place', AttributeType: 'S' },
        { AttributeName: 'at', AttributeType: 'N' },
      ],
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      GlobalSecondaryIndexes: [
        {
          IndexName: INDEX,
          KeySchema: [
            { AttributeName: 'place', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
    }),
  );
  const puts = PLACED.map((Item: Record<string, AttributeValue>) => ({ PutRequest: { Item } }));
  await client.send(new BatchWriteItemCommand({ RequestItems: { [tableName]: puts } }));
  client.destroy();
  const repository = repositoryAt(endpoint);
  return {
    tableName,
    repository,
    close: async () => {
      repository.close();
      await engine?.close();
    },
  };
}

/** For behavior of DynamoDB that dynalite does not implement. */
const describeOnDynamodb = process.env.TEST_DYNAMODB_ENDPOINT === undefined ? describe.skip : describe;

describe('the request parameter', () => {
  const items = tableFor(openItems);
  const indexed = tableFor(openIndexedTable);

  describe('TableName', () => {
    /** Sends a POST to an app whose configured table does not exist. */
    const postTo = (TableName: string | undefined, allowed: string) => {
      const environment = { TABLE_NAME: 'NoSuchTable', ALLOWED_TABLES: `NoSuchTable,${allowed}` };
      return request(testApp(items().repository, environment).app).post('/scanRecords').send({ TableName });
    };

    it('selects the table to scan', async () => {
      const response = await postTo(items().tableName, items().tableName);
      expect(response.status).toBe(200);
      expect(idsOf(response.body as ScanResult)).toEqual(IDS);
    });

    it('defaults to the configured table', async () => {
      expect((await postTo(undefined, items().tableName)).status).toBe(404);
      expect(idsOf(await scan(items(), {}))).toEqual(IDS);
    });

    it('returns 403 for an existing table that the server does not allow', async () => {
      const response = await postTo(items().tableName, 'Another');
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ code: 'TableNotAllowed' });
    });
  });

  describe('IndexName', () => {
    it('scans the index and returns its items', async () => {
      const { Items, Count, ScannedCount } = await scan(indexed(), {
        IndexName: INDEX,
        NumberFormat: 'string',
      });
      const expected = PLACED.slice(0, INDEXED.length).map(({ id, place, at }) => ({
        id: id.S,
        place: place?.S,
        at: at?.N,
      }));
      const byId = (one: Record<string, unknown>, other: Record<string, unknown>) =>
        String(one.id) < String(other.id) ? -1 : 1;
      expect(Items.sort(byId)).toEqual(expected.map((item) => ({ ...item, at: canonical(item.at) })));
      expect({ Count, ScannedCount }).toEqual({ Count: 9, ScannedCount: 9 });
    });

    it('defaults to scanning the table itself', async () => {
      expect(idsOf(await scan(indexed(), {}))).toEqual(IDS);
    });

    it('works with Limit and ExclusiveStartKey, whose key includes the key of the index', async () => {
      const results = await byKey(indexed(), { IndexName: INDEX, Limit: 2 });
      expect(idsOf(...results)).toEqual(INDEXED);
      expect(Object.keys(results[0]?.LastEvaluatedKey ?? {}).sort()).toEqual(['at', 'id', 'place']);
    });

    it('works with MaxItems and StartingToken', async () => {
      const results = await byToken(indexed(), { IndexName: INDEX, MaxItems: 2 });
      expect(idsOf(...results)).toEqual(INDEXED);
      expect(Math.max(...results.map(({ Count }) => Count))).toBe(2);
    });

    it('returns 400 or 404 if the index does not exist', async () => {
      const { status } = await scanError(items(), { IndexName: 'NoSuchIndex' });
      expect([400, 404]).toContain(status);
    });

    /** DynamoDB keeps all digits but drops a trailing zero after the decimal point. */
    function canonical(digits: string | undefined): string | undefined {
      return digits?.replace(/\.0$/, '');
    }
  });

  describe('ConsistentRead', () => {
    const unitsWith = async (parameters: object) => {
      const result = await scan(items(), { ...parameters, ReturnConsumedCapacity: 'TOTAL' });
      return result.ConsumedCapacity?.CapacityUnits ?? NaN;
    };

    it.each([true, false])('is sent unchanged with every request: %s', async (ConsistentRead) => {
      const table = spyOnScans(items());
      expect(idsOf(await scan(table, { ConsistentRead, PageSize: 10 }))).toEqual(IDS);
      expect(table.scans.map((call) => call.ConsistentRead)).toEqual(Array(3).fill(ConsistentRead));
    });

    it('costs the same when it is false or absent', async () => {
      expect(await unitsWith({ ConsistentRead: false })).toBe(await unitsWith({}));
    });

    describeOnDynamodb('on an engine that implements it', () => {
      it('costs twice as much when it is true', async () => {
        expect(await unitsWith({ ConsistentRead: true })).toBe(2 * (await unitsWith({})));
      });

      it('is rejected on a global secondary index', async () => {
        expect(await scanError(indexed(), { IndexName: INDEX, ConsistentRead: true })).toEqual(INVALID);
      });
    });
  });

  describe('Select', () => {
    it('returns complete items with ALL_ATTRIBUTES', async () => {
      const { Items } = await scan(items(), { Select: 'ALL_ATTRIBUTES' });
      expect(Items).toHaveLength(IDS.length);
      const names = Object.keys(ITEMS[0] ?? {}).sort();
      for (const item of Items) expect(Object.keys(item).sort()).toEqual(names);
    });

    it('rejects ALL_ATTRIBUTES on an index without all attributes', async () => {
      expect(await scanError(indexed(), { IndexName: INDEX, Select: 'ALL_ATTRIBUTES' })).toEqual(INVALID);
    });

    it('returns the attributes of the index with ALL_PROJECTED_ATTRIBUTES', async () => {
      const { Items } = await scan(indexed(), { IndexName: INDEX, Select: 'ALL_PROJECTED_ATTRIBUTES' });
      expect(Items).toHaveLength(INDEXED.length);
      for (const item of Items) expect(Object.keys(item).sort()).toEqual(['at', 'id', 'place']);
    });

    it('returns the attributes of the ProjectionExpression with SPECIFIC_ATTRIBUTES', async () => {
      const { Items } = await scan(items(), {
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: 'id',
      });
      expect(Items).toHaveLength(IDS.length);
      expect(Items).toEqual(expect.arrayContaining(IDS.map((id) => ({ id }))));
    });

    describeOnDynamodb('with an invalid combination', () => {
      it.each([
        ['rejects ALL_PROJECTED_ATTRIBUTES without an index', { Select: 'ALL_PROJECTED_ATTRIBUTES' }],
        ['rejects SPECIFIC_ATTRIBUTES without a ProjectionExpression', { Select: 'SPECIFIC_ATTRIBUTES' }],
        [
          'rejects ALL_ATTRIBUTES with a ProjectionExpression',
          { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'id' },
        ],
      ])('%s', async (_, parameters) => {
        expect(await scanError(items(), parameters)).toEqual(INVALID);
      });
    });

    it('returns only the counts with COUNT', async () => {
      expect(await scan(items(), { Select: 'COUNT' })).toEqual({ Count: 25, ScannedCount: 25 });
    });

    it('counts the matching items of all pages with COUNT', async () => {
      const parameters = { Select: 'COUNT', PageSize: 4, ...ONLY_FEW };
      expect(await scan(items(), parameters)).toEqual({ Count: FEW.length, ScannedCount: 25 });
    });

    it('supports Limit and ExclusiveStartKey with COUNT', async () => {
      const results = await byKey(items(), { Select: 'COUNT', Limit: 10 });
      expect(sumOf(results.map(({ Count }) => Count))).toBe(25);
      expect(results).toHaveLength(3);
    });
  });

  describe('FilterExpression', () => {
    it('omits items that do not match and counts them in ScannedCount', async () => {
      const result = await scan(items(), ONLY_FEW);
      expect(idsOf(result)).toEqual(FEW);
      expect(result).toMatchObject({ Count: FEW.length, ScannedCount: IDS.length });
    });

    it('returns no items if nothing matches', async () => {
      const parameters = { ...ONLY_FEW, ExpressionAttributeValues: { ':group': 'none' } };
      expect(await scan(items(), parameters)).toEqual({ Items: [], Count: 0, ScannedCount: 25 });
    });

    it('continues over pages without a match', async () => {
      const result = await scan(items(), { ...ONLY_FEW, PageSize: 1 });
      expect(idsOf(result)).toEqual(FEW);
    });

    it.each([
      ['is not a valid expression', { FilterExpression: 'id = = id' }],
      ['uses an undefined value', { FilterExpression: 'id = :id' }],
      ['uses an undefined name', { FilterExpression: 'attribute_exists(#id)' }],
    ])('is rejected if it %s', async (_, parameters) => {
      expect(await scanError(items(), parameters)).toEqual(INVALID);
    });
  });

  describe('ProjectionExpression', () => {
    it('returns the named attributes, including nested ones', async () => {
      const { Items } = await scan(items(), { ProjectionExpression: 'id, place.city, tags[1]' });
      const expected = IDS.map((id, index) => ({ id, place: { city: `city ${index}` }, tags: ['one'] }));
      expect(Items).toHaveLength(expected.length);
      expect(Items).toEqual(expect.arrayContaining(expected));
    });

    it('returns an empty item for an item without the named attributes', async () => {
      const { Items } = await scan(items(), { ProjectionExpression: 'absent', Limit: 2 });
      expect(Items).toEqual([{}, {}]);
    });

    it('is rejected if it is not a valid expression', async () => {
      expect(await scanError(items(), { ProjectionExpression: 'id,,at' })).toEqual(INVALID);
    });
  });

  describe('ExpressionAttributeNames', () => {
    it.each([
      ['a reserved word', 'group', 'few'],
      ['a name that contains a dot', 'a.b', 'dotted 20'],
    ])('can stand for %s', async (_, name, value) => {
      const { Items } = await scan(items(), {
        ProjectionExpression: 'id, #name',
        FilterExpression: '#name = :value AND id = :id',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value, ':id': 'r20' },
      });
      expect(Items).toEqual([{ id: 'r20', [name]: value }]);
    });

    it.each([
      [
        'has a name that no expression uses',
        { ...ONLY_FEW, ProjectionExpression: 'id', unused: { '#x': 'x' } },
      ],
      ['has a name without #', { ...ONLY_FEW, unused: { x: 'x' } }],
    ])('is rejected if it %s', async (_, { unused, ...parameters }) => {
      const ExpressionAttributeNames = { ...parameters.ExpressionAttributeNames, ...unused };
      expect(await scanError(items(), { ...parameters, ExpressionAttributeNames })).toEqual(INVALID);
    });
  });

  describe('ExpressionAttributeValues', () => {
    const DIGITS = '1234567890123456789012345678901234567';
    /** One item per value, most of them with a similar value that a careless reader would confuse with it. */
    const STORED: Record<string, object> = {
      string: { S: 'text' },
      'empty string': { S: '' },
      'any Unicode': { S: 'é 日本 😀 "\\ \n \u0001 \u2028' },
      'digits as a string': { S: '9007199254740993' },
      '2^53': { N: '9007199254740992' },
      '2^53 + 1': { N: '9007199254740993' },
      '38 digits': { N: `${DIGITS}8` },
      '38 digits, the last one another': { N: `${DIGITS}9` },
      '38 digits after the point': { N: `-0.${DIGITS}8` },
      '38 digits after the point, the last one another': { N: `-0.${DIGITS}9` },
      large: { N: '1.23E+120' },
      binary: { B: '/wD+' },
      'base64 as a string': { S: '/wD+' },
      true: { BOOL: true },
      false: { BOOL: false },
      'true as a string': { S: 'true' },
      null: { NULL: true },
      'null as a string': { S: 'null' },
      list: { L: [{ S: 'a' }, { N: '9007199254740993' }] },
      'list with another number': { L: [{ S: 'a' }, { N: '9007199254740992' }] },
      'empty list': { L: [] },
      map: { M: { a: { N: '9007199254740993' }, b: { M: { constructor: { S: 'c' } } } } },
      'map with another number': {
        M: { a: { N: '9007199254740992' }, b: { M: { constructor: { S: 'c' } } } },
      },
      'empty map': { M: {} },
      'map that looks typed': { M: { S: { S: 'text' } } },
      'set of strings': { SS: ['a', 'b'] },
      'list of strings': { L: [{ S: 'a' }, { S: 'b' }] },
      'set of numbers': { NS: ['1', '9007199254740993'] },
      'set with another number': { NS: ['1', '9007199254740992'] },
      'set of binary': { BS: ['/wD+', 'AA=='] },
      'set of base64': { SS: ['/wD+', 'AA=='] },
      'binary in a list': { L: [{ B: '/wD+' }] },
      'base64 in a list': { L: [{ S: '/wD+' }] },
    };
    const values = tableFor(() =>
      openEngineTable(Object.entries(STORED).map(([id, v]) => JSON.stringify({ id: { S: id }, v }))),
    );
    const equalTo = (value: string) =>
      `{"FilterExpression":"v = :v","ExpressionAttributeValues":{":v":${value}}}`;

    it.each([
      ['"text"', 'string'],
      ['""', 'empty string'],
      [JSON.stringify('é 日本 😀 "\\ \n \u0001 \u2028'), 'any Unicode'],
      ['"9007199254740993"', 'digits as a string'],
      ['9007199254740992', '2^53'],
      ['9007199254740993', '2^53 + 1'],
      ['9007199254740993.0', '2^53 + 1'],
      [`${DIGITS}8`, '38 digits'],
      [`${DIGITS}9`, '38 digits, the last one another'],
      [`-0.${DIGITS}8`, '38 digits after the point'],
      ['1.23e120', 'large'],
      ['"/wD+"', 'base64 as a string'],
      ['true', 'true'],
      ['false', 'false'],
      ['null', 'null'],
    ])('accepts plain JSON: %s matches only %s', async (value, id) => {
      expect(idsOf(await scan(values(), equalTo(value)))).toEqual([id]);
    });

    it.each([
      ['{"S":"text"}', 'string'],
      ['{"N":"9007199254740993"}', '2^53 + 1'],
      [`{"N":"-0.${DIGITS}8"}`, '38 digits after the point'],
      ['{"B":"/wD+"}', 'binary'],
      ['{"BOOL":true}', 'true'],
      ['{"NULL":true}', 'null'],
      ['{"SS":["a","b"]}', 'set of strings'],
      ['{"SS":["b","a"]}', 'set of strings'],
      ['{"NS":["9007199254740993","1"]}', 'set of numbers'],
      ['{"BS":["AA==","/wD+"]}', 'set of binary'],
    ])('accepts typed values: %s matches only %s', async (value, id) => {
      expect(idsOf(await scan(values(), equalTo(value)))).toEqual([id]);
    });

    // dynalite does not compare lists and maps.
    describeOnDynamodb('on an engine that compares lists and maps', () => {
      it.each([
        ['[]', 'empty list'],
        ['["a",9007199254740993]', 'list'],
        ['{"a":9007199254740993,"b":{"constructor":"c"}}', 'map'],
        ['{}', 'empty map'],
        ['["a","b"]', 'list of strings'],
        ['["/wD+"]', 'base64 in a list'],
        ['{"L":[{"S":"a"},{"N":"9007199254740993"}]}', 'list'],
        ['{"L":["a",9007199254740993]}', 'list'],
        ['{"M":{"a":{"N":"9007199254740993"},"b":{"M":{"constructor":{"S":"c"}}}}}', 'map'],
        ['{"M":{"S":"text"}}', 'map that looks typed'],
        ['[{"B":"/wD+"}]', 'binary in a list'],
      ])('accepts lists and maps: %s matches only %s', async (value, id) => {
        expect(idsOf(await scan(values(), equalTo(value)))).toEqual([id]);
      });
    });

    it.each([
      ['1e126', 'is too large a number'],
      [`${DIGITS}89`, 'is a number of more than 38 digits'],
      ['{"N":"abc"}', 'is not a valid number'],
      ['{"N":""}', 'is an empty number'],
      ['{"NS":["1","abc"]}', 'contains an invalid number'],
      ['{"NS":["1","1.0"]}', 'contains a number twice'],
      ['{"BS":["AA==","AA=="]}', 'contains a binary value twice'],
    ])('is rejected by DynamoDB with %s, which %s', async (value) => {
      expect(await scanError(values(), equalTo(value))).toEqual(INVALID);
    });

    it('is rejected by the server if a set contains a string twice, which the SDK would send once', async () => {
      const invalidRequest = { status: 400, code: 'InvalidRequest' };
      expect(await scanError(values(), equalTo('{"SS":["a","b","a"]}'))).toEqual(invalidRequest);
    });

    it('is rejected with a value that no expression uses', async () => {
      expect(await scanError(values(), { ExpressionAttributeValues: { ':v': 1 } })).toEqual(INVALID);
    });
  });

  describe('Limit', () => {
    it('reads one page of at most Limit items', async () => {
      const table = spyOnScans(items());
      const { Items, Count, ScannedCount, LastEvaluatedKey } = await scan(table, { Limit: 7 });
      expect({ items: Items.length, Count, ScannedCount }).toEqual({ items: 7, Count: 7, ScannedCount: 7 });
      expect(LastEvaluatedKey).toEqual({ id: Items.at(-1)?.id });
      expect(table.scans.map((call) => call.Limit)).toEqual([7]);
    });

    it('returns every item once when ExclusiveStartKey continues to the end', async () => {
      const results = await byKey(items(), { Limit: 4 });
      expect(idsOf(...results)).toEqual(IDS);
      expect(results).toHaveLength(7);
    });

    it('counts evaluated items, whether or not they match', async () => {
      const results = await byKey(items(), { Limit: 4, ...ONLY_FEW });
      expect(idsOf(...results)).toEqual(FEW);
      expect(results).toHaveLength(7);
      expect(results.map(({ ScannedCount }) => ScannedCount)).toEqual([4, 4, 4, 4, 4, 4, 1]);
    });

    it('returns no LastEvaluatedKey if it exceeds the number of items', async () => {
      const result = await scan(items(), { Limit: 1000 });
      expect(idsOf(result)).toEqual(IDS);
      expect(result).not.toHaveProperty('LastEvaluatedKey');
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'returns LastEvaluatedKey in a header if the response is %s',
      async (accept) => {
        const response = await post(items(), { Limit: 7 }, accept);
        const ExclusiveStartKey = JSON.parse(response.get('X-Last-Evaluated-Key') ?? '') as object;
        const whole = await scan(items(), { Limit: 7 });
        const rest = await scan(items(), { ExclusiveStartKey });
        expect(idsOf(whole, rest)).toEqual(IDS);
        expect(rest.Count).toBe(18);
      },
    );
  });

  describe('ExclusiveStartKey', () => {
    const BEYOND = '9007199254740993';
    it.each<[string, Record<string, 'S' | 'N' | 'B'>, Record<string, string>[]]>([
      [
        'a string',
        { id: 'S' },
        ['a', 'b "c"', 'é 日本 😀', '\u0001 \u2028', '5', '{"N":"5"}'].map((id) => ({ id })),
      ],
      ['a number', { id: 'N' }, ['1', '-2', '0.5', '0', '1000000', '-0.000001'].map((id) => ({ id }))],
      [
        'a number past 2^53',
        { id: 'N' },
        ['9007199254740992', BEYOND, '9007199254740994', `-${BEYOND}`, `0.${BEYOND}1`, '1E+40', '1E-100'].map(
          (id) => ({ id }),
        ),
      ],
      ['binary', { id: 'B' }, ['AA==', '/wD+', '/wD/', 'YWJj', 'AAA=', 'gICA'].map((id) => ({ id }))],
      [
        'a string and a number',
        { hash: 'S', range: 'N' },
        [0, 1, 2, 3, 4, 5].map((index) => ({ hash: `hash ${index % 2}`, range: `${BEYOND}.${index + 1}` })),
      ],
      [
        'a number and binary',
        { hash: 'N', range: 'B' },
        [0, 1, 2, 3, 4, 5].map((index) => ({
          hash: `${BEYOND}${index % 2}`,
          range: Buffer.from([index, 255]).toString('base64'),
        })),
      ],
      [
        'attributes named like types',
        { S: 'S', N: 'N' },
        ['1', '2', '3'].map((text) => ({ S: text, N: text })),
      ],
    ])('continues after a key of %s, as a JavaScript client sends it back', async (_, types, keys) => {
      const keyedItems = keys.map((key, index) => ({
        ...Object.fromEntries(
          Object.entries(key).map(([name, value]) => [name, { [types[name] ?? '']: value }]),
        ),
        number: { N: String(index) },
      }));
      const table = await openEngineTable(
        keyedItems.map((item) => JSON.stringify(item)),
        Object.entries(types).map(([name, type]) => ({ name, type })),
      );
      const numbers = [];
      for (const parameters of [{ Limit: 1 }, { Limit: 2 }, { Limit: 2, NumberFormat: 'string' }]) {
        const results = await byKey(table, parameters);
        numbers.push(results.flatMap(({ Items }) => Items.map((item) => Number(item.number))).sort());
      }
      await table.close();
      const once = keyedItems.map((_, index) => index);
      expect(numbers).toEqual([once, once, once]);
    });

    it('continues after a key in DynamoDB’s typed form', async () => {
      const first = await post(items(), { Limit: 10 }, 'application/x-amz-json-1.0');
      const { Items, LastEvaluatedKey } = JSON.parse(textOf(first)) as ScanResult;
      expect(LastEvaluatedKey).toEqual({ id: Items.at(-1)?.id });
      const rest = await scan(items(), { ExclusiveStartKey: LastEvaluatedKey });
      const ids = Items.map(({ id }) => (id as { S: string }).S);
      expect([...ids, ...idsOf(rest)].sort()).toEqual(IDS);
    });

    it('scans to the end without Limit', async () => {
      const { LastEvaluatedKey, Items } = await scan(items(), { Limit: 5 });
      const rest = await scan(items(), { ExclusiveStartKey: LastEvaluatedKey, PageSize: 3 });
      expect(rest.Count).toBe(20);
      expect([...Items.map(({ id }) => id), ...idsOf(rest)].sort()).toEqual(IDS);
    });

    it('works with MaxItems, which continues with NextToken', async () => {
      const { LastEvaluatedKey, Items } = await scan(items(), { Limit: 5 });
      const start = await scan(items(), { ExclusiveStartKey: LastEvaluatedKey, MaxItems: 7 });
      const rest = await scan(items(), { StartingToken: start.NextToken });
      expect(start.Count).toBe(7);
      expect([...Items.map(({ id }) => id), ...idsOf(start, rest)].sort()).toEqual(IDS);
    });

    it.each([
      ['no attributes', {}],
      ['another attribute', { other: 'a' }],
      ['another type', { id: 5 }],
      ['an additional attribute', { id: 'r01', at: 1 }],
    ])('is rejected if it has %s', async (_, ExclusiveStartKey) => {
      expect(await scanError(items(), { ExclusiveStartKey })).toEqual(INVALID);
    });
  });

  describe('Segment and TotalSegments', () => {
    it('together return every item once', async () => {
      const results = [];
      for (const Segment of [0, 1, 2]) results.push(await scan(items(), { Segment, TotalSegments: 3 }));
      expect(idsOf(...results)).toEqual(IDS);
      expect(results.filter(({ Count }) => Count > 0).length).toBeGreaterThan(1);
    });

    it('work with Limit and ExclusiveStartKey in each segment', async () => {
      const results = [];
      for (const Segment of [0, 1, 2]) {
        results.push(...(await byKey(items(), { Segment, TotalSegments: 3, Limit: 2 })));
      }
      expect(idsOf(...results)).toEqual(IDS);
    });

    it('work with MaxItems and StartingToken in each segment', async () => {
      const results = [];
      for (const Segment of [0, 1, 2]) {
        results.push(...(await byToken(items(), { Segment, TotalSegments: 3, MaxItems: 2 })));
      }
      expect(idsOf(...results)).toEqual(IDS);
    });
  });

  describe('TotalSegments without Segment', () => {
    it('scans all segments and returns every item once', async () => {
      const table = spyOnScans(items());
      const result = await scan(table, { TotalSegments: 4, PageSize: 2 });
      expect(idsOf(result)).toEqual(IDS);
      expect(result).toMatchObject({ Count: 25, ScannedCount: 25 });
      expect([...new Set(table.scans.map(({ Segment }) => Segment))].sort()).toEqual([0, 1, 2, 3]);
      expect(new Set(table.scans.map(({ TotalSegments }) => TotalSegments))).toEqual(new Set([4]));
    });

    it('can exceed the number of segments read at once, and the number of items', async () => {
      expect(idsOf(await scan(items(), { TotalSegments: 40 }))).toEqual(IDS);
    });

    it('works with MaxItems and StartingToken', async () => {
      const results = await byToken(items(), { TotalSegments: 20, MaxItems: 3 });
      expect(idsOf(...results)).toEqual(IDS);
      expect(Math.max(...results.map(({ Count }) => Count))).toBe(3);
    });
  });

  describe('MaxItems', () => {
    it('returns MaxItems items and a NextToken', async () => {
      const { Items, Count, NextToken } = await scan(items(), { MaxItems: 7 });
      expect({ items: Items.length, Count }).toEqual({ items: 7, Count: 7 });
      expect(NextToken).toEqual(expect.any(String));
    });

    it('counts only matching items', async () => {
      const result = await scan(items(), { MaxItems: 3, PageSize: 2, ...ONLY_FEW });
      expect(result.Count).toBe(3);
      expect(result.ScannedCount).toBeGreaterThan(3);
      for (const { group } of result.Items) expect(group).toBe('few');
    });

    it('returns no NextToken if it exceeds the number of items', async () => {
      const result = await scan(items(), { MaxItems: 1000 });
      expect(idsOf(result)).toEqual(IDS);
      expect(result).not.toHaveProperty('NextToken');
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'returns NextToken in a header if the response is %s',
      async (accept) => {
        const response = await post(items(), { MaxItems: 20 }, accept);
        const rest = await scan(items(), { StartingToken: response.get('X-Next-Token') });
        expect(rest.Count).toBe(5);
      },
    );
  });

  describe('PageSize', () => {
    it('evaluates PageSize items per request', async () => {
      const table = spyOnScans(items());
      const result = await scan(table, { PageSize: 10 });
      expect(idsOf(result)).toEqual(IDS);
      expect(table.scans.map(({ Limit }) => Limit)).toEqual([10, 10, 10]);
    });

    it('has no effect if it exceeds the number of items', async () => {
      const table = spyOnScans(items());
      expect(idsOf(await scan(table, { PageSize: 1000 }))).toEqual(IDS);
      expect(table.scans).toHaveLength(1);
    });
  });

  describe('StartingToken', () => {
    it.each<[string, object, string[]]>([
      ['without other parameters', { MaxItems: 4 }, IDS],
      ['one by one', { MaxItems: 1 }, IDS],
      ['with pages that are smaller', { MaxItems: 4, PageSize: 3 }, IDS],
      ['with pages that are larger', { MaxItems: 4, PageSize: 9, ...ONLY_FEW }, FEW],
      ['with a filter', { MaxItems: 2, ...ONLY_FEW }, FEW],
      ['with numbers as strings', { MaxItems: 4, NumberFormat: 'string' }, IDS],
    ])('returns every item once until there is no NextToken: %s', async (_, parameters, expected) => {
      const results = await byToken(items(), parameters);
      expect(idsOf(...results)).toEqual(expected);
      expect(results.length).toBeGreaterThan(1);
      const { MaxItems } = parameters as { MaxItems: number };
      for (const { Count } of results.slice(0, -1)) expect(Count).toBe(MaxItems);
    });

    it('returns every item once if a projection hides the key', async () => {
      const parameters = { MaxItems: 2, ...ONLY_FEW, ProjectionExpression: '#at' };
      const ExpressionAttributeNames = { '#group': 'group', '#at': 'at' };
      const results = await byToken(items(), { ...parameters, ExpressionAttributeNames });
      const found = results.flatMap(({ Items }) => Items.map(({ at }) => Number(at)));
      expect(found.sort((one, other) => one - other)).toEqual([0, 5, 10, 15, 20]);
    });

    it('continues with another MaxItems, or without it', async () => {
      const first = await scan(items(), { MaxItems: 4 });
      const second = await scan(items(), { MaxItems: 9, StartingToken: first.NextToken });
      const rest = await scan(items(), { StartingToken: second.NextToken });
      expect([first.Count, second.Count, rest.Count]).toEqual([4, 9, 12]);
      expect(idsOf(first, second, rest)).toEqual(IDS);
      expect(rest).not.toHaveProperty('NextToken');
    });

    it.each([
      ['a filter', ONLY_FEW],
      ['a projection', { ProjectionExpression: 'id' }],
      ['segments', { TotalSegments: 2 }],
      ['another kind of read', { ConsistentRead: true }],
    ])('is rejected with %s that its query did not have', async (_, parameters) => {
      const { NextToken } = await scan(items(), { MaxItems: 4 });
      expect(await scanError(items(), { ...parameters, StartingToken: NextToken })).toEqual({
        status: 400,
        code: 'StartingTokenOfAnotherQuery',
      });
    });
  });

  describe('ReturnConsumedCapacity', () => {
    it.each([{}, { ReturnConsumedCapacity: 'NONE' }])(
      'is absent from the response by default: %j',
      async (parameters) => {
        expect(await scan(items(), parameters)).not.toHaveProperty('ConsumedCapacity');
      },
    );

    it('returns the consumed capacity with TOTAL', async () => {
      const { ConsumedCapacity } = await scan(items(), { ReturnConsumedCapacity: 'TOTAL' });
      expect(ConsumedCapacity?.TableName).toBe(items().tableName);
      expect(ConsumedCapacity?.CapacityUnits).toBeGreaterThan(0);
    });

    it('returns the sum over all pages with TOTAL', async () => {
      const parameters = { ReturnConsumedCapacity: 'TOTAL' };
      const units = ({ ConsumedCapacity }: ScanResult) => ConsumedCapacity?.CapacityUnits ?? NaN;
      const pages = await byKey(items(), { ...parameters, Limit: 4 });
      const whole = await scan(items(), { ...parameters, PageSize: 4 });
      const one = await scan(items(), parameters);
      expect(units(whole)).toBe(sumOf(pages.map(units)));
      expect(units(whole)).toBeGreaterThan(units(one));
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'returns the total in a header if the response is %s',
      async (accept) => {
        const parameters = { ReturnConsumedCapacity: 'TOTAL' };
        const { ConsumedCapacity } = await scan(items(), parameters);
        const response = await post(items(), parameters, accept);
        expect(Number(response.get('X-Consumed-Capacity-Units'))).toBe(ConsumedCapacity?.CapacityUnits);
      },
    );
  });
});

/** One item per type, and its attribute `v` in plain JSON. */
const TYPES: [type: string, value: object, plain: string, withStrings: string][] = [
  ['S', { S: 'a "b"' }, '"a \\"b\\""', '"a \\"b\\""'],
  ['N', { N: '9007199254740993' }, '9007199254740993', '"9007199254740993"'],
  ['N with a fraction', { N: '-0.5' }, '-0.5', '"-0.5"'],
  ['B', { B: '/wD+' }, '"/wD+"', '"/wD+"'],
  ['BOOL', { BOOL: false }, 'false', 'false'],
  ['NULL', { NULL: true }, 'null', 'null'],
  ['M', { M: { a: { N: '1' } } }, '{"a":1}', '{"a":"1"}'],
  ['L', { L: [{ N: '1' }, { S: '1' }, { L: [] }] }, '[1,"1",[]]', '["1","1",[]]'],
  ['SS', { SS: ['a', 'b'] }, '["a","b"]', '["a","b"]'],
  ['BS', { BS: ['AA==', '/wD+'] }, '["AA==","/wD+"]', '["AA==","/wD+"]'],
  ['NS', { NS: ['1', '9007199254740993'] }, '[1,9007199254740993]', '["1","9007199254740993"]'],
];

describe('the response', () => {
  const typed = tableFor(() => openEngineTable(TYPES.map(([id, v]) => JSON.stringify({ id: { S: id }, v }))));
  const valueOf = (id: string) => ({
    FilterExpression: 'id = :id',
    ProjectionExpression: 'v',
    ExpressionAttributeValues: { ':id': id },
  });

  it.each(TYPES)('writes %s as plain JSON', async (type, _, plain) => {
    const text = await textOfScan(typed(), valueOf(type));
    expect(orders(plain).map(responseWith)).toContain(text);
  });

  describe('with NumberFormat', () => {
    it.each(TYPES)('string writes %s with all numbers in quotes', async (type, _, _plain, withStrings) => {
      const text = await textOfScan(typed(), { ...valueOf(type), NumberFormat: 'string' });
      expect(orders(withStrings).map(responseWith)).toContain(text);
    });

    it('number writes numbers like the default', async () => {
      const text = await textOfScan(typed(), { ...valueOf('N'), NumberFormat: 'number' });
      expect(text).toBe(responseWith('9007199254740993'));
    });

    it('keeps the counts as numbers', async () => {
      const { Count, ScannedCount } = await scan(typed(), { NumberFormat: 'string' });
      expect({ Count, ScannedCount }).toEqual({ Count: TYPES.length, ScannedCount: TYPES.length });
    });
  });

  describe('with Accept', () => {
    const ofN = { ...valueOf('N'), ProjectionExpression: 'id, v' };
    const item = { id: 'N', v: 'the number' };
    /** Parses JSON whose only number exceeds 2^53. A text replaces the number, so that no digits are lost. */
    const read = (json: string) =>
      JSON.parse(json.replace(/"?9007199254740993"?/, '"the number"')) as unknown;

    it.each([undefined, '*/*', 'application/json'])('%s is one JSON object', async (accept) => {
      const response = await post(typed(), ofN, accept);
      expect(response.get('Content-Type')).toMatch(/^application\/json\b/);
      expect(textOf(response)).toContain('9007199254740993');
      expect(read(textOf(response))).toEqual({ Items: [item], Count: 1, ScannedCount: TYPES.length });
    });

    it('application/x-ndjson is one item per line', async () => {
      const response = await post(typed(), {}, 'application/x-ndjson');
      expect(response.get('Content-Type')).toMatch(/^application\/x-ndjson\b/);
      const lines = textOf(response).split('\n');
      expect(lines.pop()).toBe('');
      const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
      expect(ids.sort()).toEqual(TYPES.map(([type]) => type).sort());
      const [line = ''] = textOf(await post(typed(), ofN, 'application/x-ndjson')).split('\n');
      expect(read(line)).toEqual(item);
      expect(line).toContain('9007199254740993');
    });

    it('text/csv is a header line and one item per line', async () => {
      const response = await post(typed(), ofN, 'text/csv');
      expect(response.get('Content-Type')).toMatch(/^text\/csv\b/);
      expect(textOf(response).split(/\r?\n/)).toEqual(['id,v', 'N,9007199254740993', '']);
    });

    it('application/x-amz-json-1.0 is DynamoDB’s typed form', async () => {
      const response = await post(typed(), {}, 'application/x-amz-json-1.0');
      expect(response.get('Content-Type')).toMatch(/^application\/x-amz-json-1\.0\b/);
      const { Items, ...counts } = JSON.parse(textOf(response)) as ScanResult;
      const sets = { SS: ['a', 'b'], BS: ['/wD+', 'AA=='], NS: ['1', '9007199254740993'] };
      for (const { id, v } of Items) {
        const { S: type } = id as { S: string };
        if (type in sets) Object.values(v as object).forEach((set: unknown[]) => set.sort());
      }
      const expected = TYPES.map(([type, value]) => ({
        id: { S: type },
        v: type in sets ? { [type]: sets[type as keyof typeof sets] } : value,
      }));
      expect(Items).toHaveLength(expected.length);
      expect(Items).toEqual(expect.arrayContaining(expected));
      expect(counts).toEqual({ Count: TYPES.length, ScannedCount: TYPES.length });
    });

    it('of any other type returns 406 with a list of the supported types', async () => {
      const response = await post(typed(), {}, 'image/png');
      expect(response.status).toBe(406);
      for (const mediaType of ['application/json', 'application/x-ndjson', 'text/csv']) {
        expect(textOf(response)).toContain(mediaType);
      }
    });
  });

  function responseWith(v: string): string {
    return `{"Items":[{"v":${v}}],"Count":1,"ScannedCount":${TYPES.length}}`;
  }

  /** Returns all possible orders, because a set of two elements has none. */
  function orders(plain: string): string[] {
    const [, first, second] = /^\[([^,]+),([^,]+)\]$/.exec(plain) ?? [];
    return second === undefined ? [plain] : [plain, `[${second},${first ?? ''}]`];
  }
});
