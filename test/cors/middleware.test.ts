import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import express, { type Express } from 'express';
import request, { type Response, type Test } from 'supertest';
import { parseConfig, type Environment } from '../../src/config/config';
import { corsHeaders } from '../../src/cors/middleware';
import { BODY_LIMIT } from '../../src/scan/routes';
import { DynamodbError } from '../../src/dynamodb/dynamodbError';
import type { Repository } from '../../src/dynamodb/repository';
import { ACTIVE, pageOf, repositoryOf, testApp, type TestApp } from '../helpers/servedApp';

const ORIGIN = 'https://app.example.com';
const UNLISTED = 'https://evil.example';
const LIST: Environment = { CORS_ALLOW_ORIGINS: `http://localhost:5173,${ORIGIN}` };
const PREFLIGHT = { 'Access-Control-Request-Method': 'POST' };
const REPOSITORY = repositoryOf(pageOf('{"id":"a"}'));

type Agent = ReturnType<typeof request>;

/** A repository that records each call, and fails. */
function watchedRepository(): { repository: Repository; calls: string[] } {
  const calls: string[] = [];
  const watched = (name: string) => () => {
    calls.push(name);
    throw new Error(`${name} was called`);
  };
  const repository = {
    scanPage: watched('scanPage'),
    describe: watched('describe'),
    close: watched('close'),
  };
  return { repository, calls };
}

/** A repository whose scans fail with DynamoDB's exception of this name, or with a programming error. */
function failingRepository(name: string): Repository {
  const cause = new Error('the scan failed');
  const error = name === 'SomethingUnexpected' ? cause : new DynamodbError(name, cause);
  return {
    ...REPOSITORY,
    scanPage: () => Promise.reject(error),
  };
}

/** Sends the headers that are defined. */
function send(test: Test, headers: Readonly<Record<string, string | undefined>>): Test {
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) void test.set(name, value);
  return test;
}

function preflight(app: Express, origin?: string, url = '/scanRecords'): Test {
  return send(request(app).options(url), { ...PREFLIGHT, Origin: origin });
}

function varyOf(response: Response): string[] {
  return (response.get('Vary') ?? '').split(/, */).filter((name) => name !== '');
}

/** C1 controls are visible in the log. */
function escapeC1(text: string): string {
  return text.replace(/[\x80-\x9f]/g, (unit) => `\\u00${unit.charCodeAt(0).toString(16)}`);
}

function blockedIn(log: TestApp['log']) {
  return log.filter(({ decision }) => decision !== undefined);
}

describe('OPTIONS /scanRecords', () => {
  it('returns 200 with the headers of the default policy to a browser', async () => {
    const response = await send(preflight(testApp(REPOSITORY).app, ORIGIN), {
      'Access-Control-Request-Headers': 'content-type,x-api-key',
    });
    expect(response.status).toBe(200);
    expect(response.text).toBe('');
    expect(response.headers).toMatchObject({
      'content-length': '0',
      allow: 'GET, HEAD, OPTIONS, POST',
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST,OPTIONS',
      'access-control-allow-headers': 'Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token',
      'access-control-max-age': '7200',
    });
    expect(response.headers).not.toHaveProperty('access-control-allow-credentials');
    expect(varyOf(response)).not.toContain('Origin');
  });

  it.each<[string, Environment, Readonly<Record<string, string>>, Readonly<Record<string, string>>]>([
    ['no preflight headers', {}, {}, { 'access-control-allow-origin': '*' }],
    ['no Access-Control-Request-Method', LIST, { Origin: ORIGIN }, { 'access-control-allow-origin': ORIGIN }],
    [
      'a listed origin and credentials',
      { ...LIST, CORS_ALLOW_CREDENTIALS: 'true' },
      { ...PREFLIGHT, Origin: ORIGIN },
      { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    ],
    [
      'a subdomain of a pattern and credentials',
      { CORS_ALLOW_ORIGINS: 'https://*.example.com', CORS_ALLOW_CREDENTIALS: 'true' },
      { ...PREFLIGHT, Origin: ORIGIN },
      { 'access-control-allow-origin': ORIGIN, 'access-control-allow-credentials': 'true', vary: 'Origin' },
    ],
    [
      'configured headers and max age',
      { CORS_ALLOW_HEADERS: 'Content-Type, X-Mine', CORS_MAX_AGE: '0' },
      { ...PREFLIGHT, Origin: ORIGIN },
      { 'access-control-allow-headers': 'Content-Type,X-Mine', 'access-control-max-age': '0' },
    ],
    [
      'a method that is not allowed',
      LIST,
      { 'Access-Control-Request-Method': 'DELETE', Origin: ORIGIN },
      { 'access-control-allow-origin': ORIGIN, 'access-control-allow-methods': 'POST,OPTIONS' },
    ],
  ])('returns the same empty 200 with %s', async (_what, environment, headers, expected) => {
    const response = await send(
      request(testApp(REPOSITORY, environment).app).options('/scanRecords'),
      headers,
    );
    expect(response.status).toBe(200);
    expect(response.text).toBe('');
    expect(response.headers).toMatchObject({
      'content-length': '0',
      allow: 'GET, HEAD, OPTIONS, POST',
      ...expected,
    });
  });

  it.each([UNLISTED, 'null', 'https://app.example.com.evil', `${ORIGIN}, ${ORIGIN}`])(
    'returns the same empty 200, but without access, to the unlisted origin %s',
    async (origin) => {
      const { app } = testApp(REPOSITORY, { ...LIST, CORS_ALLOW_CREDENTIALS: 'true' });
      const response = await preflight(app, origin);
      expect(response.status).toBe(200);
      expect(response.text).toBe('');
      expect(response.headers).toMatchObject({
        'content-length': '0',
        allow: 'GET, HEAD, OPTIONS, POST',
        vary: 'Origin',
      });
      expect(response.headers).not.toHaveProperty('access-control-allow-origin');
      expect(response.headers).not.toHaveProperty('access-control-allow-credentials');
    },
  );
});

describe('a preflight', () => {
  const PATHS = ['/scanRecords', '/healthz', '/readyz', '/openapi.json', '/nowhere', '/scanRecords/', '/'];

  it.each(PATHS)(
    'gets 200 from %s without a repository call, for a listed and an unlisted origin',
    async (url) => {
      const { repository, calls } = watchedRepository();
      const { app } = testApp(repository, LIST);
      const allowed = await preflight(app, ORIGIN, url);
      const unlisted = await preflight(app, UNLISTED, url);
      expect([allowed.status, unlisted.status]).toEqual([200, 200]);
      expect(allowed.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
      expect(calls).toEqual([]);
    },
  );

  it.each(PATHS)('gets an empty body from %s', async (url) => {
    const response = await preflight(testApp(REPOSITORY).app, ORIGIN, url);
    expect(response.text).toBe('');
    expect(response.get('Content-Length')).toBe('0');
  });

  it('gets 200 when it requests GET from a path that only accepts GET', async () => {
    const response = await send(preflight(testApp(REPOSITORY, LIST).app, ORIGIN, '/openapi.json'), {
      'Access-Control-Request-Method': 'GET',
    });
    expect(response.status).toBe(200);
    expect(response.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
  });

  it.each([
    ['/nowhere', 404, undefined],
    ['/openapi.json', 405, 'GET, HEAD'],
    ['/healthz', 405, 'GET, HEAD'],
  ])('is not an OPTIONS request to %s without Access-Control-Request-Method', async (url, status, allow) => {
    const response = await request(testApp(REPOSITORY).app).options(url).set('Origin', ORIGIN);
    expect([response.status, response.get('Allow')]).toEqual([status, allow]);
  });
});

/** One request for each kind of response, and its status when the origin is allowed. */
interface ResponseKind {
  kind: string;
  status: number;
  repository?: Repository;
  ask: (agent: Agent) => Test;
}

const scan = (agent: Agent) => agent.post('/scanRecords');
const scanWith =
  (body: string, headers: Readonly<Record<string, string>> = {}) =>
  (agent: Agent) =>
    send(scan(agent), { 'Content-Type': 'application/json', ...headers }).send(body);

const KINDS: ResponseKind[] = [
  { kind: 'a scan', status: 200, ask: scan },
  { kind: 'health', status: 200, ask: (agent) => agent.get('/healthz') },
  { kind: 'readiness', status: 200, ask: (agent) => agent.get('/readyz') },
  { kind: 'the OpenAPI document', status: 200, ask: (agent) => agent.get('/openapi.json') },
  { kind: 'an OPTIONS request', status: 200, ask: (agent) => agent.options('/scanRecords') },
  { kind: 'a preflight', status: 200, ask: (agent) => send(agent.options('/scanRecords'), PREFLIGHT) },
  {
    kind: 'a preflight of an unknown path',
    status: 200,
    ask: (agent) => send(agent.options('/no'), PREFLIGHT),
  },
  { kind: 'a body that is not JSON', status: 400, ask: scanWith('{') },
  { kind: 'an unknown parameter', status: 400, ask: scanWith('{"Table":"T"}') },
  { kind: 'a table that is not allowed', status: 403, ask: scanWith('{"TableName":"Other"}') },
  { kind: 'an unknown path', status: 404, ask: (agent) => agent.get('/nowhere') },
  { kind: 'a path in another case', status: 404, ask: (agent) => agent.post('/scanrecords') },
  { kind: 'an unsupported method on /scanRecords', status: 405, ask: (agent) => agent.put('/scanRecords') },
  { kind: 'an unsupported method on /healthz', status: 405, ask: (agent) => agent.post('/healthz') },
  { kind: 'a body that is too large', status: 413, ask: scanWith(' '.repeat(BODY_LIMIT + 1)) },
  { kind: 'an unsupported media type', status: 415, ask: scanWith('{}', { 'Content-Type': 'text/plain' }) },
  {
    kind: 'an unsupported content coding',
    status: 415,
    ask: scanWith('{}', { 'Content-Encoding': 'zstd9' }),
  },
  ...Object.entries({
    ValidationException: 400,
    ResourceNotFoundException: 404,
    ThrottlingException: 429,
    SomethingUnexpected: 500,
    AccessDeniedException: 502,
    ServiceUnavailable: 503,
    TimeoutError: 504,
  }).map(([name, status]) => ({ kind: name, status, repository: failingRepository(name), ask: scan })),
  {
    kind: 'a table that is being created',
    status: 503,
    repository: {
      ...REPOSITORY,
      describe: () => Promise.resolve({ ...ACTIVE, status: 'CREATING' }),
    },
    ask: (agent) => agent.get('/readyz'),
  },
];

describe.each(KINDS)('the response $status to $kind', ({ status, repository = REPOSITORY, ask }) => {
  async function respond(environment: Environment, origin?: string): Promise<Response> {
    return send(ask(request(testApp(repository, environment).app)), { Origin: origin });
  }

  it('allows any origin and does not vary when the policy is *', async () => {
    const response = await respond({}, ORIGIN);
    expect(response.status).toBe(status);
    expect(response.get('Access-Control-Allow-Origin')).toBe('*');
    expect(varyOf(response)).not.toContain('Origin');
  });

  it('allows a listed origin, with credentials and the exposed headers', async () => {
    const response = await respond(
      { ...LIST, CORS_ALLOW_CREDENTIALS: 'true', CORS_EXPOSE_HEADERS: 'X-Request-Id' },
      ORIGIN,
    );
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({
      'access-control-allow-origin': ORIGIN,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'X-Request-Id',
    });
    expect(varyOf(response)).toContain('Origin');
  });

  it.each([
    ['an unlisted origin', UNLISTED],
    ['no origin', undefined],
  ])('allows no origin but still varies for %s when the policy is a list', async (_who, origin) => {
    const response = await respond(LIST, origin);
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    expect(varyOf(response)).toContain('Origin');
  });
});

describe('corsHeaders', () => {
  it('adds Origin to Vary and keeps the values added before and after', async () => {
    const app = express();
    app.use((_request, response, next) => {
      response.vary('Accept-Encoding');
      next();
    });
    app.use(corsHeaders(parseConfig(LIST).cors, () => undefined));
    app.use((_request, response) => {
      response.vary('Accept').end();
    });
    for (const origin of [ORIGIN, UNLISTED]) {
      const response = await request(app).get('/').set('Origin', origin);
      expect(varyOf(response)).toEqual(['Accept-Encoding', 'Origin', 'Accept']);
    }
  });
});

describe('a request from an unlisted origin', () => {
  it.each<[string, (agent: Agent) => Test]>([
    ['POST /scanRecords', scan],
    ['POST /scanRecords with a bad body', scanWith('{')],
    ['GET /healthz', (agent) => agent.get('/healthz')],
    ['GET /readyz', (agent) => agent.get('/readyz')],
    ['GET /nowhere', (agent) => agent.get('/nowhere')],
  ])('gets the problem 403 from %s, and no item is read', async (_what, ask) => {
    const { repository, calls } = watchedRepository();
    const response = await ask(request(testApp(repository, LIST).app)).set('Origin', UNLISTED);
    expect(response.status).toBe(403);
    expect(response.type).toBe('application/problem+json');
    expect(response.body).toEqual({
      type: 'about:blank',
      title: 'Forbidden',
      status: 403,
      detail: 'This origin is not allowed to read from this server.',
      code: 'OriginNotAllowed',
      requestId: response.get('X-Request-Id'),
    });
    expect(calls).toEqual([]);
  });

  it.each([
    ['from a listed origin', ORIGIN],
    ['without Origin', undefined],
  ])('differs from a request %s, which scans', async (_who, origin) => {
    const { repository, calls } = watchedRepository();
    await send(scan(request(testApp(repository, LIST).app)), { Origin: origin });
    expect(calls).toContain('scanPage');
  });
});

describe('the log', () => {
  it.each<[string, Readonly<Record<string, string>>, string, string]>([
    [
      'an unlisted origin and the setting that would allow it',
      { Origin: UNLISTED },
      'OriginNotAllowed',
      `CORS: origin ${UNLISTED} is not allowed. Add it to CORS_ALLOW_ORIGINS.`,
    ],
    [
      'an origin that no list can contain',
      { Origin: 'null' },
      'OriginNotAllowed',
      'CORS: origin null is not allowed. Only CORS_ALLOW_ORIGINS=* allows it.',
    ],
    [
      'an unsupported method and the allowed ones',
      { Origin: ORIGIN, 'Access-Control-Request-Method': 'DELETE' },
      'MethodNotAllowed',
      'CORS: method DELETE is not allowed. Send one of POST, OPTIONS.',
    ],
    [
      'headers and the setting that would allow them',
      { Origin: ORIGIN, 'Access-Control-Request-Headers': 'content-type,x-one,x-two' },
      'HeadersNotAllowed',
      'CORS: request header x-one, x-two is not allowed. Add it to CORS_ALLOW_HEADERS.',
    ],
  ])('names, for a blocked preflight, %s', async (_what, headers, decision, msg) => {
    const { app, log } = testApp(REPOSITORY, LIST);
    await send(preflight(app), headers);
    expect(blockedIn(log)).toEqual([expect.objectContaining({ level: 40, preflight: true, decision, msg })]);
  });

  it('reports a blocked request without a preflight, with its request id', async () => {
    const { app, log } = testApp(REPOSITORY, LIST);
    const response = await scan(request(app)).set('Origin', UNLISTED);
    expect(blockedIn(log)).toEqual([
      expect.objectContaining({
        level: 40,
        preflight: false,
        decision: 'OriginNotAllowed',
        requestId: response.get('X-Request-Id'),
        msg: `CORS: origin ${UNLISTED} is not allowed. Add it to CORS_ALLOW_ORIGINS.`,
      }),
    ]);
  });

  it.each<[string, Environment, string | undefined]>([
    ['any origin is allowed', {}, UNLISTED],
    ['the origin is listed', LIST, ORIGIN],
  ])('does not mention CORS when %s', async (_where, environment, origin) => {
    const { app, log } = testApp(REPOSITORY, environment);
    await preflight(app, origin);
    await send(scan(request(app)), { Origin: origin });
    expect(blockedIn(log)).toEqual([]);
  });

  it('says why OPTIONS without Origin gets no Access-Control-Allow-Origin', async () => {
    const { app, log } = testApp(REPOSITORY, LIST);
    const response = await request(app).options('/scanRecords');
    expect(response.headers).toMatchObject({
      'access-control-allow-methods': 'POST,OPTIONS',
      'access-control-max-age': '7200',
    });
    expect(response.headers).not.toHaveProperty('access-control-allow-origin');
    await scan(request(app));
    expect(blockedIn(log)).toEqual([
      expect.objectContaining({
        level: 30,
        decision: 'NotCors',
        msg: 'CORS: OPTIONS without Origin gets no Access-Control-Allow-Origin. Send an Origin that CORS_ALLOW_ORIGINS allows, as browsers do.',
      }),
    ]);
  });

  it.each([
    `https://evil.example","level":60,"msg":"forged`,
    'https://evil.example\\n{"msg":"forged"}',
    'https://evil.example\t{"msg":"forged"}',
    // Next line and the C1 form of ESC [: line breaks and control sequences when text is read as Latin-1.
    'https://evil.example\x85forged\x9b31m',
    '%0d%0aSet-Cookie:%20a=b',
    '${jndi:ldap://evil.example}',
  ])('keeps the origin %j within one line and one field', async (origin) => {
    const { app, log } = testApp(REPOSITORY, LIST);
    const response = await preflight(app, origin);
    expect(response.status).toBe(200);
    expect(blockedIn(log)).toEqual([
      expect.objectContaining({
        level: 40,
        msg: `CORS: origin ${escapeC1(origin)} is not allowed. Only CORS_ALLOW_ORIGINS=* allows it.`,
      }),
    ]);
  });

  const names = Array.from({ length: 500 }, (_, index) => `x-header-${index}`).join(',');
  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['an endless origin', { Origin: `https://${'a'.repeat(5000)}.example` }, 'CORS_ALLOW_ORIGINS'],
    ['endless headers', { Origin: ORIGIN, 'Access-Control-Request-Headers': names }, 'CORS_ALLOW_HEADERS'],
  ])('shortens the line for %s and still names the setting', async (_what, headers, setting) => {
    const { app, log } = testApp(REPOSITORY, LIST);
    await send(preflight(app), headers);
    const [message = ''] = blockedIn(log).map(({ msg }) => msg);
    expect(message.length).toBeLessThan(1000);
    expect(message).toContain(setting);
  });
});

describe('the source', () => {
  const SOURCE = path.join(__dirname, '../../src');
  const others = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && file !== path.join('cors', 'middleware.ts'),
  );

  it.each(others)('sets no CORS headers in %s, only in cors/middleware.ts', (file) => {
    const source = readFileSync(path.join(SOURCE, file), 'utf8');
    expect(source).not.toMatch(/(set|setHeader|header|writeHead)\([^)]*access-control/i);
    expect(source).not.toMatch(/(from|import|require\()\s*['"]cors['"]/);
  });
});
