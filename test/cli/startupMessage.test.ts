import { ignoredVariables } from '../../src/cli/ignoredVariables';
import { browserUrl, startupMessage } from '../../src/cli/startupMessage';
import { parseConfig, type Environment } from '../../src/config/config';

function messageOf(environment: Environment, port = 3000, isSample = true): string {
  return startupMessage({
    config: parseConfig(environment, { servesSample: isSample }),
    port,
    source: 'dynalite in this process',
    items: '12 items',
    others: [],
    isSample,
    warnings: ignoredVariables(environment, parseConfig(environment).dynamodb),
  });
}

describe('startupMessage', () => {
  it('names the table, the URL and the engine, and suggests commands', () => {
    expect(messageOf({ TABLE_NAME: 'Orders' })).toBe(`Serving Orders at http://localhost:3000/scanRecords
  from dynalite in this process: 12 items

Look at the items in a browser:
  http://localhost:3000/
Send a preflight as a browser does:
  curl -i -X OPTIONS http://localhost:3000/scanRecords -H 'Origin: http://localhost:5173' -H 'Access-Control-Request-Method: POST'
Get every item:
  curl -X POST http://localhost:3000/scanRecords
Get every item from a web page, in the browser's console:
  await fetch('http://localhost:3000/scanRecords', { method: 'POST' }).then((response) => response.json())
`);
  });

  it('does not mention the console if it is off', () => {
    expect(messageOf({ CONSOLE: 'off' })).toContain('12 items\n\nSend a preflight');
  });

  it.each([
    ['127.0.0.1', 'http://localhost:8080/scanRecords'],
    ['localhost', 'http://localhost:8080/scanRecords'],
    ['0.0.0.0', 'http://localhost:8080/scanRecords'],
    ['::', 'http://localhost:8080/scanRecords'],
    ['::1', 'http://localhost:8080/scanRecords'],
    ['192.168.1.20', 'http://192.168.1.20:8080/scanRecords'],
    ['fe80::1', 'http://[fe80::1]:8080/scanRecords'],
    ['my-machine.local', 'http://my-machine.local:8080/scanRecords'],
  ])('shows a server on %s at %s, with its actual port', (HOST, url) => {
    const text = messageOf({ HOST, PORT: '0' }, 8080);
    expect(new Set(text.match(/http:[^' ]*scanRecords/g))).toEqual(new Set([url]));
  });

  it.each<[environment: Environment, warning: string]>([
    [
      { DYNAMODB: 'aws', HTTPS_PROXY: 'http://proxy:8080' },
      'HTTPS_PROXY is ignored: this server connects to DynamoDB directly.',
    ],
    [
      { DYNAMODB: 'http://dynamodb.internal:8000', http_proxy: 'http://proxy:8080' },
      'http_proxy is ignored: this server connects to DynamoDB directly.',
    ],
    [
      { DYNAMODB: 'aws', AWS_CA_BUNDLE: '/etc/ca.pem' },
      'AWS_CA_BUNDLE is ignored: set NODE_EXTRA_CA_CERTS to the file instead.',
    ],
  ])('warns that a variable of the AWS CLI has no effect: %j', (environment, warning) => {
    expect(messageOf(environment, 3000, false)).toContain(`\n  Warning: ${warning}\n\nLook`);
  });

  it('does not warn of a proxy for DynamoDB on this machine', () => {
    const proxies = {
      HTTP_PROXY: 'http://proxy:8080',
      HTTPS_PROXY: 'http://proxy:8080',
      AWS_CA_BUNDLE: '/ca.pem',
    };
    for (const DYNAMODB of ['embedded', 'http://localhost:8000']) {
      expect(messageOf({ DYNAMODB, ...proxies }, 3000, false)).not.toContain('ignored');
    }
  });

  it.each<[what: string, environment: Environment, line: string]>([
    [
      'the default origins',
      {},
      'Web pages of this machine can read them. Add other origins to CORS_ALLOW_ORIGINS.',
    ],
    [
      'any origin',
      { CORS_ALLOW_ORIGINS: '*' },
      'Warning: every web page that you open can read them, because CORS_ALLOW_ORIGINS=*.',
    ],
    [
      'a list',
      { CORS_ALLOW_ORIGINS: 'https://a.example,https://*.b.example,http://localhost:*' },
      'Web pages of https://a.example, https://*.b.example, http://localhost:* can read them (CORS_ALLOW_ORIGINS).',
    ],
  ])('says who can read real data with %s', (_what, environment, line) => {
    expect(messageOf(environment, 3000, false)).toContain(`: 12 items\n  ${line}\n\nLook`);
  });

  it.each<[what: string, environment: Environment, header: string, init: string]>([
    [
      'an API key',
      { AUTH: 'key', API_KEYS: `a:${'a'.repeat(64)}` },
      " -H 'X-Api-Key: KEY'",
      "headers: { 'X-Api-Key': 'KEY' }",
    ],
    [
      'a token',
      { AUTH: 'jwt', JWT_JWKS_URL: 'https://a.example', JWT_ISSUER: 'a', JWT_AUDIENCE: 'b' },
      " -H 'Authorization: Bearer TOKEN'",
      "headers: { 'Authorization': 'Bearer TOKEN' }",
    ],
  ])('suggests commands with %s if the server requires one', (_what, environment, header, init) => {
    const text = messageOf(environment);
    expect(text).toContain(`curl -X POST http://localhost:3000/scanRecords${header}\n`);
    expect(text).toContain(`{ method: 'POST', ${init} }`);
  });

  it.each<[host: string, environment: Environment, isWarned: boolean]>([
    ['127.0.0.1', {}, false],
    ['::1', {}, false],
    ['localhost', {}, false],
    ['0.0.0.0', {}, true],
    ['192.168.1.20', {}, true],
    ['0.0.0.0', { AUTH: 'key', API_KEYS: `a:${'a'.repeat(64)}` }, false],
  ])('warns about real data on %s with %j: %s', (HOST, environment, isWarned) => {
    const warning = `Warning: everyone who reaches ${HOST} can read them, because AUTH=none.`;
    expect(messageOf({ HOST, ...environment }, 3000, false).includes(warning)).toBe(isWarned);
  });

  it('suggests, when any port of localhost is allowed, a preflight from http://localhost:5173', () => {
    expect(messageOf({}, 3000, false)).toContain("-H 'Origin: http://localhost:5173'");
  });

  it.each([
    ['*', 'http://localhost:5173'],
    ['https://example.com', 'https://example.com'],
    ['http://localhost:4200,https://example.com', 'http://localhost:4200'],
    ['https://*.example.com', 'https://www.example.com'],
    ['https://*.example.com:8443', 'https://www.example.com:8443'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('suggests, when %s is allowed, a preflight from %s', (CORS_ALLOW_ORIGINS, origin) => {
    expect(messageOf({ CORS_ALLOW_ORIGINS })).toContain(`-H 'Origin: ${origin}'`);
  });
});

describe('browserUrl', () => {
  it.each<[environment: Environment, url: string]>([
    [{}, 'http://localhost:8080/'],
    [{ HOST: '::1' }, 'http://localhost:8080/'],
    [{ CONSOLE: 'off' }, 'http://localhost:8080/openapi.json'],
    [{ HOST: '192.168.1.20' }, 'http://192.168.1.20:8080/openapi.json'],
    [{ HOST: 'fe80::1', CONSOLE: 'on' }, 'http://[fe80::1]:8080/'],
  ])('returns the page that --open opens with %j: %s', (environment, url) => {
    expect(browserUrl(parseConfig(environment), 8080)).toBe(url);
  });
});
