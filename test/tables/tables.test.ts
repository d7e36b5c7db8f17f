/** Tests GET /tables/{name}: the keys, the indexes and the size of a table. */
import request from 'supertest';
import type { Environment } from '../../src/config/config';
import { DynamodbError } from '../../src/dynamodb/dynamodbError';
import type { TableDescription } from '../../src/dynamodb/tableDescription';
import { ACTIVE, repositoryOf, testApp } from '../helpers/servedApp';

const ORIGIN = 'https://app.example.com';
const ARN = 'arn:aws:dynamodb:eu-west-1:123456789012:table/Orders';

const ID = { AttributeName: 'id', AttributeType: 'S', KeyType: 'HASH' };
const LINE = { AttributeName: 'line', AttributeType: 'N', KeyType: 'RANGE' };
const STATE = { AttributeName: 'state', AttributeType: 'S', KeyType: 'HASH' };

const DESCRIPTION: TableDescription = {
  ...ACTIVE,
  itemCount: 1000,
  indexItemCounts: new Map([
    ['byState', 300],
    ['byLine', 900],
  ]),
  key: [ID, LINE],
  indexSchemas: new Map([
    ['byState', { key: [STATE, LINE], projection: 'KEYS_ONLY', projected: ['id', 'line', 'state'] }],
    ['byLine', { key: [ID, LINE], projection: 'ALL', projected: undefined }],
  ]),
};

/** The names of the described tables, in order. */
let described: string[];

beforeEach(() => {
  described = [];
});

function appWith(environment: Environment = {}, description = () => Promise.resolve(DESCRIPTION)) {
  const describe = (tableName: string) => {
    described.push(tableName);
    return description();
  };
  const settings = { TABLE_NAME: 'Orders', ALLOWED_TABLES: `Users,${ARN}`, ...environment };
  return testApp({ ...repositoryOf(), describe }, settings).app;
}

describe('GET /tables/{name}', () => {
  it('returns the key, the indexes and the numbers of items, with the names of DynamoDB', async () => {
    const response = await request(appWith()).get('/tables/Orders');
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/json');
    expect(response.get('Cache-Control')).toBe('no-store');
    expect(response.body).toEqual({
      TableName: 'Orders',
      ItemCount: 1000,
      KeySchema: [ID, LINE],
      Indexes: [
        { IndexName: 'byState', KeySchema: [STATE, LINE], Projection: 'KEYS_ONLY', ItemCount: 300 },
        { IndexName: 'byLine', KeySchema: [ID, LINE], Projection: 'ALL', ItemCount: 900 },
      ],
    });
  });

  it('leaves out a number of items that is unknown', async () => {
    const counts = { itemCount: undefined, indexItemCounts: new Map<string, number>() };
    const app = appWith({}, () => Promise.resolve({ ...DESCRIPTION, ...counts }));
    const { text } = await request(app).get('/tables/Orders').expect(200);
    expect(text).not.toContain('ItemCount');
  });

  it.each([encodeURIComponent(ARN), ARN])('describes a table whose name is an ARN: %s', async (name) => {
    const response = await request(appWith()).get(`/tables/${name}`);
    expect(response.body).toMatchObject({ TableName: ARN });
    expect(described).toEqual([ARN]);
  });

  it.each(['Other', 'orders', 'Orders/', 'Orders/x', '__proto__', '%', '%ff', '%00'])(
    'returns 403 for %s, which is not an allowed table, without DescribeTable',
    async (name) => {
      const response = await request(appWith()).get(`/tables/${name}`);
      expect(response.status).toBe(403);
      expect(response.type).toBe('application/problem+json');
      expect(response.body).toMatchObject({ code: 'TableNotAllowed' });
      expect(described).toEqual([]);
    },
  );

  it.each(['/tables', '/tables/', '/Tables/Orders'])('returns 404 for %s', async (path) => {
    const response = await request(appWith()).get(path);
    expect(response.status).toBe(404);
    expect(described).toEqual([]);
  });

  it('returns the error of DynamoDB', async () => {
    const error = new DynamodbError('ResourceNotFoundException', new Error('arn:aws:secret'));
    const response = await request(appWith({}, () => Promise.reject(error))).get('/tables/Orders');
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ code: 'ResourceNotFoundException' });
    expect(response.text).not.toContain('secret');
  });

  it('shares one DescribeTable between requests for the same table, and with /readyz', async () => {
    const app = appWith();
    const paths = ['/tables/Orders', '/tables/Users', '/tables/Orders', '/readyz'];
    await Promise.all(paths.map((path) => request(app).get(path).expect(200)));
    expect(described.sort()).toEqual(['Orders', 'Users']);
  });
});

describe('the other methods of /tables/{name}', () => {
  it('return the headers of GET for HEAD', async () => {
    const response = await request(appWith()).head('/tables/Orders');
    expect(response.status).toBe(200);
    expect(response.type).toBe('application/json');
    expect(response.text).toBeUndefined();
  });

  it.each(['/tables/Orders', '/tables/Other', '/tables/%'])(
    'respond to a preflight of %s with 200, without credentials',
    async (path) => {
      const response = await request(appWith({ ...KEY, CORS_ALLOW_ORIGINS: ORIGIN }))
        .options(path)
        .set({ Origin: ORIGIN, 'Access-Control-Request-Method': 'GET' });
      expect(response.status).toBe(200);
      expect(response.get('Allow')).toBe('GET, HEAD, OPTIONS');
      expect(response.get('Content-Length')).toBe('0');
      expect(response.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
      expect(described).toEqual([]);
    },
  );

  it.each(['post', 'put', 'patch', 'delete'] as const)('return 405 for %s', async (method) => {
    const response = await request(appWith())[method]('/tables/Orders');
    expect(response.status).toBe(405);
    expect(response.get('Allow')).toBe('GET, HEAD, OPTIONS');
    expect(response.body).toMatchObject({ code: 'MethodNotAllowed' });
  });
});

const KEY = { AUTH: 'key', API_KEYS: `a:${'0'.repeat(64)}` };

describe('who may describe a table', () => {
  it.each<[who: string, headers: Record<string, string>, status: number, code: string]>([
    ['a client without a key', {}, 401, 'MissingCredentials'],
    ['a web page of another origin', { Origin: 'https://other.example' }, 403, 'OriginNotAllowed'],
    ['an image of another site', { 'Sec-Fetch-Site': 'cross-site' }, 403, 'CrossOriginRead'],
    ['a page with another host name', { Host: 'rebound.example' }, 403, 'HostNotAllowed'],
  ])('rejects %s', async (_who, headers, status, code) => {
    const response = await request(appWith({ ...KEY, CORS_ALLOW_ORIGINS: ORIGIN }))
      .get('/tables/Orders')
      .set(headers);
    expect(response.status).toBe(status);
    expect(response.body).toMatchObject({ code });
    expect(described).toEqual([]);
  });

  it('lets an allowed origin read the description', async () => {
    const response = await request(appWith({ CORS_ALLOW_ORIGINS: ORIGIN }))
      .get('/tables/Orders')
      .set({ Origin: ORIGIN, 'Sec-Fetch-Site': 'cross-site' });
    expect(response.status).toBe(200);
    expect(response.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
  });

  it('counts requests for the rate limit', async () => {
    const app = appWith({ RATE_LIMIT_PER_MINUTE: '1' });
    await request(app).get('/tables/Orders').expect(200);
    await request(app).get('/tables/Orders').expect(429);
  });
});

describe('hidden data', () => {
  async function described(environment: Environment) {
    return (await request(appWith(environment)).get('/tables/Orders')).body as Record<string, unknown>;
  }

  it('leaves out hidden key attributes, and the indexes with such an attribute', async () => {
    expect(await described({ VISIBLE_ATTRIBUTES: 'id,line,total' })).toEqual({
      TableName: 'Orders',
      ItemCount: 1000,
      KeySchema: [ID, LINE],
      Indexes: [{ IndexName: 'byLine', KeySchema: [ID, LINE], Projection: 'ALL', ItemCount: 900 }],
    });
    expect(await described({ VISIBLE_ATTRIBUTES: 'state' })).toEqual({
      TableName: 'Orders',
      ItemCount: 1000,
      KeySchema: [],
      Indexes: [],
    });
  });

  it('uses the list of the described table', async () => {
    const lists = JSON.stringify({ Orders: ['id'], Users: ['line'], [ARN]: ['x'] });
    expect((await described({ VISIBLE_ATTRIBUTES: lists })).KeySchema).toEqual([ID]);
  });

  it('leaves out the numbers of items if some are hidden', async () => {
    const body = await described({ ITEM_FILTER: "state = 'public'" });
    expect(body).toMatchObject({ TableName: 'Orders', KeySchema: [ID, LINE] });
    expect(JSON.stringify(body)).not.toContain('ItemCount');
  });
});
