import { setImmediate } from 'node:timers/promises';
import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { ItemCounts } from '../../../src/scan/read/itemCounts';
import type { Repository } from '../../../src/dynamodb/repository';
import { refuse, scanAnswer, startFakeDynamodb, succeed, type Script } from '../../helpers/fakeDynamodb';
import { ACTIVE, pageOf, repositoryAt, repositoryOf, testApp } from '../../helpers/servedApp';

type Describe = Repository['describe'];

const HEADER = 'X-Item-Count-Estimate';

/** What is said of a table of 1000 records, of which 300 are in an index. */
const DESCRIPTION = { ...ACTIVE, itemCount: 1000, indexItemCounts: new Map([['byPlace', 300]]) };

function describing(): jest.MockedFunction<Describe> {
  return jest.fn<ReturnType<Describe>, Parameters<Describe>>(() => Promise.resolve(DESCRIPTION));
}

/** A table of one record that is scanned when DescribeTable has had its turn. */
function repositoryWith(describe: Describe): Repository {
  const repository = repositoryOf(pageOf('{"id":"a"}'));
  return {
    ...repository,
    describe,
    scanPage: async (...call) => {
      await setImmediate();
      return repository.scanPage(...call);
    },
  };
}

describe('X-Item-Count-Estimate', () => {
  test.each([
    ['those of the table', {}, '1000'],
    ['those of the index that is scanned', { IndexName: 'byPlace' }, '300'],
    ['those of a segment, by its share', { Segment: 1, TotalSegments: 3 }, '333'],
    ['those of a segment of an index', { IndexName: 'byPlace', Segment: 0, TotalSegments: 8 }, '38'],
    ['those of all segments', { TotalSegments: 3 }, '1000'],
  ])('counts %s', async (_what, body, expected) => {
    const { app } = testApp(repositoryWith(describing()));
    const response = await request(app).post('/scanRecords').send(body);
    expect(response.status).toBe(200);
    expect(response.get(HEADER)).toBe(expected);
  });

  test.each(['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'])(
    'is in an answer of %s, held or not',
    async (accept) => {
      const { app } = testApp({ ...repositoryWith(describing()), scanPage: empty });
      for (const body of [{}, { Limit: 1 }]) {
        const response = await request(app).post('/scanRecords').set('Accept', accept).send(body);
        expect(response.get(HEADER)).toBe('1000');
      }
    },
  );

  it('can be read by a front end on another origin', async () => {
    const { app } = testApp(repositoryWith(describing()));
    const response = await request(app).post('/scanRecords').set('Origin', 'https://front.example');
    expect(response.get('Access-Control-Expose-Headers')?.split(/, */)).toContain(HEADER);
  });

  const never: Describe = () => new Promise<never>(() => undefined);
  const throwing: Describe = () => {
    throw new Error('no DescribeTable here');
  };
  const refusing: Describe = () => Promise.reject(new Error('not authorized'));
  const ignorant: Describe = () => Promise.resolve({ ...DESCRIPTION, itemCount: undefined });

  test.each<[string, Describe, object]>([
    ['is denied', refusing, {}],
    ['throws', throwing, {}],
    ['is never answered', never, {}],
    ['does not say', ignorant, {}],
    ['knows no such index', describing(), { IndexName: 'byTime' }],
  ])('is absent, and the scan is as good, where DescribeTable %s', async (_what, describe, body) => {
    const { app, log } = testApp(repositoryWith(describe));
    const response = await request(app).post('/scanRecords').send(body);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ Items: [{ id: 'a' }], Count: 1, ScannedCount: 1 });
    expect(response.headers).not.toHaveProperty(HEADER.toLowerCase());
    expect(log.map(({ msg }) => msg)).toEqual(['POST /scanRecords 200']);
  });

  it('is absent from what is refused', async () => {
    const describe = describing();
    const { app } = testApp(repositoryWith(describe));
    const response = await request(app).post('/scanRecords').send({ TableName: 'Other' });
    expect(response.status).toBe(403);
    expect(response.headers).not.toHaveProperty(HEADER.toLowerCase());
    expect(describe).not.toHaveBeenCalled();
  });

  it('is asked for once for many scans of a table, and once for each table', async () => {
    const describe = describing();
    const environment: Environment = { ALLOWED_TABLES: 'Other' };
    const { app } = testApp(repositoryWith(describe), environment);
    const bodies = [{}, {}, { IndexName: 'byPlace' }, { TableName: 'Other' }, { TableName: 'Other' }];
    for (const body of bodies) await request(app).post('/scanRecords').send(body);
    expect(describe.mock.calls.map(([tableName]) => tableName)).toEqual(['RecordsTable', 'Other']);
  });

  describe('by DynamoDB', () => {
    async function estimates(describe: Script, body: object): Promise<(string | undefined)[]> {
      const dynamodb = await startFakeDynamodb(({ response }) => succeed(response, scanAnswer([])), describe);
      const repository = repositoryAt(dynamodb.endpoint);
      // Each scan goes on when DescribeTable has been answered.
      let described: Promise<unknown> = Promise.resolve();
      const { app } = testApp({
        ...repository,
        describe: (...call) => {
          const description = repository.describe(...call);
          described = description.catch(() => undefined);
          return description;
        },
        scanPage: async (...call) => {
          await described;
          return repository.scanPage(...call);
        },
      });
      const first = await request(app).post('/scanRecords').send(body);
      const second = await request(app).post('/scanRecords').send(body);
      repository.close();
      await dynamodb.close();
      expect([first.status, second.status]).toEqual([200, 200]);
      return [first.get(HEADER), second.get(HEADER)];
    }

    const GLOBAL = [{ IndexName: 'byPlace', ItemCount: 30 }];
    const LOCAL = [{ IndexName: 'byTime', ItemCount: 20 }];
    const described: Script = ({ response, operation, body }) => {
      const Table = { ItemCount: 40, GlobalSecondaryIndexes: GLOBAL, LocalSecondaryIndexes: LOCAL };
      if (operation === 'DescribeTable' && body.TableName === 'RecordsTable') {
        succeed(response, JSON.stringify({ Table }));
      } else refuse(response, 400, 'ResourceNotFoundException', 'no such table');
    };

    test.each([
      ['the table', {}, '40'],
      ['a global index', { IndexName: 'byPlace' }, '30'],
      ['a local index', { IndexName: 'byTime' }, '20'],
    ])('is what DescribeTable says of %s', async (_what, body, expected) => {
      expect(await estimates(described, body)).toEqual([expected, expected]);
    });

    it('is absent where DescribeTable is denied', async () => {
      const dynamodb = await startFakeDynamodb(({ response }) => succeed(response, scanAnswer([])));
      const repository = repositoryAt(dynamodb.endpoint);
      const { app } = testApp(repository);
      const response = await request(app).post('/scanRecords');
      repository.close();
      await dynamodb.close();
      expect(response.status).toBe(200);
      expect(response.headers).not.toHaveProperty(HEADER.toLowerCase());
    });
  });
});

describe('a count', () => {
  let now = 0;

  beforeEach(() => {
    now = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('is unknown until DescribeTable has answered, and known then', async () => {
    let answer: (description: typeof DESCRIPTION) => void = () => undefined;
    const describe = () => new Promise<typeof DESCRIPTION>((resolve) => (answer = resolve));
    const count = new ItemCounts(repositoryWith(describe)).lookUp('RecordsTable', undefined);
    expect(count()).toBeUndefined();
    answer(DESCRIPTION);
    await setImmediate();
    expect(count()).toBe(1000);
  });

  test.each([
    ['answered', describing],
    ['denied', () => describing().mockRejectedValue(new Error('not authorized'))],
    ['never answered', () => describing().mockReturnValue(new Promise(() => undefined))],
  ])('is asked for once a minute, %s or not', async (_how, makeDescribe) => {
    const describe = makeDescribe();
    const counts = new ItemCounts(repositoryWith(describe));
    for (const seconds of [0, 1, 30, 29]) {
      now += seconds * 1000 - 1;
      counts.lookUp('RecordsTable', undefined);
      await setImmediate();
      expect(describe).toHaveBeenCalledTimes(1);
    }
    now += 1000;
    counts.lookUp('RecordsTable', undefined);
    expect(describe).toHaveBeenCalledTimes(2);
  });

  it('is renewed by the answer after a minute, and stays what it was where that fails', async () => {
    const describe = describing();
    const counts = new ItemCounts(repositoryWith(describe));
    const lookUpLater = async () => {
      now += 61_000;
      const count = counts.lookUp('RecordsTable', undefined);
      await setImmediate();
      return count();
    };
    expect(await lookUpLater()).toBe(1000);
    describe.mockResolvedValue({ ...DESCRIPTION, itemCount: 2000 });
    expect(await lookUpLater()).toBe(2000);
    describe.mockRejectedValue(new Error('not authorized'));
    expect(await lookUpLater()).toBe(2000);
  });

  it('outlives the client whose scan asked for it', async () => {
    const describe = describing();
    new ItemCounts(repositoryWith(describe)).lookUp('RecordsTable', undefined);
    await setImmediate();
    expect(describe.mock.calls[0]?.[1].aborted).toBe(false);
  });
});

const empty: Repository['scanPage'] = async () => {
  await setImmediate();
  return pageOf();
};
