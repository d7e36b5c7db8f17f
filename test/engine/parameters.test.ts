import { randomUUID } from 'node:crypto';
import {
  BatchWriteItemCommand,
  CreateTableCommand,
  DynamoDBClient,
  type AttributeValue,
} from '@aws-sdk/client-dynamodb';
import request, { type Response } from 'supertest';
import { startEngine } from '../../src/embedded/engine';
import type { ScanCall } from '../../src/dynamodb/repository';
import { openEngineTable, type EngineTable } from '../helpers/engineTable';
import { repositoryAt, testApp } from '../helpers/servedApp';

interface Answer {
  Items: Record<string, unknown>[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Record<string, unknown>;
  NextToken?: string;
  ConsumedCapacity?: { TableName: string; CapacityUnits: number };
}

/** A request's members; as text, where JSON.stringify would change them. */
type Members = object | string;

async function post(table: EngineTable, members: Members, accept = 'application/json'): Promise<Response> {
  const { app } = testApp(table.repository, { TABLE_NAME: table.tableName });
  return request(app)
    .post('/scanRecords')
    .set({ 'Content-Type': 'application/json', Accept: accept })
    .send(typeof members === 'string' ? members : JSON.stringify(members))
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

/** The text of a successful answer. */
async function answerText(table: EngineTable, members: Members): Promise<string> {
  const response = await post(table, members);
  if (response.status !== 200) throw new Error(`${response.status} ${textOf(response)}`);
  return textOf(response);
}

/** A successful answer as a JavaScript client reads it. */
async function answerTo(table: EngineTable, members: Members): Promise<Answer> {
  return JSON.parse(await answerText(table, members)) as Answer;
}

/** Status and code of a refusal. */
async function refusal(table: EngineTable, members: Members) {
  const response = await post(table, members);
  const { code } = JSON.parse(textOf(response)) as { code?: string };
  return { status: response.status, code };
}

const INVALID = { status: 400, code: 'ValidationException' };

/** The answers that follow one another by `LastEvaluatedKey`, to the last. */
async function byKey(table: EngineTable, members: object): Promise<Answer[]> {
  return follow(table, members, ({ LastEvaluatedKey }) =>
    LastEvaluatedKey === undefined ? undefined : { ExclusiveStartKey: LastEvaluatedKey },
  );
}

/** The answers that follow one another by `NextToken`, to the last. */
async function byToken(table: EngineTable, members: object): Promise<Answer[]> {
  return follow(table, members, ({ NextToken }) =>
    NextToken === undefined ? undefined : { StartingToken: NextToken },
  );
}

async function follow(table: EngineTable, members: object, next: (answer: Answer) => object | undefined) {
  const answers: Answer[] = [];
  for (let start: object | undefined = {}; start !== undefined;) {
    const answer = await answerTo(table, { ...members, ...start });
    answers.push(answer);
    if (answers.length > 100) throw new Error('the scan goes on without end');
    start = next(answer);
  }
  return answers;
}

function idsOf(...answers: readonly Answer[]): unknown[] {
  return answers.flatMap(({ Items }) => Items.map(({ id }) => id)).sort();
}

function sumOf(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** The same table with the calls that were made of Scan. */
function watched(table: EngineTable): EngineTable & { calls: ScanCall[] } {
  const calls: ScanCall[] = [];
  const { repository } = table;
  return {
    ...table,
    calls,
    repository: {
      ...repository,
      scanPage(call, ...rest) {
        calls.push(call);
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

/** r00 to r24; every fifth is of the group `few`. */
const IDS = Array.from({ length: 25 }, (_, index) => `r${String(index).padStart(2, '0')}`);
const FEW = IDS.filter((_, index) => index % 5 === 0);
const RECORDS = IDS.map((id, index) => ({
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

function openRecords(): Promise<EngineTable> {
  return openEngineTable(RECORDS.map((record) => JSON.stringify(record)));
}

const INDEX = 'byPlace';
const INDEXED = IDS.slice(0, 9);
/** Of these the index `byPlace` has the first nine, by `place` and `at`, with their keys and no more. */
const PLACED = IDS.map((id, index) => ({
  id: { S: id },
  other: { S: 'not in the index' },
  ...(index < INDEXED.length && {
    place: { S: `place ${index % 2}` },
    at: { N: `9007199254740993.${index}` },
  }),
}));

/** A table with a global secondary index, which `openEngineTable` does not make. */
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

/** For what dynalite lets pass, or leaves undone. */
const describeOnDynamodb = process.env.TEST_DYNAMODB_ENDPOINT === undefined ? describe.skip : describe;

describe('the member of a request', () => {
  const records = tableFor(openRecords);
  const indexed = tableFor(openIndexedTable);

  describe('TableName', () => {
    /** The app whose own table is not there. */
    const postTo = (TableName: string | undefined, allowed: string) => {
      const environment = { TABLE_NAME: 'NoSuchTable', ALLOWED_TABLES: `NoSuchTable,${allowed}` };
      return request(testApp(records().repository, environment).app).post('/scanRecords').send({ TableName });
    };

    it('names the table that is scanned', async () => {
      const response = await postTo(records().tableName, records().tableName);
      expect(response.status).toBe(200);
      expect(idsOf(response.body as Answer)).toEqual(IDS);
    });

    it('is the configured table where it is absent', async () => {
      expect((await postTo(undefined, records().tableName)).status).toBe(404);
      expect(idsOf(await answerTo(records(), {}))).toEqual(IDS);
    });

    it('takes no table that the server does not allow, though it is there', async () => {
      const response = await postTo(records().tableName, 'Another');
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ code: 'TableNotAllowed' });
    });
  });

  describe('IndexName', () => {
    it('has that index scanned, with what is in it', async () => {
      const { Items, Count, ScannedCount } = await answerTo(indexed(), {
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

    it('is the table where it is absent', async () => {
      expect(idsOf(await answerTo(indexed(), {}))).toEqual(IDS);
    });

    it('goes with Limit and ExclusiveStartKey, whose key is then also the index’s', async () => {
      const answers = await byKey(indexed(), { IndexName: INDEX, Limit: 2 });
      expect(idsOf(...answers)).toEqual(INDEXED);
      expect(Object.keys(answers[0]?.LastEvaluatedKey ?? {}).sort()).toEqual(['at', 'id', 'place']);
    });

    it('goes with MaxItems and StartingToken', async () => {
      const answers = await byToken(indexed(), { IndexName: INDEX, MaxItems: 2 });
      expect(idsOf(...answers)).toEqual(INDEXED);
      expect(Math.max(...answers.map(({ Count }) => Count))).toBe(2);
    });

    it('is refused where there is no such index', async () => {
      const { status } = await refusal(records(), { IndexName: 'NoSuchIndex' });
      expect([400, 404]).toContain(status);
    });

    /** DynamoDB drops no digits, but a zero after the point. */
    function canonical(digits: string | undefined): string | undefined {
      return digits?.replace(/\.0$/, '');
    }
  });

  describe('ConsistentRead', () => {
    const unitsWith = async (members: object) => {
      const answer = await answerTo(records(), { ...members, ReturnConsumedCapacity: 'TOTAL' });
      return answer.ConsumedCapacity?.CapacityUnits ?? NaN;
    };

    it.each([true, false])('goes with every call as it is: %s', async (ConsistentRead) => {
      const table = watched(records());
      expect(idsOf(await answerTo(table, { ConsistentRead, PageSize: 10 }))).toEqual(IDS);
      expect(table.calls.map((call) => call.ConsistentRead)).toEqual(Array(3).fill(ConsistentRead));
    });

    it('costs nothing more where it is false', async () => {
      expect(await unitsWith({ ConsistentRead: false })).toBe(await unitsWith({}));
    });

    describeOnDynamodb('where the engine heeds it', () => {
      it('costs twice as much where it is true', async () => {
        expect(await unitsWith({ ConsistentRead: true })).toBe(2 * (await unitsWith({})));
      });

      it('is refused on a global secondary index', async () => {
        expect(await refusal(indexed(), { IndexName: INDEX, ConsistentRead: true })).toEqual(INVALID);
      });
    });
  });

  describe('Select', () => {
    it('ALL_ATTRIBUTES returns records whole', async () => {
      const { Items } = await answerTo(records(), { Select: 'ALL_ATTRIBUTES' });
      expect(Items).toHaveLength(IDS.length);
      const names = Object.keys(RECORDS[0] ?? {}).sort();
      for (const item of Items) expect(Object.keys(item).sort()).toEqual(names);
    });

    it('ALL_ATTRIBUTES is refused on an index that has not all', async () => {
      expect(await refusal(indexed(), { IndexName: INDEX, Select: 'ALL_ATTRIBUTES' })).toEqual(INVALID);
    });

    it('ALL_PROJECTED_ATTRIBUTES returns what an index has', async () => {
      const { Items } = await answerTo(indexed(), { IndexName: INDEX, Select: 'ALL_PROJECTED_ATTRIBUTES' });
      expect(Items).toHaveLength(INDEXED.length);
      for (const item of Items) expect(Object.keys(item).sort()).toEqual(['at', 'id', 'place']);
    });

    it('SPECIFIC_ATTRIBUTES returns those of the ProjectionExpression', async () => {
      const { Items } = await answerTo(records(), {
        Select: 'SPECIFIC_ATTRIBUTES',
        ProjectionExpression: 'id',
      });
      expect(Items).toHaveLength(IDS.length);
      expect(Items).toEqual(expect.arrayContaining(IDS.map((id) => ({ id }))));
    });

    describeOnDynamodb('that cannot be', () => {
      it.each([
        ['ALL_PROJECTED_ATTRIBUTES is refused without an index', { Select: 'ALL_PROJECTED_ATTRIBUTES' }],
        ['SPECIFIC_ATTRIBUTES is refused without a ProjectionExpression', { Select: 'SPECIFIC_ATTRIBUTES' }],
        [
          'ALL_ATTRIBUTES is refused beside a ProjectionExpression',
          { Select: 'ALL_ATTRIBUTES', ProjectionExpression: 'id' },
        ],
      ])('%s', async (_, members) => {
        expect(await refusal(records(), members)).toEqual(INVALID);
      });
    });

    it('COUNT returns the counts and no records', async () => {
      expect(await answerTo(records(), { Select: 'COUNT' })).toEqual({ Count: 25, ScannedCount: 25 });
    });

    it('COUNT counts what matches, over all pages', async () => {
      const members = { Select: 'COUNT', PageSize: 4, ...ONLY_FEW };
      expect(await answerTo(records(), members)).toEqual({ Count: FEW.length, ScannedCount: 25 });
    });

    it('COUNT goes with Limit and ExclusiveStartKey', async () => {
      const answers = await byKey(records(), { Select: 'COUNT', Limit: 10 });
      expect(sumOf(answers.map(({ Count }) => Count))).toBe(25);
      expect(answers).toHaveLength(3);
    });
  });

  describe('FilterExpression', () => {
    it('leaves out what does not match, after it was evaluated', async () => {
      const answer = await answerTo(records(), ONLY_FEW);
      expect(idsOf(answer)).toEqual(FEW);
      expect(answer).toMatchObject({ Count: FEW.length, ScannedCount: IDS.length });
    });

    it('may match nothing', async () => {
      const members = { ...ONLY_FEW, ExpressionAttributeValues: { ':group': 'none' } };
      expect(await answerTo(records(), members)).toEqual({ Items: [], Count: 0, ScannedCount: 25 });
    });

    it('reads on over pages on which nothing matches', async () => {
      const answer = await answerTo(records(), { ...ONLY_FEW, PageSize: 1 });
      expect(idsOf(answer)).toEqual(FEW);
    });

    it.each([
      ['is no expression', { FilterExpression: 'id = = id' }],
      ['has a value that is not given', { FilterExpression: 'id = :id' }],
      ['has a name that is not given', { FilterExpression: 'attribute_exists(#id)' }],
    ])('is refused where it %s', async (_, members) => {
      expect(await refusal(records(), members)).toEqual(INVALID);
    });
  });

  describe('ProjectionExpression', () => {
    it('returns the attributes it names, and those inside them', async () => {
      const { Items } = await answerTo(records(), { ProjectionExpression: 'id, place.city, tags[1]' });
      const expected = IDS.map((id, index) => ({ id, place: { city: `city ${index}` }, tags: ['one'] }));
      expect(Items).toHaveLength(expected.length);
      expect(Items).toEqual(expect.arrayContaining(expected));
    });

    it('returns an empty record where a record has none of them', async () => {
      const { Items } = await answerTo(records(), { ProjectionExpression: 'absent', Limit: 2 });
      expect(Items).toEqual([{}, {}]);
    });

    it('is refused where it is no expression', async () => {
      expect(await refusal(records(), { ProjectionExpression: 'id,,at' })).toEqual(INVALID);
    });
  });

  describe('ExpressionAttributeNames', () => {
    it.each([
      ['a reserved word', 'group', 'few'],
      ['a name with a point in it', 'a.b', 'dotted 20'],
    ])('stands for %s', async (_, name, value) => {
      const { Items } = await answerTo(records(), {
        ProjectionExpression: 'id, #name',
        FilterExpression: '#name = :value AND id = :id',
        ExpressionAttributeNames: { '#name': name },
        ExpressionAttributeValues: { ':value': value, ':id': 'r20' },
      });
      expect(Items).toEqual([{ id: 'r20', [name]: value }]);
    });

    it.each([
      ['has one that no expression uses', { ...ONLY_FEW, ProjectionExpression: 'id', unused: { '#x': 'x' } }],
      ['has one without #', { ...ONLY_FEW, unused: { x: 'x' } }],
    ])('is refused where it %s', async (_, { unused, ...members }) => {
      const ExpressionAttributeNames = { ...members.ExpressionAttributeNames, ...unused };
      expect(await refusal(records(), { ...members, ExpressionAttributeNames })).toEqual(INVALID);
    });
  });

  describe('ExpressionAttributeValues', () => {
    const DIGITS = '1234567890123456789012345678901234567';
    /** One record a value, and beside most of them one that a careless reader takes for it. */
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
    ])('takes plain JSON: %s matches %s alone', async (value, id) => {
      expect(idsOf(await answerTo(values(), equalTo(value)))).toEqual([id]);
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
    ])('takes typed values: %s matches %s alone', async (value, id) => {
      expect(idsOf(await answerTo(values(), equalTo(value)))).toEqual([id]);
    });

    // dynalite compares no lists and no maps.
    describeOnDynamodb('where the engine compares any', () => {
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
      ])('takes lists and maps: %s matches %s alone', async (value, id) => {
        expect(idsOf(await answerTo(values(), equalTo(value)))).toEqual([id]);
      });
    });

    it.each([
      ['1e126', 'is too large a number'],
      [`${DIGITS}89`, 'is a number of more than 38 digits'],
      ['{"N":"abc"}', 'is no number'],
      ['{"N":""}', 'is an empty number'],
      ['{"NS":["1","abc"]}', 'has what is no number'],
      ['{"NS":["1","1.0"]}', 'has a number twice'],
      ['{"BS":["AA==","AA=="]}', 'has binary twice'],
    ])('is refused by DynamoDB with a value that %s: %s', async (value) => {
      expect(await refusal(values(), equalTo(value))).toEqual(INVALID);
    });

    it('is refused by the server with a set that has a string twice, which the SDK would send once', async () => {
      const refused = { status: 400, code: 'InvalidRequest' };
      expect(await refusal(values(), equalTo('{"SS":["a","b","a"]}'))).toEqual(refused);
    });

    it('is refused with one that no expression uses', async () => {
      expect(await refusal(values(), { ExpressionAttributeValues: { ':v': 1 } })).toEqual(INVALID);
    });
  });

  describe('Limit', () => {
    it('has one page read, of at most so many records', async () => {
      const table = watched(records());
      const { Items, Count, ScannedCount, LastEvaluatedKey } = await answerTo(table, { Limit: 7 });
      expect({ items: Items.length, Count, ScannedCount }).toEqual({ items: 7, Count: 7, ScannedCount: 7 });
      expect(LastEvaluatedKey).toEqual({ id: Items.at(-1)?.id });
      expect(table.calls.map((call) => call.Limit)).toEqual([7]);
    });

    it('gives every record once, with ExclusiveStartKey to the end', async () => {
      const answers = await byKey(records(), { Limit: 4 });
      expect(idsOf(...answers)).toEqual(IDS);
      expect(answers).toHaveLength(7);
    });

    it('counts what is evaluated, whether it matches or not', async () => {
      const answers = await byKey(records(), { Limit: 4, ...ONLY_FEW });
      expect(idsOf(...answers)).toEqual(FEW);
      expect(answers).toHaveLength(7);
      expect(answers.map(({ ScannedCount }) => ScannedCount)).toEqual([4, 4, 4, 4, 4, 4, 1]);
    });

    it('has no LastEvaluatedKey where it is more than there is', async () => {
      const answer = await answerTo(records(), { Limit: 1000 });
      expect(idsOf(answer)).toEqual(IDS);
      expect(answer).not.toHaveProperty('LastEvaluatedKey');
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'has its LastEvaluatedKey in a header where the answer is %s',
      async (accept) => {
        const response = await post(records(), { Limit: 7 }, accept);
        const ExclusiveStartKey = JSON.parse(response.get('X-Last-Evaluated-Key') ?? '') as object;
        const whole = await answerTo(records(), { Limit: 7 });
        const rest = await answerTo(records(), { ExclusiveStartKey });
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
        'attributes called as types are',
        { S: 'S', N: 'N' },
        ['1', '2', '3'].map((text) => ({ S: text, N: text })),
      ],
    ])('goes on after a key of %s, as a JavaScript client sends it back', async (_, types, keys) => {
      const items = keys.map((key, index) => ({
        ...Object.fromEntries(
          Object.entries(key).map(([name, value]) => [name, { [types[name] ?? '']: value }]),
        ),
        number: { N: String(index) },
      }));
      const table = await openEngineTable(
        items.map((item) => JSON.stringify(item)),
        Object.entries(types).map(([name, type]) => ({ name, type })),
      );
      const numbers = [];
      for (const members of [{ Limit: 1 }, { Limit: 2 }, { Limit: 2, NumberFormat: 'string' }]) {
        const answers = await byKey(table, members);
        numbers.push(answers.flatMap(({ Items }) => Items.map((item) => Number(item.number))).sort());
      }
      await table.close();
      const once = items.map((_, index) => index);
      expect(numbers).toEqual([once, once, once]);
    });

    it('goes on after the key of a record in DynamoDB’s typed form', async () => {
      const first = await post(records(), { Limit: 10 }, 'application/x-amz-json-1.0');
      const { Items, LastEvaluatedKey } = JSON.parse(textOf(first)) as Answer;
      expect(LastEvaluatedKey).toEqual({ id: Items.at(-1)?.id });
      const rest = await answerTo(records(), { ExclusiveStartKey: LastEvaluatedKey });
      const ids = Items.map(({ id }) => (id as { S: string }).S);
      expect([...ids, ...idsOf(rest)].sort()).toEqual(IDS);
    });

    it('reads to the end without Limit', async () => {
      const { LastEvaluatedKey, Items } = await answerTo(records(), { Limit: 5 });
      const rest = await answerTo(records(), { ExclusiveStartKey: LastEvaluatedKey, PageSize: 3 });
      expect(rest.Count).toBe(20);
      expect([...Items.map(({ id }) => id), ...idsOf(rest)].sort()).toEqual(IDS);
    });

    it('goes with MaxItems, which goes on by NextToken', async () => {
      const { LastEvaluatedKey, Items } = await answerTo(records(), { Limit: 5 });
      const start = await answerTo(records(), { ExclusiveStartKey: LastEvaluatedKey, MaxItems: 7 });
      const rest = await answerTo(records(), { StartingToken: start.NextToken });
      expect(start.Count).toBe(7);
      expect([...Items.map(({ id }) => id), ...idsOf(start, rest)].sort()).toEqual(IDS);
    });

    it.each([
      ['no key at all', {}],
      ['another attribute', { other: 'a' }],
      ['another type', { id: 5 }],
      ['one attribute too many', { id: 'r01', at: 1 }],
    ])('is refused where it has %s', async (_, ExclusiveStartKey) => {
      expect(await refusal(records(), { ExclusiveStartKey })).toEqual(INVALID);
    });
  });

  describe('Segment and TotalSegments', () => {
    it('give every record once, in all segments together', async () => {
      const answers = [];
      for (const Segment of [0, 1, 2]) answers.push(await answerTo(records(), { Segment, TotalSegments: 3 }));
      expect(idsOf(...answers)).toEqual(IDS);
      expect(answers.filter(({ Count }) => Count > 0).length).toBeGreaterThan(1);
    });

    it('go with Limit and ExclusiveStartKey, in each segment', async () => {
      const answers = [];
      for (const Segment of [0, 1, 2]) {
        answers.push(...(await byKey(records(), { Segment, TotalSegments: 3, Limit: 2 })));
      }
      expect(idsOf(...answers)).toEqual(IDS);
    });

    it('go with MaxItems and StartingToken, in each segment', async () => {
      const answers = [];
      for (const Segment of [0, 1, 2]) {
        answers.push(...(await byToken(records(), { Segment, TotalSegments: 3, MaxItems: 2 })));
      }
      expect(idsOf(...answers)).toEqual(IDS);
    });
  });

  describe('TotalSegments alone', () => {
    it('has all segments scanned, and every record once', async () => {
      const table = watched(records());
      const answer = await answerTo(table, { TotalSegments: 4, PageSize: 2 });
      expect(idsOf(answer)).toEqual(IDS);
      expect(answer).toMatchObject({ Count: 25, ScannedCount: 25 });
      expect([...new Set(table.calls.map(({ Segment }) => Segment))].sort()).toEqual([0, 1, 2, 3]);
      expect(new Set(table.calls.map(({ TotalSegments }) => TotalSegments))).toEqual(new Set([4]));
    });

    it('may be more than are read at once, and more than there are records', async () => {
      expect(idsOf(await answerTo(records(), { TotalSegments: 40 }))).toEqual(IDS);
    });

    it('goes with MaxItems and StartingToken', async () => {
      const answers = await byToken(records(), { TotalSegments: 20, MaxItems: 3 });
      expect(idsOf(...answers)).toEqual(IDS);
      expect(Math.max(...answers.map(({ Count }) => Count))).toBe(3);
    });
  });

  describe('MaxItems', () => {
    it('returns so many records, and a NextToken', async () => {
      const { Items, Count, NextToken } = await answerTo(records(), { MaxItems: 7 });
      expect({ items: Items.length, Count }).toEqual({ items: 7, Count: 7 });
      expect(NextToken).toEqual(expect.any(String));
    });

    it('counts what matches', async () => {
      const answer = await answerTo(records(), { MaxItems: 3, PageSize: 2, ...ONLY_FEW });
      expect(answer.Count).toBe(3);
      expect(answer.ScannedCount).toBeGreaterThan(3);
      for (const { group } of answer.Items) expect(group).toBe('few');
    });

    it('has no NextToken where it is more than there is', async () => {
      const answer = await answerTo(records(), { MaxItems: 1000 });
      expect(idsOf(answer)).toEqual(IDS);
      expect(answer).not.toHaveProperty('NextToken');
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'has its NextToken in a header where the answer is %s',
      async (accept) => {
        const response = await post(records(), { MaxItems: 20 }, accept);
        const rest = await answerTo(records(), { StartingToken: response.get('X-Next-Token') });
        expect(rest.Count).toBe(5);
      },
    );
  });

  describe('PageSize', () => {
    it('has so many records evaluated in each call', async () => {
      const table = watched(records());
      const answer = await answerTo(table, { PageSize: 10 });
      expect(idsOf(answer)).toEqual(IDS);
      expect(table.calls.map(({ Limit }) => Limit)).toEqual([10, 10, 10]);
    });

    it('changes nothing where it is more than there is', async () => {
      const table = watched(records());
      expect(idsOf(await answerTo(table, { PageSize: 1000 }))).toEqual(IDS);
      expect(table.calls).toHaveLength(1);
    });
  });

  describe('StartingToken', () => {
    it.each<[string, object, string[]]>([
      ['alone', { MaxItems: 4 }, IDS],
      ['one by one', { MaxItems: 1 }, IDS],
      ['with pages that are smaller', { MaxItems: 4, PageSize: 3 }, IDS],
      ['with pages that are larger', { MaxItems: 4, PageSize: 9, ...ONLY_FEW }, FEW],
      ['with a filter', { MaxItems: 2, ...ONLY_FEW }, FEW],
      ['with numbers as strings', { MaxItems: 4, NumberFormat: 'string' }, IDS],
    ])('gives every record once until there is no NextToken: %s', async (_, members, expected) => {
      const answers = await byToken(records(), members);
      expect(idsOf(...answers)).toEqual(expected);
      expect(answers.length).toBeGreaterThan(1);
      const { MaxItems } = members as { MaxItems: number };
      for (const { Count } of answers.slice(0, -1)) expect(Count).toBe(MaxItems);
    });

    it('gives every record once where a projection hides the key', async () => {
      const members = { MaxItems: 2, ...ONLY_FEW, ProjectionExpression: '#at' };
      const ExpressionAttributeNames = { '#group': 'group', '#at': 'at' };
      const answers = await byToken(records(), { ...members, ExpressionAttributeNames });
      const found = answers.flatMap(({ Items }) => Items.map(({ at }) => Number(at)));
      expect(found.sort((one, other) => one - other)).toEqual([0, 5, 10, 15, 20]);
    });

    it('goes on with another MaxItems, or with none', async () => {
      const first = await answerTo(records(), { MaxItems: 4 });
      const second = await answerTo(records(), { MaxItems: 9, StartingToken: first.NextToken });
      const rest = await answerTo(records(), { StartingToken: second.NextToken });
      expect([first.Count, second.Count, rest.Count]).toEqual([4, 9, 12]);
      expect(idsOf(first, second, rest)).toEqual(IDS);
      expect(rest).not.toHaveProperty('NextToken');
    });

    it.each([
      ['a filter', ONLY_FEW],
      ['a projection', { ProjectionExpression: 'id' }],
      ['segments', { TotalSegments: 2 }],
      ['another kind of read', { ConsistentRead: true }],
    ])('is refused with %s that its query had not', async (_, members) => {
      const { NextToken } = await answerTo(records(), { MaxItems: 4 });
      expect(await refusal(records(), { ...members, StartingToken: NextToken })).toEqual({
        status: 400,
        code: 'StartingTokenOfAnotherQuery',
      });
    });
  });

  describe('ReturnConsumedCapacity', () => {
    it.each([{}, { ReturnConsumedCapacity: 'NONE' }])('says nothing of it: %j', async (members) => {
      expect(await answerTo(records(), members)).not.toHaveProperty('ConsumedCapacity');
    });

    it('TOTAL returns what the scan consumed', async () => {
      const { ConsumedCapacity } = await answerTo(records(), { ReturnConsumedCapacity: 'TOTAL' });
      expect(ConsumedCapacity?.TableName).toBe(records().tableName);
      expect(ConsumedCapacity?.CapacityUnits).toBeGreaterThan(0);
    });

    it('TOTAL returns the sum over all pages', async () => {
      const members = { ReturnConsumedCapacity: 'TOTAL' };
      const units = ({ ConsumedCapacity }: Answer) => ConsumedCapacity?.CapacityUnits ?? NaN;
      const pages = await byKey(records(), { ...members, Limit: 4 });
      const whole = await answerTo(records(), { ...members, PageSize: 4 });
      const one = await answerTo(records(), members);
      expect(units(whole)).toBe(sumOf(pages.map(units)));
      expect(units(whole)).toBeGreaterThan(units(one));
    });

    it.each(['application/x-ndjson', 'text/csv'])(
      'TOTAL is in a header where the answer is %s',
      async (accept) => {
        const members = { ReturnConsumedCapacity: 'TOTAL' };
        const { ConsumedCapacity } = await answerTo(records(), members);
        const response = await post(records(), members, accept);
        expect(Number(response.get('X-Consumed-Capacity-Units'))).toBe(ConsumedCapacity?.CapacityUnits);
      },
    );
  });
});

/** A record of each type, and its attribute `v` in plain JSON. */
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

describe('the answer', () => {
  const typed = tableFor(() => openEngineTable(TYPES.map(([id, v]) => JSON.stringify({ id: { S: id }, v }))));
  const valueOf = (id: string) => ({
    FilterExpression: 'id = :id',
    ProjectionExpression: 'v',
    ExpressionAttributeValues: { ':id': id },
  });

  it.each(TYPES)('writes %s as plain JSON', async (type, _, plain) => {
    const text = await answerText(typed(), valueOf(type));
    expect(orders(plain).map(answerWith)).toContain(text);
  });

  describe('with NumberFormat', () => {
    it.each(TYPES)('string writes %s with every number in quotes', async (type, _, _plain, withStrings) => {
      const text = await answerText(typed(), { ...valueOf(type), NumberFormat: 'string' });
      expect(orders(withStrings).map(answerWith)).toContain(text);
    });

    it('number writes numbers as without it', async () => {
      const text = await answerText(typed(), { ...valueOf('N'), NumberFormat: 'number' });
      expect(text).toBe(answerWith('9007199254740993'));
    });

    it('leaves the counts as numbers', async () => {
      const { Count, ScannedCount } = await answerTo(typed(), { NumberFormat: 'string' });
      expect({ Count, ScannedCount }).toEqual({ Count: TYPES.length, ScannedCount: TYPES.length });
    });
  });

  describe('to Accept', () => {
    const ofN = { ...valueOf('N'), ProjectionExpression: 'id, v' };
    const record = { id: 'N', v: 'the number' };
    /** Reads numbers with all their digits: there is but one, and it stands for itself. */
    const read = (json: string) =>
      JSON.parse(json.replace(/"?9007199254740993"?/, '"the number"')) as unknown;

    it.each([undefined, '*/*', 'application/json'])('%s is one JSON object', async (accept) => {
      const response = await post(typed(), ofN, accept);
      expect(response.get('Content-Type')).toMatch(/^application\/json\b/);
      expect(textOf(response)).toContain('9007199254740993');
      expect(read(textOf(response))).toEqual({ Items: [record], Count: 1, ScannedCount: TYPES.length });
    });

    it('application/x-ndjson is one record a line', async () => {
      const response = await post(typed(), {}, 'application/x-ndjson');
      expect(response.get('Content-Type')).toMatch(/^application\/x-ndjson\b/);
      const lines = textOf(response).split('\n');
      expect(lines.pop()).toBe('');
      const ids = lines.map((line) => (JSON.parse(line) as { id: string }).id);
      expect(ids.sort()).toEqual(TYPES.map(([type]) => type).sort());
      const [line = ''] = textOf(await post(typed(), ofN, 'application/x-ndjson')).split('\n');
      expect(read(line)).toEqual(record);
      expect(line).toContain('9007199254740993');
    });

    it('text/csv is a header and one record a line', async () => {
      const response = await post(typed(), ofN, 'text/csv');
      expect(response.get('Content-Type')).toMatch(/^text\/csv\b/);
      expect(textOf(response).split(/\r?\n/)).toEqual(['id,v', 'N,9007199254740993', '']);
    });

    it('application/x-amz-json-1.0 is DynamoDB’s typed form', async () => {
      const response = await post(typed(), {}, 'application/x-amz-json-1.0');
      expect(response.get('Content-Type')).toMatch(/^application\/x-amz-json-1\.0\b/);
      const { Items, ...counts } = JSON.parse(textOf(response)) as Answer;
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

    it('anything else is refused, with a list of what there is', async () => {
      const response = await post(typed(), {}, 'image/png');
      expect(response.status).toBe(406);
      for (const mediaType of ['application/json', 'application/x-ndjson', 'text/csv']) {
        expect(textOf(response)).toContain(mediaType);
      }
    });
  });

  function answerWith(v: string): string {
    return `{"Items":[{"v":${v}}],"Count":1,"ScannedCount":${TYPES.length}}`;
  }

  /** A set of two has no order. */
  function orders(plain: string): string[] {
    const [, first, second] = /^\[([^,]+),([^,]+)\]$/.exec(plain) ?? [];
    return second === undefined ? [plain] : [plain, `[${second},${first ?? ''}]`];
  }
});
