/** Tests the web page at `/` and its configuration over a real port. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decide } from 'cors-policy';
import express, { type Express, type RequestHandler } from 'express';
import request from 'supertest';
import { createApiKey } from '../../src/auth/apiKey';
import { packageVersion } from '../../src/cli/version';
import { parseConfig, type Environment } from '../../src/config/config';
import { problemHandler } from '../../src/http/problem';
import type { ConsoleSettings } from '../../src/webConsole/settings';
import { consoleRoutes } from '../../src/webConsole/routes';
import { pageOf, repositoryOf, serve, testApp } from '../helpers/servedApp';

const CONFIG_PATH = '/console/config.json';
const HTML = '<!doctype html><script type="module" src="/assets/main-1a2b.js"></script>';
const SCRIPT = `export const items = ${JSON.stringify(Array(500).fill('item'))};`;

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  await mkdir(join(folder, 'page/assets'), { recursive: true });
  await writeFile(join(folder, 'page/index.html'), HTML);
  await writeFile(join(folder, 'page/icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'page/.hidden.txt'), 'secret');
  await writeFile(join(folder, 'page/assets/main-1a2b.js'), SCRIPT);
  await writeFile(join(folder, 'secret.txt'), 'secret');
});

afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** The console's routes alone, with the page of this test. */
function pageApp(environment: Environment = {}, page: string | undefined = join(folder, 'page')): Express {
  const app = express();
  app.disable('etag');
  const config = parseConfig(environment);
  app.use(
    consoleRoutes({ ...config, version: () => '1.2.3', authentication: undefined, folder: () => page }),
    anotherRoute,
    problemHandler(() => undefined),
  );
  return app;
}

const anotherRoute: RequestHandler = (_request, response) => {
  response.status(404).end('another route');
};

/** The whole app. */
function appWith(environment: Environment = {}): Express {
  return testApp(repositoryOf(pageOf('{"id":"a"}')), environment).app;
}

describe('the page', () => {
  let server: Awaited<ReturnType<typeof serve>>;

  beforeAll(async () => {
    server = await serve(pageApp());
  });

  afterAll(() => server.close());

  function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
    return fetch(`${server.url}${path}`, { method, headers });
  }

  it.each([
    ['/', 'text/html; charset=utf-8', HTML],
    ['/index.html', 'text/html; charset=utf-8', HTML],
    ['/icon.svg', 'image/svg+xml', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['/assets/main-1a2b.js', 'text/javascript; charset=utf-8', SCRIPT],
  ])('is served at %s as %s', async (path, type, text) => {
    const response = await get(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Type')).toBe(type);
    expect(await response.text()).toBe(text);
  });

  it('can run only its own scripts, connect only to this server, and be in no frame', async () => {
    const { headers } = await get('/');
    const policy = (headers.get('Content-Security-Policy') ?? '').split(';');
    expect(policy).toEqual(
      expect.arrayContaining([
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
      ]),
    );
    expect(policy.join()).not.toContain('unsafe');
    expect(Object.fromEntries(headers)).toMatchObject({
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
      'cross-origin-opener-policy': 'same-origin',
    });
  });

  it('is validated by its ETag, and its assets are kept', async () => {
    const page = await get('/');
    expect(page.headers.get('Cache-Control')).toBe('no-cache');
    const asset = await get('/assets/main-1a2b.js');
    expect(asset.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    const etag = page.headers.get('ETag') ?? '';
    expect(etag).not.toBe(asset.headers.get('ETag'));
    // Unlike fetch, supertest does not add Cache-Control: no-cache.
    const again = await request(pageApp()).get('/').set('If-None-Match', etag);
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it('gets another ETag with another content of the same length', async () => {
    const etag = (await get('/')).headers.get('ETag') ?? '';
    await writeFile(join(folder, 'page/index.html'), HTML.replace('1a2b', '3c4d'));
    const changed = await request(pageApp()).get('/').set('If-None-Match', etag);
    await writeFile(join(folder, 'page/index.html'), HTML);
    expect(changed.status).toBe(200);
    expect(changed.text).toContain('3c4d');
  });

  it('is compressed for clients that accept it', async () => {
    const compressed = await get('/assets/main-1a2b.js', { 'Accept-Encoding': 'gzip' });
    expect(compressed.headers.get('Content-Encoding')).toBe('gzip');
    expect(compressed.headers.get('Vary')).toBe('Accept-Encoding');
    expect(await compressed.text()).toBe(SCRIPT);
    const plain = await request(pageApp({ COMPRESSION: 'off' })).get('/assets/main-1a2b.js');
    expect(plain.headers).not.toHaveProperty('content-encoding');
  });

  it('has the same headers for HEAD, without a body', async () => {
    const response = await get('/', {}, 'HEAD');
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Length')).toBe(String(HTML.length));
    expect(await response.text()).toBe('');
  });

  it.each([
    '/assets/missing.js',
    '/assets/',
    '/assets',
    '/page',
    '/.hidden.txt',
    '/assets/../../secret.txt',
    '/..%2fsecret.txt',
    '/%2e%2e/secret.txt',
    '/assets/..%5c..%5csecret.txt',
    '//secret.txt',
    '/openapi.json',
  ])('leaves %s to the other routes', async (path) => {
    // supertest sends the path as it is.
    const response = await request(pageApp()).get(path);
    expect([response.status, response.text]).toEqual([404, 'another route']);
    expect(response.headers).not.toHaveProperty('content-security-policy');
  });

  it.each(['post', 'put', 'delete', 'options'] as const)('leaves %s to the other routes', async (method) => {
    const response = await request(pageApp())[method]('/');
    expect(response.text).toBe('another route');
  });

  it('is not served under a host name that another site may own', async () => {
    const response = await request(pageApp()).get('/').set('Host', 'rebound.example');
    expect(response.status).toBe(403);
    expect(response.text).not.toContain('script');
  });

  it('opens from a link of any site', async () => {
    const headers = { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-User': '?1' };
    expect((await get('/', headers)).status).toBe(200);
  });

  it('says how to build it if it is not built', async () => {
    const notBuilt = express().use(
      consoleRoutes({
        ...parseConfig({}),
        version: () => '1',
        authentication: undefined,
        folder: () => undefined,
      }),
      problemHandler(() => undefined),
    );
    const { status, text } = await request(notBuilt).get('/');
    expect(status).toBe(404);
    expect(text).toContain('npm run build');
  });
});

describe('GET /console/config.json', () => {
  const SETTINGS = {
    TABLE_NAME: 'Orders',
    ALLOWED_TABLES: 'Users',
    CORS_ALLOW_ORIGINS: 'https://app.example.com,http://localhost:*',
  };

  async function settingsOf(environment: Environment): Promise<ConsoleSettings> {
    const { text } = await request(appWith(environment)).get(CONFIG_PATH).expect(200);
    return JSON.parse(text) as ConsoleSettings;
  }

  it('describes the server for the page', async () => {
    const server = await serve(appWith(SETTINGS));
    const response = await fetch(`${server.url}${CONFIG_PATH}`);
    expect(response.headers.get('Cache-Control')).toBe('no-store');
    expect(await response.json()).toEqual({
      version: packageVersion(),
      tables: ['Orders', 'Users'],
      defaultTable: 'Orders',
      auth: 'none',
      cors: {
        policy: parseConfig(SETTINGS).cors,
        settings: {
          origins: 'CORS_ALLOW_ORIGINS',
          allowHeaders: 'CORS_ALLOW_HEADERS',
          exposeHeaders: 'CORS_EXPOSE_HEADERS',
          credentials: 'CORS_ALLOW_CREDENTIALS',
          maxAge: 'CORS_MAX_AGE',
        },
      },
    });
    await server.close();
  });

  it('contains the policy as data that decide accepts', async () => {
    const { policy } = (await settingsOf(SETTINGS)).cors;
    const scan = { method: 'POST', requestMethod: undefined, requestHeaders: undefined };
    const decisionFor = (origin: string) => decide(policy, { ...scan, origin }).name;
    expect(decisionFor('https://app.example.com')).toBe('Allowed');
    expect(decisionFor('http://localhost:5173')).toBe('Allowed');
    expect(decisionFor('https://other.example')).toBe('OriginNotAllowed');
  });

  it('names the visible attributes', async () => {
    const { visibleAttributes } = await settingsOf({ ...SETTINGS, VISIBLE_ATTRIBUTES: 'id,total' });
    const visible = ['id', 'total'];
    expect(visibleAttributes).toEqual({ Orders: visible, Users: visible });
  });

  it('contains no secret', async () => {
    const { key, digest } = createApiKey();
    const secrets = {
      API_KEYS: `front-end:${digest}`,
      TOKEN_SECRET: 'a secret of more than 32 characters',
      ITEM_FILTER: 'owner = $claims.sub',
      DYNAMODB: 'http://dynamodb.internal:8000',
    };
    const response = await request(appWith({ AUTH: 'key', ...secrets }))
      .get(CONFIG_PATH)
      .set('X-Api-Key', key);
    expect(response.body).toMatchObject({ auth: 'key' });
    for (const secret of [digest, 'front-end', 'secret', 'owner', 'internal']) {
      expect(response.text).not.toContain(secret);
    }
  });

  it('needs the credentials that the API needs', async () => {
    const app = appWith({ AUTH: 'key', API_KEYS: `a:${'0'.repeat(64)}` });
    const response = await request(app).get(CONFIG_PATH);
    expect(response.status).toBe(401);
    expect(response.get('WWW-Authenticate')).toContain('X-Api-Key');
    expect(response.text).not.toContain('RecordsTable');
  });

  it.each(['cross-site', 'same-site', 'none', 'same-origin, cross-site', ''])(
    'returns 403 if Sec-Fetch-Site is "%s"',
    async (site) => {
      const response = await request(appWith()).get(CONFIG_PATH).set('Sec-Fetch-Site', site);
      expect(response.status).toBe(403);
      expect(response.body).toMatchObject({ code: 'CrossOriginRead' });
    },
  );

  it('is served to the page itself', async () => {
    const response = await request(appWith()).get(CONFIG_PATH).set('Sec-Fetch-Site', 'same-origin');
    expect(response.status).toBe(200);
  });

  it('cannot be read by another origin, even if every origin may read items', async () => {
    const app = appWith({ CORS_ALLOW_ORIGINS: '*' });
    for (const path of [CONFIG_PATH, '/']) {
      const response = await request(app).get(path).set('Origin', 'http://localhost:5173');
      expect(Object.keys(response.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    }
  });

  it('is not served under a host name that another site may own', async () => {
    const response = await request(appWith()).get(CONFIG_PATH).set('Host', 'rebound.example');
    expect(response.body).toMatchObject({ status: 403, code: 'HostNotAllowed' });
  });
});

describe('the requests of the page', () => {
  const LIST = { CORS_ALLOW_ORIGINS: 'https://app.example.com' };

  it.each([
    ['POST', '/scanRecords'],
    ['GET', '/tables/RecordsTable'],
  ])('are served with %s %s if the CORS policy does not list the server itself', async (method, path) => {
    const { app, log } = testApp(repositoryOf(pageOf('{"id":"a"}')), LIST);
    const agent = request(app);
    const response = await (method === 'POST' ? agent.post(path) : agent.get(path)).set({
      Origin: 'http://localhost:3000',
      'Sec-Fetch-Site': 'same-origin',
    });
    expect(response.status).toBe(200);
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    expect(log.map(({ msg }) => msg)).toEqual([`${method} ${path} 200`]);
  });

  it.each(['same-site', 'cross-site', 'none'])('are not those of another page: %s', async (site) => {
    const { app } = testApp(repositoryOf(pageOf('{"id":"a"}')), LIST);
    const response = await request(app)
      .post('/scanRecords')
      .set({ Origin: 'http://localhost:3000', 'Sec-Fetch-Site': site });
    expect(response.status).toBe(403);
    expect(response.body).toMatchObject({ code: 'OriginNotAllowed' });
  });
});

describe('a server without the console', () => {
  it.each(['/', CONFIG_PATH])('returns 404 for GET %s', async (path) => {
    const response = await request(appWith({ CONSOLE: 'off' })).get(path);
    expect(response.status).toBe(404);
    expect(response.body).toMatchObject({ code: 'NotFound' });
    expect(response.get('Content-Security-Policy')).toBe("default-src 'none';frame-ancestors 'none'");
  });
});
