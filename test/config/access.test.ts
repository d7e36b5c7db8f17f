import { parseConfig, type Environment } from '../../src/config/config';
import { ConfigError } from '../../src/config/configError';
import { parseItemFilter } from '../../src/config/itemFilter';

const DIGEST = 'a'.repeat(64);
const KEYS = { AUTH: 'key', API_KEYS: `front-end:${DIGEST}` };
const JWT = {
  AUTH: 'jwt',
  JWT_JWKS_URL: 'https://login.example.com/jwks.json',
  JWT_ISSUER: 'https://login.example.com/',
  JWT_AUDIENCE: 'scan-records, other',
};

/** Each issue as `SETTING: reason`. */
function issuesOf(environment: Environment): string[] {
  return errorOf(environment).issues.map(({ setting, reason }) => `${setting}: ${reason}`);
}

function errorOf(environment: Environment): ConfigError {
  try {
    parseConfig(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

describe('the default origins', () => {
  const originsOf = (environment: Environment, servesSample: boolean) => {
    const { origins } = parseConfig(environment, { servesSample }).cors;
    return origins === '*' ? '*' : origins.map(({ scheme, host, port }) => `${scheme}://${host}:${port}`);
  };
  const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'].flatMap((host) => [
    `http://${host}:*`,
    `https://${host}:*`,
  ]);

  it('are all for the sample', () => {
    expect(originsOf({}, true)).toBe('*');
  });

  it.each<[what: string, environment: Environment, servesSample: boolean]>([
    ["the user's file", {}, false],
    ['AWS', { DYNAMODB: 'aws' }, true],
    ['an endpoint', { DYNAMODB: 'http://localhost:8000' }, true],
    ['an endpoint of the AWS SDK', { AWS_ENDPOINT_URL: 'http://localhost:8000' }, true],
  ])('are those of this machine for %s', (_what, environment, servesSample) => {
    expect(originsOf(environment, servesSample)).toEqual(LOOPBACK);
  });

  it('can be replaced by *', () => {
    expect(originsOf({ DYNAMODB: 'aws', CORS_ALLOW_ORIGINS: '*' }, false)).toBe('*');
  });
});

describe('AUTH', () => {
  it('reads API keys, several of which can have the same name', () => {
    const next = 'b'.repeat(64);
    const { auth } = parseConfig({ AUTH: 'key', API_KEYS: ` a:${DIGEST}, a:${next} ` });
    expect(auth).toEqual({
      kind: 'key',
      keys: [
        { name: 'a', digest: DIGEST },
        { name: 'a', digest: next },
      ],
    });
  });

  it('reads the settings of tokens', () => {
    expect(parseConfig({ ...JWT, JWT_ALGORITHMS: 'EdDSA', JWT_REQUIRED_SCOPE: 'records:read' }).auth).toEqual(
      {
        kind: 'jwt',
        jwksUrl: JWT.JWT_JWKS_URL,
        issuer: JWT.JWT_ISSUER,
        audience: ['scan-records', 'other'],
        algorithms: ['EdDSA'],
        scope: 'records:read',
      },
    );
  });

  it.each<[what: string, environment: Environment, issues: string[]]>([
    ['an unknown kind', { AUTH: 'basic' }, ['AUTH: not a valid choice']],
    ['key without keys', { AUTH: 'key' }, ['API_KEYS: AUTH=key needs at least one key']],
    [
      'jwt without anything',
      { AUTH: 'jwt' },
      ['JWT_JWKS_URL: AUTH=jwt needs it', 'JWT_ISSUER: AUTH=jwt needs it', 'JWT_AUDIENCE: AUTH=jwt needs it'],
    ],
    ['keys without AUTH', { API_KEYS: `a:${DIGEST}` }, ['API_KEYS: has no effect without AUTH=key']],
    [
      'an issuer with AUTH=key',
      { ...KEYS, JWT_ISSUER: 'https://login.example.com/' },
      ['JWT_ISSUER: has no effect without AUTH=jwt'],
    ],
    [
      'the same key twice',
      { AUTH: 'key', API_KEYS: `a:${DIGEST},b:${DIGEST}` },
      ['API_KEYS: b and a have the same digest'],
    ],
    [
      'keys over http',
      { ...JWT, JWT_JWKS_URL: 'http://login.example.com/' },
      ['JWT_JWKS_URL: not an https URL'],
    ],
    ['keys in a file', { ...JWT, JWT_JWKS_URL: 'file:///etc/keys' }, ['JWT_JWKS_URL: not an https URL']],
    [
      'keys at a URL with a password',
      { ...JWT, JWT_JWKS_URL: 'https://user:word@login.example.com/' },
      ['JWT_JWKS_URL: the URL must not contain credentials'],
    ],
    ['a shared secret', { ...JWT, JWT_ALGORITHMS: 'HS256' }, ['JWT_ALGORITHMS: not an accepted algorithm']],
    ['an audience of commas', { ...JWT, JWT_AUDIENCE: ',' }, ['JWT_AUDIENCE: the list is empty']],
    ['no algorithm', { ...JWT, JWT_ALGORITHMS: ' , ' }, ['JWT_ALGORITHMS: the list is empty']],
    ['no signature', { ...JWT, JWT_ALGORITHMS: 'none' }, ['JWT_ALGORITHMS: not an accepted algorithm']],
    ['two scopes', { ...JWT, JWT_REQUIRED_SCOPE: 'a b' }, ['JWT_REQUIRED_SCOPE: not a single scope']],
  ])('rejects %s', (_what, environment, issues) => {
    expect(issuesOf(environment)).toEqual(issues);
  });

  it('accepts keys over http on this machine', () => {
    expect(parseConfig({ ...JWT, JWT_JWKS_URL: 'http://localhost:8080/jwks.json' }).auth.kind).toBe('jwt');
  });

  it.each([
    'front-end',
    'front-end:my-secret-key',
    'my-secret-key',
    `my secret key:${DIGEST}`,
    `my-secret-key:${DIGEST}:x`,
    `my-secret-key:${DIGEST.toUpperCase()}`,
  ])('rejects the entry %s of API_KEYS without repeating it, because it may be the key', (API_KEYS) => {
    const error = errorOf({ AUTH: 'key', API_KEYS });
    expect(error.issues).toHaveLength(1);
    expect(error.message).toMatch(/scan-records key NAME/);
    expect(error.message).not.toMatch(/secret|front-end/);
  });
});

describe('VISIBLE_ATTRIBUTES', () => {
  const TABLES = { TABLE_NAME: 'Orders', ALLOWED_TABLES: 'Users' };

  it('applies a list to every table', () => {
    expect(parseConfig({ ...TABLES, VISIBLE_ATTRIBUTES: 'id, name' }).visibleAttributes).toEqual({
      Orders: ['id', 'name'],
      Users: ['id', 'name'],
    });
  });

  it('reads a list for each table', () => {
    const VISIBLE_ATTRIBUTES = '{"Orders":["id","a,b"],"Users":["id"]}';
    expect(parseConfig({ ...TABLES, VISIBLE_ATTRIBUTES }).visibleAttributes).toEqual({
      Orders: ['id', 'a,b'],
      Users: ['id'],
    });
  });

  it.each<[what: string, value: string, issue: string]>([
    ['a table without a list', '{"Orders":["id"]}', 'the object has no list for this table'],
    ['a table that is not allowed', '{"Orders":["id"],"Users":["id"],"X":["id"]}', 'not an allowed table'],
    ['an empty list', '{"Orders":[],"Users":["id"]}', 'not JSON with one list of names per table'],
    ['only commas', ',', 'the list is empty'],
    ['invalid JSON', '{Orders}', 'not JSON with one list of names per table'],
    ['a name that is a number', '{"Orders":[1],"Users":["id"]}', 'not JSON with one list of names per table'],
  ])('rejects %s', (_what, VISIBLE_ATTRIBUTES, issue) => {
    expect(issuesOf({ ...TABLES, VISIBLE_ATTRIBUTES })).toEqual([`VISIBLE_ATTRIBUTES: ${issue}`]);
  });
});

describe('ITEM_FILTER', () => {
  it.each([
    'owner = $claims.sub',
    "owner = $claims.sub OR visibility = 'public'",
    "tenant = $claims['https://example.com/tenant'] AND NOT (deleted = true)",
    'attribute_not_exists(secret) AND size(tags) < 10',
    'level BETWEEN 1 AND $claims.level',
    "team IN ($claims.teams, 'everyone')",
    'contains(readers, $claims.sub)',
    "\"order\" = $claims.org.id AND tags[0] <> 'a''b' and begins_with(a.b, 'x')",
    '(owner = $claims.sub)',
  ])('accepts %s', (ITEM_FILTER) => {
    expect(parseConfig({ ...JWT, ITEM_FILTER }).itemFilter).toBeDefined();
  });

  it.each([
    ['', 'expected an attribute, a value or a claim instead of the end'],
    ['owner', 'expected a comparison instead of the end'],
    ['owner =', 'expected an attribute, a value or a claim instead of the end'],
    ['owner == $claims.sub', 'expected an attribute, a value or a claim instead of part 3'],
    ['owner = $claims.sub)', 'expected AND, OR or the end instead of part 4'],
    ['(owner = $claims.sub', 'expected ) instead of the end'],
    ['owner = $claims.sub visible = true', 'expected AND, OR or the end instead of part 4'],
    ['owner = $claims', 'unexpected text at character 9'],
    ['owner = $user.sub', 'unexpected text at character 9'],
    ['#a = $claims.sub', 'unexpected text at character 1'],
    ['owner = :a', 'unexpected text at character 9'],
    ["owner = 'a", 'unexpected text at character 9'],
    ['owner IN ()', 'expected an attribute, a value or a claim instead of part 4'],
    ['begins_with(owner', 'expected ) instead of the end'],
    ["owner = '$claims.sub'", 'a claim in quotes is only text'],
    ['a[$claims.sub] = 1', 'expected an index instead of part 3'],
    ['a. = 1', 'expected the name of a nested attribute instead of part 3'],
  ])('rejects %j: %s', (text, message) => {
    expect(() => parseItemFilter(text)).toThrow(message);
  });

  it.each<[what: string, environment: Environment, issue: string]>([
    [
      'a claim without authentication',
      { ITEM_FILTER: 'owner = $claims.sub' },
      'ITEM_FILTER: no client has the claim sub, because AUTH=none',
    ],
    [
      'a claim that API keys do not have',
      { ...KEYS, ITEM_FILTER: 'tenant = $claims.tenant' },
      'ITEM_FILTER: AUTH=key has no claim tenant, only sub, the name of the key',
    ],
    [
      'an invalid filter',
      { ...KEYS, ITEM_FILTER: 'owner' },
      'ITEM_FILTER: expected a comparison instead of the end',
    ],
    ['a short secret', { TOKEN_SECRET: 'x'.repeat(31) }, 'TOKEN_SECRET: shorter than 32 characters'],
  ])('rejects %s', (_what, environment, issue) => {
    expect(issuesOf(environment)).toEqual([issue]);
  });

  it('does not show a short TOKEN_SECRET', () => {
    expect(errorOf({ TOKEN_SECRET: 'hunter2' }).message).not.toContain('hunter2');
  });
});

describe('ALLOWED_HOSTS', () => {
  it.each(['api.example.com', '*.example.com', 'my-machine', 'a.b, c_d.e'])('accepts %s', (ALLOWED_HOSTS) => {
    expect(() => parseConfig({ ALLOWED_HOSTS })).not.toThrow();
  });

  it.each([
    '*',
    'https://api.example.com',
    'api.example.com:3000',
    'API.example.com',
    'a.*.example',
    '.example.com',
  ])('rejects %s', (ALLOWED_HOSTS) => {
    expect(issuesOf({ ALLOWED_HOSTS })).toEqual(['ALLOWED_HOSTS: not a host name']);
  });
});
