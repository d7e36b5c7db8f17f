import request from 'supertest';
import { DynamodbError } from '../src/dynamodb/dynamodbError';
import type { Repository } from '../src/dynamodb/repository';
import { ACTIVE, pageOf, repositoryOf, testApp, type TestApp } from './helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));

describe('createApp', () => {
  it.each([
    ['PUT', '/scanRecords', 'GET, HEAD, OPTIONS, POST'],
    ['DELETE', '/scanRecords', 'GET, HEAD, OPTIONS, POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/readyz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('responds to %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const response = await send(testApp(REPOSITORY), method, path);
    expect(response.status).toBe(405);
    expect(response.get('Allow')).toBe(allow);
    expect(response.body).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
  });

  it.each(['/', '/scanrecords', '/scanRecords/', '/scanRecords/x', '/%', '/%ff', '//scanRecords'])(
    'responds to POST %s with 404, as strictly as API Gateway',
    async (path) => {
      const response = await send(testApp(REPOSITORY), 'POST', path);
      expect(response.status).toBe(404);
      expect(response.type).toBe('application/problem+json');
    },
  );

  it('sets security headers and does not name its framework', async () => {
    const { headers } = await send(testApp(REPOSITORY), 'GET', '/healthz');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).toMatchObject({
      'content-security-policy': "default-src 'none';frame-ancestors 'none'",
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'cross-origin',
    });
  });
});

describe('a request', () => {
  it('has the same id in the response and in the log', async () => {
    const test = testApp(REPOSITORY);
    const response = await send(test, 'POST', '/scanRecords');
    expect(response.get('X-Request-Id')).toMatch(/^[\da-f-]{36}$/);
    expect(test.log).toHaveLength(1);
    expect(test.log[0]).toMatchObject({
      requestId: response.get('X-Request-Id'),
      method: 'POST',
      path: '/scanRecords',
      status: 200,
      milliseconds: expect.any(Number) as number,
      msg: 'POST /scanRecords 200',
    });
  });

  it('keeps the id from a proxy', async () => {
    const response = await send(testApp(REPOSITORY), 'GET', '/healthz', { 'X-Request-Id': 'Root-1.5_a' });
    expect(response.get('X-Request-Id')).toBe('Root-1.5_a');
  });

  it.each(['a b', '<script>', '"', 'x'.repeat(65), ''])('does not keep the unsafe id %j', async (id) => {
    const response = await send(testApp(REPOSITORY), 'GET', '/healthz', { 'X-Request-Id': id });
    expect(response.get('X-Request-Id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('does not appear in the log with its headers, query or body', async () => {
    const test = testApp(REPOSITORY);
    await request(test.app)
      .post('/scanRecords?token=secret')
      .set({ Authorization: 'secret', Cookie: 'secret', 'X-Api-Key': 'secret' })
      .send({ TableName: 'secret' });
    expect(JSON.stringify(test.log)).not.toContain('secret');
  });
});

describe('GET /healthz', () => {
  it('reports that the process is alive without a request to DynamoDB', async () => {
    const response = await send(testApp(unreachableRepository()), 'GET', '/healthz');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'alive' });
  });
});

describe('GET /readyz', () => {
  it('reports that the table can be read', async () => {
    const response = await send(testApp(REPOSITORY), 'GET', '/readyz');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'ready' });
  });

  it('returns 503 while the table is being created', async () => {
    const describe = () => Promise.resolve({ ...ACTIVE, status: 'CREATING' });
    const response = await send(testApp({ ...REPOSITORY, describe }), 'GET', '/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'TableNotActive' });
  });

  it('shares one DescribeTable between checks at the same time, and for a second after it', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
    try {
      let requests = 0;
      const describe = () => {
        requests++;
        return Promise.resolve(ACTIVE);
      };
      const test = testApp({ ...REPOSITORY, describe });
      await Promise.all([1, 2, 3].map(() => send(test, 'GET', '/readyz')));
      await send(test, 'GET', '/readyz');
      expect(requests).toBe(1);
      jest.advanceTimersByTime(1001);
      await send(test, 'GET', '/readyz');
      expect(requests).toBe(2);
    } finally {
      jest.useRealTimers();
    }
  });

  it('returns an error when DynamoDB is unreachable', async () => {
    const response = await send(testApp(unreachableRepository()), 'GET', '/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'DynamoDBUnreachable' });
  });
});

function send({ app }: TestApp, method: string, path: string, headers: Record<string, string> = {}) {
  const name = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
  return request(app)[name](path).set(headers);
}

function unreachableRepository(): Repository {
  const error = new DynamodbError('ConnectionError', new Error('connect ECONNREFUSED'));
  return { ...REPOSITORY, describe: () => Promise.reject(error) };
}
