import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createApiKey } from '../../src/auth/apiKey';
import { startEngine, type Engine } from '../../src/embedded/engine';
import { loadTable } from '../helpers/loadTable';
import { startGateway, type TestGateway } from '../helpers/gateway';

const ROOT = join(__dirname, '../..');
const TEMPLATE = readFileSync(join(ROOT, 'template.yaml'), 'utf8');
const ORIGIN = 'https://app.example.com';
const { key, digest } = createApiKey();

jest.setTimeout(60_000);

let engine: Engine;
let gateway: TestGateway;

beforeAll(async () => {
  engine = await startEngine();
  const item = { json: '{"id":{"S":"a"},"secret":{"S":"b"}}', where: '' };
  await loadTable(
    { endpoint: engine.endpoint, tableName: 'RecordsTable' },
    { items: [item], key: [{ name: 'id', type: 'S' }] },
  );
});

afterAll(() => engine.close());

afterEach(() => gateway.close());

async function deploy(parameters: Record<string, string>): Promise<void> {
  gateway = await startGateway(TEMPLATE, {
    root: ROOT,
    parameters: { DynamodbEndpoint: engine.endpoint, CorsAllowOrigins: ORIGIN, ...parameters },
    environment: { LOG_LEVEL: 'silent', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' },
  });
}

function send(
  method: string,
  path = '/scanRecords',
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${gateway.url}${path}`, { method, headers: { Origin: ORIGIN, ...headers } });
}

const PREFLIGHT = { 'Access-Control-Request-Method': 'POST' };

describe('template.yaml with Auth=iam', () => {
  beforeEach(() => deploy({ Auth: 'iam' }));

  it.each(['/scanRecords', '/readyz', '/nothing'])(
    'rejects an unsigned request to %s with a 403 that a web page can read',
    async (path) => {
      const response = await send('POST', path);
      expect(response.status).toBe(403);
      expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
    },
  );

  it.each(['/scanRecords', '/readyz', '/nothing', '/'])(
    'responds to a preflight of %s with 200',
    async (path) => {
      const response = await send('OPTIONS', path, PREFLIGHT);
      expect(response.status).toBe(200);
      expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
    },
  );

  it('serves a signed request', async () => {
    const response = await send('POST', '/scanRecords', {
      Authorization:
        'AWS4-HMAC-SHA256 Credential=x/20260101/us-east-1/execute-api/aws4_request, SignedHeaders=host, Signature=0',
    });
    expect(response.status).toBe(200);
  });
});

describe('template.yaml with Auth=key', () => {
  beforeEach(() =>
    deploy({
      Auth: 'key',
      ApiKeys: `front-end:${digest}`,
      VisibleAttributes: 'id',
      TokenSecret: 's'.repeat(32),
    }),
  );

  it('rejects a request without a key with a 401 that a web page can read', async () => {
    const response = await send('POST');
    expect(response.status).toBe(401);
    expect(await response.json()).toMatchObject({ code: 'MissingCredentials' });
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe(ORIGIN);
  });

  it('serves a request with a key, without hidden attributes', async () => {
    const response = await send('POST', '/scanRecords', { 'X-Api-Key': key });
    expect(await response.json()).toMatchObject({ Items: [{ id: 'a' }] });
  });

  it('responds to a preflight without a key with 200', async () => {
    expect((await send('OPTIONS', '/scanRecords', PREFLIGHT)).status).toBe(200);
  });
});

describe('template.yaml with hidden attributes but without TokenSecret', () => {
  it('does not start the function, whose instances would reject the tokens of each other', async () => {
    await deploy({ Auth: 'none', VisibleAttributes: 'id' });
    expect((await send('POST')).status).toBe(502);
    expect(gateway.log.join('\n')).toContain('TOKEN_SECRET=""');
  });
});
