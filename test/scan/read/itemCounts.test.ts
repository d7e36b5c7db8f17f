import { setImmediate } from 'node:timers/promises';
import request from 'supertest';
import type { Environment } from '../../../src/config/config';
import { ItemCounts } from '../../../src/scan/read/itemCounts';
import type { Repository } from '../../../src/dynamodb/repository';
import {
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type Script,
} from '../../helpers/fakeDynamodb';
import { ACTIVE, pageOf, repositoryAt, repositoryOf, testApp } from '../../helpers/servedApp';

type Describe = Repository['describe'];

const HEADER = 'X-Item-Count-Estimate';

/** The description of a table with 1000 items, 300 of them in an index. */
const DESCRIPTION = { ...ACTIVE, itemCount: 1000, indexItemCounts: new Map([['byPlace', 300]]) };

function describing(): jest.MockedFunction<Describe> {
  return jest.fn<ReturnType<Describe>, Parameters<Describe>>(() => Promise.resolve(DESCRIPTION));
}

/** A table with one item, which responds to Scan after DescribeTable. */
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
  it.each([
    ['those of the table', {}, '1000'],
    ['those of the index that is scanned', { IndexName: 'byPlace' }, '300'],
    ['those of a segment, by its share', { Segment: 1, TotalSegments: 3 }, '333'],
    ['those of a segment of an index', { IndexName: 'byPlace', Segment: 0, TotalSegments: 8 }, '38'],
    ['those of all segments', { TotalSegments: 3 }, '1000'],
  ])('returns the item count for %s', async (_what, body, expected) => {
    const { app } = testApp(repositoryWith(describing()));
    const response = await request(app).post('/scanRecords').send(body);
    expect(response.status).toBe(200);
    expect(response.get(HEADER)).toBe(expected);
  });

  it.each(['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'])(
    'is in a response of %s, buffered or not',
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
  const denying: Describe = () => Promise.reject(new Error('not authorized'));
  const ignorant: Describe = () => Promise.resolve({ ...DESCRIPTION, itemCount: undefined });

  it.each<[string, Describe, object]>([
    ['is denied', denying, {}],
    ['throws', throwing, {}],
    ['never responds', never, {}],
    ['does not say', ignorant, {}],
    ['knows no such index', describing(), { IndexName: 'byTime' }],
  ])('is absent, and the scan still succeeds, if DescribeTable %s', async (_what, describe, body) => {
    const { app, log } = testApp(repositoryWith(describe));
    const response = await request(app).post('/scanRecords').send(body);
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ Items: [{ id: 'a' }], Count: 1, ScannedCount: 1 });
    expect(response.headers).not.toHaveProperty(HEADER.toLowerCase());
    expect(log.map(({ msg }) => msg)).toEqual(['POST /scanRecords 200']);
  });

  it('is absent from rejected requests', async () => {
    const describe = describing();
    const { app } = testApp(repositoryWith(describe));
    const response = await request(app).post('/scanRecords').send({ TableName: 'Other' });
    expect(response.status).toBe(403);
    expect(response.headers).not.toHaveProperty(HEADER.toLowerCase());
    expect(describe).not.toHaveBeenCalled();
  });

  it('needs one DescribeTable per table for many scans', async () => {
    const describe = describing();
    const environment: Environment = { ALLOWED_TABLES: 'Other' };
    const { app } = testApp(repositoryWith(describe), environment);
    const bodies = [{}, {}, { IndexName: 'byPlace' }, { TableName: 'Other' }, { TableName: 'Other' }];
    for (const body of bodies) await request(app).post('/scanRecords').send(body);
    expect(describe.mock.calls.map(([tableName]) => tableName)).toEqual(['RecordsTable', 'Other']);
  });

  describe('X-Item-Count-Estimate from DynamoDB', () => {
    async function estimates(describe: Script, body: object): Promise<(string | undefined)[]> {
      const dynamodb = await startFakeDynamodb(
        ({ response }) => succeed(response, scanResponse([])),
        describe,
      );
      const repository = repositoryAt(dynamodb.endpoint);
      // Each scan continues when DescribeTable has responded.
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
      } else sendException(response, 400, 'ResourceNotFoundException', 'no such table');
    };

    it.each([
      ['the table', {}, '40'],
      ['a global index', { IndexName: 'byPlace' }, '30'],
      ['a local index', { IndexName: 'byTime' }, '20'],
    ])('is the count that DescribeTable returns for %s', async (_what, body, expected) => {
      expect(await estimates(described, body)).toEqual([expected, expected]);
    });

    it('is absent if DescribeTable is denied', async () => {
      const dynamodb = await startFakeDynamodb(({ response }) => succeed(response, scanResponse([])));
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

describe('ItemCounts', () => {
  let now = 0;

  beforeEach(() => {
    now = 1_000_000;
    jest.spyOn(performance, 'now').mockImplementation(() => now);
  });

  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('returns undefined until DescribeTable has responded', async () => {
    let respond: (description: typeof DESCRIPTION) => void = () => undefined;
    const describe = () => new Promise<typeof DESCRIPTION>((resolve) => (respond = resolve));
    const count = new ItemCounts(repositoryWith(describe)).lookUp('RecordsTable', undefined);
    expect(count()).toBeUndefined();
    respond(DESCRIPTION);
    await setImmediate();
    expect(count()).toBe(1000);
  });

  it.each([
    ['responds', describing],
    ['denied', () => describing().mockRejectedValue(new Error('not authorized'))],
    ['never responds', () => describing().mockReturnValue(new Promise(() => undefined))],
  ])('requests a count at most once a minute, whether it %s or not', async (_how, makeDescribe) => {
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

  it('renews the count after a minute, and keeps the old one if that fails', async () => {
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

  it('continues the request after the client has disconnected', async () => {
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
