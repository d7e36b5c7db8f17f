import request from 'supertest';
import { createApiKey } from '../../src/auth/apiKey';
import type { Repository } from '../../src/dynamodb/repository';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));
const ANN = createApiKey();
const ANN_NEXT = createApiKey();
const BOB = createApiKey();
const ENVIRONMENT = {
  AUTH: 'key',
  API_KEYS: `ann:${ANN.digest}, ann:${ANN_NEXT.digest}, bob:${BOB.digest}`,
};

/** A repository that fails the test if it is used. */
const UNUSED: Repository = {
  ...REPOSITORY,
  scanPage: () => Promise.reject(new Error('scanPage was called')),
  describe: () => Promise.reject(new Error('describe was called')),
};

describe('AUTH=key', () => {
  it.each([
    ['ann', ANN.key],
    ['ann', ANN_NEXT.key],
    ['bob', BOB.key],
  ])('accepts every key of %s, and logs the name but not the key', async (name, key) => {
    const { app, log } = testApp(REPOSITORY, ENVIRONMENT);
    const response = await request(app).post('/scanRecords').set('X-Api-Key', key);
    expect(response.status).toBe(200);
    expect(log).toHaveLength(1);
    expect(log[0]).toMatchObject({ client: name });
    expect(JSON.stringify(log)).not.toContain(key);
  });

  it('rejects a request without a key, so that a web page can read why', async () => {
    const { app } = testApp(UNUSED, ENVIRONMENT);
    const response = await request(app).post('/scanRecords').set('Origin', 'http://localhost:5173');
    expect(response.status).toBe(401);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ code: 'MissingCredentials' });
    expect(response.get('WWW-Authenticate')).toBe('ApiKey header="X-Api-Key"');
    expect(response.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.get('Access-Control-Expose-Headers')).toContain('WWW-Authenticate');
  });

  it.each<[what: string, key: string]>([
    ['an unknown key', createApiKey().key],
    ['the digest of a key', ANN.digest],
    ['a key in another case', ANN.key.toUpperCase()],
    ['the beginning of a key', ANN.key.slice(0, -1)],
    ['two keys', `${ANN.key}, ${BOB.key}`],
  ])('rejects %s', async (_what, key) => {
    const { app, log } = testApp(UNUSED, ENVIRONMENT);
    const response = await request(app).post('/scanRecords').set('X-Api-Key', key);
    expect(response.body).toMatchObject({ status: 401, code: 'InvalidCredentials' });
    expect(JSON.stringify([response.body, log])).not.toContain(key);
  });

  it('rejects the request before its body is read', async () => {
    const { app } = testApp(UNUSED, ENVIRONMENT);
    const response = await request(app).post('/scanRecords').send('x'.repeat(1_000_000));
    expect(response.status).toBe(401);
  });

  it.each(['/scanRecords', '/readyz', '/openapi.json', '/nothing'])(
    'responds to a preflight of %s with 200 without a key',
    async (path) => {
      const { app } = testApp(UNUSED, ENVIRONMENT);
      const response = await request(app).options(path).set({
        Origin: 'http://localhost:5173',
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'x-api-key',
      });
      expect(response.status).toBe(200);
      expect(response.get('Access-Control-Allow-Headers')).toContain('X-Api-Key');
    },
  );

  it.each([
    ['/healthz', 200],
    ['/readyz', 401],
    ['/openapi.json', 401],
    ['/nothing', 401],
  ])('responds to GET %s without a key with %i', async (path, status) => {
    const { app } = testApp(UNUSED, ENVIRONMENT);
    expect((await request(app).get(path)).status).toBe(status);
  });
});

describe('createApiKey', () => {
  it('creates a new key of 256 bits each time', () => {
    expect(createApiKey().key).not.toBe(createApiKey().key);
    expect(Buffer.from(createApiKey().key, 'base64url')).toHaveLength(32);
  });
});
