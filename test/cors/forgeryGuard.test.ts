/** Tests which GET requests are served, before any read. */
import request from 'supertest';
import type { Environment } from '../../src/config/config';
import type { Repository } from '../../src/dynamodb/repository';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

const LISTED = 'https://app.example.com';
const CHROME =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

let reads: number;

function appWith(environment: Environment = { CORS_ALLOW_ORIGINS: LISTED }) {
  reads = 0;
  const pages = repositoryOf(pageOf('{"id":"a"}'));
  const repository: Repository = {
    ...pages,
    scanPage: (...parameters) => {
      reads++;
      return pages.scanPage(...parameters);
    },
  };
  return testApp(repository, environment).app;
}

type Headers = Record<string, string>;

const NAVIGATION = { 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' };
const CLICK = { ...NAVIGATION, 'Sec-Fetch-User': '?1' };
const IMAGE = { 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'image' };
const FETCH = { 'Sec-Fetch-Mode': 'cors', 'Sec-Fetch-Dest': 'empty' };

describe('GET /scanRecords', () => {
  it.each<[who: string, headers: Headers]>([
    ['a program without a User-Agent', {}],
    ['curl', { 'User-Agent': 'curl/8.5.0' }],
    ['pandas', { 'User-Agent': 'Python-urllib/3.12' }],
    [
      'Power Query',
      { 'User-Agent': 'Microsoft.Data.Mashup (https://go.microsoft.com/fwlink/?LinkID=304225)' },
    ],
    ['a URL that the user typed', { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'none', ...CLICK }],
    ['a bookmark', { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'none', ...NAVIGATION }],
    [
      'a link on another site that the user follows',
      { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'cross-site', ...CLICK },
    ],
    [
      'a link on another port that the user follows',
      { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'same-site', ...CLICK },
    ],
    [
      'an image of a page of this server',
      { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'same-origin', ...IMAGE },
    ],
    [
      'fetch of an allowed origin',
      { 'User-Agent': CHROME, 'Sec-Fetch-Site': 'cross-site', Origin: LISTED, ...FETCH },
    ],
    ['fetch of an allowed origin in an old browser', { 'User-Agent': CHROME, Origin: LISTED }],
  ])('serves %s', async (_who, headers) => {
    const response = await request(appWith()).get('/scanRecords').set(headers);
    expect(response.status).toBe(200);
    expect(response.body).toMatchObject({ Items: [{ id: 'a' }], Count: 1 });
  });

  it.each<[who: string, headers: Headers]>([
    ['an image on another site', { 'Sec-Fetch-Site': 'cross-site', ...IMAGE }],
    ['an image on another port', { 'Sec-Fetch-Site': 'same-site', ...IMAGE }],
    ['a frame that the user opens', { 'Sec-Fetch-Site': 'cross-site', ...CLICK, 'Sec-Fetch-Dest': 'iframe' }],
    ['a navigation without the user', { 'Sec-Fetch-Site': 'cross-site', ...NAVIGATION }],
    [
      'an image with the mark of the user',
      { 'Sec-Fetch-Site': 'cross-site', ...IMAGE, 'Sec-Fetch-User': '?1' },
    ],
    [
      'a navigation with an unknown mark',
      { 'Sec-Fetch-Site': 'cross-site', ...NAVIGATION, 'Sec-Fetch-User': '?0' },
    ],
    ['an unknown site', { 'Sec-Fetch-Site': 'neighbor', ...IMAGE }],
    ['several sites', { 'Sec-Fetch-Site': 'none, cross-site', ...IMAGE }],
    ['a browser that does not say where the request comes from', { 'User-Agent': CHROME }],
  ])('rejects %s without a read', async (_who, headers) => {
    const response = await request(appWith())
      .get('/scanRecords')
      .set({ 'User-Agent': CHROME, ...headers });
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ code: 'CrossOriginRead' });
    expect(reads).toBe(0);
  });

  it('rejects fetch of an origin that is not allowed, as POST does', async () => {
    const response = await request(appWith()).get('/scanRecords').set('Origin', 'https://evil.example');
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ code: 'OriginNotAllowed' });
    expect(reads).toBe(0);
  });

  it('rejects requests without CORS even if every origin is allowed, because they are never useful', async () => {
    const app = appWith({ CORS_ALLOW_ORIGINS: '*' });
    const response = await request(app)
      .get('/scanRecords')
      .set({ 'Sec-Fetch-Site': 'cross-site', ...IMAGE });
    expect(response.status).toBe(403);
    expect(reads).toBe(0);
  });

  it('is checked before credentials and before the rate limit, which another site could use up', async () => {
    const app = appWith({ AUTH: 'key', API_KEYS: `a:${'0'.repeat(64)}`, RATE_LIMIT_PER_MINUTE: '1' });
    for (let attempt = 0; attempt < 3; attempt++) {
      const response = await request(app)
        .get('/scanRecords')
        .set({ 'Sec-Fetch-Site': 'cross-site', ...IMAGE });
      expect(response.body).toMatchObject({ code: 'CrossOriginRead' });
    }
    expect((await request(app).get('/scanRecords')).status).toBe(401);
  });

  it('does not accept credentials in the query string', async () => {
    const app = appWith({ AUTH: 'key', API_KEYS: `a:${'0'.repeat(64)}` });
    const response = await request(app).get('/scanRecords?X-Api-Key=secret&access_token=secret');
    expect(response.status).toBe(401);
    expect(reads).toBe(0);
  });
});

describe('other requests', () => {
  it.each(['/healthz', '/readyz', '/openapi.json'])('GET %s is served from any site', async (path) => {
    const response = await request(appWith())
      .get(path)
      .set({ 'Sec-Fetch-Site': 'cross-site', ...IMAGE });
    expect(response.status).toBe(200);
  });

  it('HEAD is checked like GET', async () => {
    const response = await request(appWith())
      .head('/scanRecords')
      .set({ 'Sec-Fetch-Site': 'cross-site', ...IMAGE });
    expect(response.status).toBe(403);
  });
});
