import request from 'supertest';
import type { Repository } from '../src/dynamodb/repository';
import { ACTIVE, pageOf, repositoryOf, testApp, type TestApp } from './helpers/servedApp';

const RECORDS = repositoryOf(pageOf('{"id":"a"}'));

describe('the app', () => {
  test.each([
    ['GET', '/scanRecords', 'OPTIONS, POST'],
    ['PUT', '/scanRecords', 'OPTIONS, POST'],
    ['DELETE', '/scanRecords', 'OPTIONS, POST'],
    ['POST', '/healthz', 'GET, HEAD'],
    ['POST', '/readyz', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
  ])('answers %s %s with 405 and Allow: %s', async (method, path, allow) => {
    const response = await send(testApp(RECORDS), method, path);
    expect(response.status).toBe(405);
    expect(response.get('Allow')).toBe(allow);
    expect(response.body).toMatchObject({ status: 405, code: 'MethodNotAllowed' });
  });

  test.each(['/', '/scanrecords', '/scanRecords/', '/scanRecords/x', '/%', '/%ff', '//scanRecords'])(
    'answers POST %s with 404, as strictly as API Gateway',
    async (path) => {
      const response = await send(testApp(RECORDS), 'POST', path);
      expect(response.status).toBe(404);
      expect(response.type).toBe('application/problem+json');
    },
  );

  it('does not say what it is made of, and says what a browser needs to be safe', async () => {
    const { headers } = await send(testApp(RECORDS), 'GET', '/healthz');
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
  it('has an id that the answer and the log share', async () => {
    const test = testApp(RECORDS);
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

  it('keeps the id that a proxy gave it', async () => {
    const response = await send(testApp(RECORDS), 'GET', '/healthz', { 'X-Request-Id': 'Root-1.5_a' });
    expect(response.get('X-Request-Id')).toBe('Root-1.5_a');
  });

  test.each(['a b', '<script>', '"', 'x'.repeat(65), ''])('does not keep %j for an id', async (id) => {
    const response = await send(testApp(RECORDS), 'GET', '/healthz', { 'X-Request-Id': id });
    expect(response.get('X-Request-Id')).toMatch(/^[\da-f-]{36}$/);
  });

  it('leaves no header, query or body of its own in the log', async () => {
    const test = testApp(RECORDS);
    await request(test.app)
      .post('/scanRecords?token=secret')
      .set({ Authorization: 'secret', Cookie: 'secret', 'X-Api-Key': 'secret' })
      .send({ TableName: 'secret' });
    expect(JSON.stringify(test.log)).not.toContain('secret');
  });
});

describe('GET /healthz', () => {
  it('says that the process is alive, without asking DynamoDB', async () => {
    const response = await send(testApp(broken()), 'GET', '/healthz');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'alive' });
  });
});

describe('GET /readyz', () => {
  it('says that the table answers', async () => {
    const response = await send(testApp(RECORDS), 'GET', '/readyz');
    expect(response.status).toBe(200);
    expect(response.body).toEqual({ status: 'ready' });
  });

  it('is 503 while the table is being made', async () => {
    const describe = () => Promise.resolve({ ...ACTIVE, status: 'CREATING' });
    const response = await send(testApp({ ...RECORDS, describe }), 'GET', '/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'TableNotActive' });
  });

  it('is an error when the table does not answer', async () => {
    const response = await send(testApp(broken()), 'GET', '/readyz');
    expect(response.status).toBe(503);
    expect(response.body).toMatchObject({ code: 'DynamoDBUnreachable' });
  });
});

function send({ app }: TestApp, method: string, path: string, headers: Record<string, string> = {}) {
  const name = method.toLowerCase() as 'get' | 'post' | 'put' | 'delete';
  return request(app)[name](path).set(headers);
}

function broken(): Repository {
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  return { ...RECORDS, describe: () => Promise.reject(refused) };
}
