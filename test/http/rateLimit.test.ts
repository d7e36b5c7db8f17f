import request from 'supertest';
import { createApiKey } from '../../src/auth/apiKey';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));
const LIMIT = { RATE_LIMIT_PER_MINUTE: '2' };

describe('RATE_LIMIT_PER_MINUTE', () => {
  it('returns 429 after the limit, so that a web page can read when to retry', async () => {
    const { app } = testApp(REPOSITORY, LIMIT);
    for (const remaining of [1, 0]) {
      const response = await request(app).post('/scanRecords');
      expect(response.status).toBe(200);
      expect(response.get('RateLimit')).toMatch(new RegExp(`r=${remaining};`));
      expect(response.get('RateLimit-Policy')).toMatch(/q=2;.*w=60/);
    }
    const response = await request(app).post('/scanRecords').set('Origin', 'http://localhost:5173');
    expect(response.status).toBe(429);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toMatchObject({ code: 'TooManyRequests' });
    expect(Number(response.get('Retry-After'))).toBeGreaterThan(0);
    expect(response.get('Access-Control-Allow-Origin')).toBe('*');
    expect(response.get('Access-Control-Expose-Headers')).toMatch(/Retry-After.*RateLimit,RateLimit-Policy/);
  });

  it('does not count preflights and /healthz', async () => {
    const { app } = testApp(REPOSITORY, LIMIT);
    for (let count = 0; count < 5; count++) {
      expect((await request(app).options('/scanRecords')).status).toBe(200);
      expect((await request(app).get('/healthz')).status).toBe(200);
    }
    expect((await request(app).post('/scanRecords')).status).toBe(200);
  });

  it('counts each API key for itself', async () => {
    const [ann, bob] = [createApiKey(), createApiKey()];
    const { app } = testApp(REPOSITORY, {
      ...LIMIT,
      AUTH: 'key',
      API_KEYS: `ann:${ann.digest},bob:${bob.digest}`,
    });
    const statusOf = async (key: string) =>
      (await request(app).post('/scanRecords').set('X-Api-Key', key)).status;
    expect([await statusOf(ann.key), await statusOf(ann.key), await statusOf(ann.key)]).toEqual([
      200, 200, 429,
    ]);
    expect(await statusOf(bob.key)).toBe(200);
  });

  it.each([
    ['ignores X-Forwarded-For without TRUST_PROXY', {}, [200, 200, 429]],
    ['reads the address from X-Forwarded-For with TRUST_PROXY=1', { TRUST_PROXY: '1' }, [200, 200, 200]],
  ])('%s', async (_what, environment, expected) => {
    const { app } = testApp(REPOSITORY, { ...LIMIT, ...environment });
    const statuses: number[] = [];
    for (const address of ['203.0.113.1', '203.0.113.2', '203.0.113.3']) {
      const response = await request(app).post('/scanRecords').set('X-Forwarded-For', `10.0.0.1, ${address}`);
      statuses.push(response.status);
    }
    expect(statuses).toEqual(expected);
  });

  it.each(['203.0.113.1:', '[2001:db8::1]:'])('ignores the port that a proxy adds to %s', async (address) => {
    const { app } = testApp(REPOSITORY, { ...LIMIT, TRUST_PROXY: '1' });
    const statuses: number[] = [];
    for (const port of [1, 2, 3]) {
      const response = await request(app).post('/scanRecords').set('X-Forwarded-For', `${address}${port}`);
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 200, 429]);
  });

  it('counts the addresses of one IPv6 network together', async () => {
    const { app } = testApp(REPOSITORY, { ...LIMIT, TRUST_PROXY: '1' });
    const statuses: number[] = [];
    for (const address of ['2001:db8:1:1::1', '2001:db8:1:2::1', '2001:db8:1:3::9', '2001:db8:2::1']) {
      const response = await request(app).post('/scanRecords').set('X-Forwarded-For', address);
      statuses.push(response.status);
    }
    expect(statuses).toEqual([200, 200, 429, 200]);
  });
});
