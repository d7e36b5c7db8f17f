import { LOG_LEVELS, parseConfig, type Config, type Environment } from '../../src/config/config';
import { DEFAULT_CORS_SETTINGS } from '../../src/config/corsSettings';
import { ConfigError } from '../../src/config/configError';

/** The configuration of a server that serves the sample. */
function parse(environment: Environment): Config {
  return parseConfig(environment, { servesSample: true });
}

const ARN = 'arn:aws:dynamodb:eu-central-1:123456789012:table/Records';

/** The error for an invalid environment. */
function configErrorOf(environment: Environment): ConfigError {
  try {
    parse(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('the configuration was accepted');
}

/** Each issue as `[setting, value]`. */
function issuesIn(environment: Environment): [string, string][] {
  return configErrorOf(environment).issues.map(({ setting, value }) => [setting, value]);
}

const DEFAULTS: Config = {
  host: '127.0.0.1',
  port: 3000,
  keepAliveTimeout: 65_000,
  writeTimeout: 60_000,
  allowedHosts: [],
  trustProxy: 0,
  dynamodb: { kind: 'embedded' },
  dynamodbTimeout: 10_000,
  dynamodbRetry: 60_000,
  dynamodbFastPath: true,
  tableName: 'RecordsTable',
  allowedTables: ['RecordsTable'],
  auth: { kind: 'none' },
  visibleAttributes: undefined,
  itemFilter: undefined,
  tokenSecret: undefined,
  rateLimitPerMinute: undefined,
  cors: { ...DEFAULT_CORS_SETTINGS, origins: '*' },
  responseShape: 'object',
  console: true,
  compression: true,
  scanReadUnitsPerSecond: undefined,
  scanMaxReadUnits: undefined,
  scanMaxConcurrent: 100,
  logLevel: 'info',
};

const LOOPBACK_CORS: Config['cors'] = {
  ...DEFAULT_CORS_SETTINGS,
  origins: ['localhost', '127.0.0.1', '[::1]'].flatMap((host) =>
    ['http', 'https'].map((scheme) => ({ scheme, host, port: '*', subdomains: false })),
  ),
};

const VARIABLES = [
  'HOST',
  'PORT',
  'DYNAMODB',
  'DYNAMODB_TIMEOUT_MS',
  'TABLE_NAME',
  'ALLOWED_TABLES',
  'CORS_ALLOW_ORIGINS',
  'CORS_ALLOW_HEADERS',
  'CORS_EXPOSE_HEADERS',
  'CORS_ALLOW_CREDENTIALS',
  'CORS_MAX_AGE',
  'RESPONSE_SHAPE',
  'COMPRESSION',
  'SCAN_READ_UNITS_PER_SECOND',
  'SCAN_MAX_CONCURRENT',
  'LOG_LEVEL',
];

describe('parseConfig', () => {
  it('returns the defaults for an empty environment', () => {
    expect(parse({})).toEqual(DEFAULTS);
  });

  it('returns a frozen configuration', () => {
    expect(Object.isFrozen(parse({}))).toBe(true);
  });

  it.each<[Environment, Partial<Config>]>([
    [{ HOST: '0.0.0.0' }, { host: '0.0.0.0', console: false }],
    [{ HOST: ' ::1 ' }, { host: '::1' }],
    [{ PORT: '8080' }, { port: 8080 }],
    [{ PORT: '0' }, { port: 0 }],
    [{ PORT: ' 65535 ' }, { port: 65_535 }],
    [{ DYNAMODB_TIMEOUT_MS: '1' }, { dynamodbTimeout: 1 }],
    [{ DYNAMODB_FAST_PATH: 'off' }, { dynamodbFastPath: false }],
    [{ DYNAMODB_TIMEOUT_MS: '900000' }, { dynamodbTimeout: 900_000 }],
    [{ TABLE_NAME: 'My_table-1.0' }, { tableName: 'My_table-1.0', allowedTables: ['My_table-1.0'] }],
    [{ TABLE_NAME: ARN }, { tableName: ARN, allowedTables: [ARN] }],
    [{ ALLOWED_TABLES: 'One, Two,' }, { allowedTables: ['RecordsTable', 'One', 'Two'] }],
    [{ ALLOWED_TABLES: `${ARN},RecordsTable` }, { allowedTables: ['RecordsTable', ARN] }],
    [
      { TABLE_NAME: 'One', ALLOWED_TABLES: 'Two,Two' },
      { tableName: 'One', allowedTables: ['One', 'Two'] },
    ],
    [{ RESPONSE_SHAPE: 'array' }, { responseShape: 'array' }],
    [{ CONSOLE: 'off' }, { console: false }],
    [{ COMPRESSION: 'off' }, { compression: false }],
    [{ SCAN_READ_UNITS_PER_SECOND: '1' }, { scanReadUnitsPerSecond: 1 }],
    [{ SCAN_READ_UNITS_PER_SECOND: ' 1000000 ' }, { scanReadUnitsPerSecond: 1_000_000 }],
    [{ SCAN_MAX_CONCURRENT: '1' }, { scanMaxConcurrent: 1 }],
    [{ DYNAMODB: 'embedded' }, { dynamodb: { kind: 'embedded' } }],
    [{ DYNAMODB: 'aws' }, { dynamodb: { kind: 'aws' }, cors: LOOPBACK_CORS }],
    ...LOG_LEVELS.map((logLevel): [Environment, Partial<Config>] => [{ LOG_LEVEL: logLevel }, { logLevel }]),
  ])('accepts %j', (environment, expected) => {
    expect(parse(environment)).toEqual({ ...DEFAULTS, ...expected });
  });

  it.each<[Environment, string, string]>([
    [{ DYNAMODB: 'http://localhost:8000' }, 'http://localhost:8000', 'us-east-1'],
    [{ DYNAMODB: 'https://dynamodb.example/' }, 'https://dynamodb.example/', 'us-east-1'],
    [{ DYNAMODB: 'http://[::1]:8000', AWS_REGION: 'eu-west-1' }, 'http://[::1]:8000', 'eu-west-1'],
    [{ DYNAMODB: 'http://db', AWS_DEFAULT_REGION: 'eu-west-2' }, 'http://db', 'eu-west-2'],
    [{ DYNAMODB: 'http://db', AWS_REGION: 'a', AWS_DEFAULT_REGION: 'b' }, 'http://db', 'a'],
    [{ DYNAMODB: 'http://db', AWS_REGION: '', AWS_DEFAULT_REGION: 'b' }, 'http://db', 'b'],
  ])('reads the endpoint and the region from %j', (environment, endpoint, region) => {
    expect(parse(environment).dynamodb).toEqual({ kind: 'endpoint', endpoint, region });
  });

  it.each<[Environment, Partial<Config['cors']>]>([
    [{ CORS_ALLOW_ORIGINS: '*' }, {}],
    [
      {
        CORS_ALLOW_ORIGINS: ' http://localhost:5173 ,https://*.example.com, ',
        CORS_ALLOW_CREDENTIALS: 'true',
      },
      {
        origins: [
          { scheme: 'http', host: 'localhost', port: '5173', subdomains: false },
          { scheme: 'https', host: 'example.com', port: '', subdomains: true },
        ],
        credentials: true,
      },
    ],
    [{ CORS_ALLOW_CREDENTIALS: 'false' }, {}],
    [{ CORS_ALLOW_HEADERS: 'Content-Type, X-Mine' }, { allowHeaders: ['Content-Type', 'X-Mine'] }],
    [{ CORS_EXPOSE_HEADERS: 'ETag' }, { exposeHeaders: ['ETag'] }],
    [{ CORS_EXPOSE_HEADERS: 'X-Count,x-next-token' }, { exposeHeaders: ['X-Count', 'x-next-token'] }],
    [{ CORS_EXPOSE_HEADERS: '*,X-Count' }, { exposeHeaders: ['*', 'X-Count'] }],
    [{ CORS_MAX_AGE: '0' }, { maxAge: 0 }],
    [{ CORS_MAX_AGE: '86400' }, { maxAge: 86_400 }],
  ])('reads the CORS policy from %j', (environment, expected) => {
    expect(parse(environment).cors).toEqual({ ...DEFAULTS.cors, ...expected });
  });

  it.each(VARIABLES.filter((name) => name !== 'CORS_ALLOW_ORIGINS'))(
    'treats an empty %s as absent',
    (name) => {
      for (const empty of ['', '  ', undefined]) expect(parse({ [name]: empty })).toEqual(DEFAULTS);
    },
  );

  it.each(['', '  ', ',', ' , '])(
    'does not treat CORS_ALLOW_ORIGINS=%j as any origin',
    (CORS_ALLOW_ORIGINS) => {
      expect(configErrorOf({ CORS_ALLOW_ORIGINS }).issues).toEqual([
        {
          setting: 'CORS_ALLOW_ORIGINS',
          value: '',
          reason: 'the list is empty',
          fix: 'List the origins, or use * for any origin',
        },
      ]);
    },
  );
});

describe('parseConfig with invalid settings', () => {
  it.each(
    Object.entries({
      PORT: ['http', '-1', '65536', '3e3', '0x50', '80.5', '80 81'],
      DYNAMODB_TIMEOUT_MS: ['0', '900001', '10s'],
      DYNAMODB: ['AWS', 'local', 'localhost:8000', 'ftp://localhost', 'http://', 'http://db:99999'],
      TABLE_NAME: ['ab', 'a'.repeat(256), 'my table', 'tables/x', 'arn:aws:s3:::bucket', `${ARN}/index/x`],
      RESPONSE_SHAPE: ['Array', 'list'],
      COMPRESSION: ['gzip', 'true'],
      SCAN_READ_UNITS_PER_SECOND: ['0', '-1', '2.5', 'none'],
      SCAN_MAX_CONCURRENT: ['0', '100001', 'Infinity'],
      LOG_LEVEL: ['loud', 'INFO'],
      CORS_ALLOW_ORIGINS: ['null', 'https://example.com/', 'example.com'],
      CORS_ALLOW_HEADERS: ['Cookie', 'X Y'],
      CORS_EXPOSE_HEADERS: ['Set-Cookie', 'X Y', 'X-Count', 'x-count,X-Scanned-Count'],
      CORS_ALLOW_CREDENTIALS: ['TRUE', 'yes', '1'],
      CORS_MAX_AGE: ['-1', '86401', '2h', '1.5'],
    }).flatMap(([name, values]) => values.map((value) => ({ name, value }))),
  )('reports only $name=$value', ({ name, value }) => {
    expect(issuesIn({ [name]: value })).toEqual([[name, value]]);
  });

  it.each<[string, Environment, [string, string][]]>([
    [
      'each table of ALLOWED_TABLES',
      { ALLOWED_TABLES: 'ok1,x,my table' },
      [
        ['ALLOWED_TABLES', 'x'],
        ['ALLOWED_TABLES', 'my table'],
      ],
    ],
    ['* with credentials', { CORS_ALLOW_CREDENTIALS: 'true' }, [['CORS_ALLOW_ORIGINS', '*']]],
    [
      '* for headers with credentials',
      {
        CORS_ALLOW_ORIGINS: 'https://example.com',
        CORS_ALLOW_HEADERS: '*',
        CORS_EXPOSE_HEADERS: '*',
        CORS_ALLOW_CREDENTIALS: 'true',
      },
      [
        ['CORS_ALLOW_HEADERS', '*'],
        ['CORS_EXPOSE_HEADERS', '*'],
      ],
    ],
  ])('reports %s', (_what, environment, issues) => {
    expect(issuesIn(environment)).toEqual(issues);
  });

  const CORS_NAMES =
    'CORS_ALLOW_ORIGINS, CORS_ALLOW_HEADERS, CORS_EXPOSE_HEADERS, CORS_ALLOW_CREDENTIALS, CORS_MAX_AGE';

  it.each([
    ['CORS_ALLOW_ORIGIN', `Did you mean CORS_ALLOW_ORIGINS? Use one of ${CORS_NAMES}`],
    ['CORS_ORIGINS', `Use one of ${CORS_NAMES}`],
    ['CORS_ALLOW_METHODS', `Use one of ${CORS_NAMES}`],
    ['CORS_', `Use one of ${CORS_NAMES}`],
    [
      'DYNAMODB_URL',
      'Did you mean DYNAMODB? Use one of DYNAMODB, DYNAMODB_TIMEOUT_MS, DYNAMODB_RETRY_SECONDS, DYNAMODB_FAST_PATH',
    ],
    [
      'SCAN_MAX_CONCURENT',
      'Did you mean SCAN_MAX_CONCURRENT? Use one of SCAN_READ_UNITS_PER_SECOND, SCAN_MAX_READ_UNITS, SCAN_MAX_CONCURRENT',
    ],
  ])('rejects the unknown setting %s and lists the known ones', (name, fix) => {
    for (const value of ['x', '']) {
      expect(configErrorOf({ [name]: value }).issues).toEqual([
        { setting: name, value, reason: 'unknown setting', fix },
      ]);
    }
  });

  it.each([
    ['TABLENAME', 'TABLE_NAME'],
    ['TABEL_NAME', 'TABLE_NAME'],
    ['ALLOWED_TABLE', 'ALLOWED_TABLES'],
    ['LOGLEVEL', 'LOG_LEVEL'],
    ['RESPONSESHAPE', 'RESPONSE_SHAPE'],
  ])('rejects %s, which resembles %s', (setting, meant) => {
    expect(configErrorOf({ [setting]: 'x' }).issues).toEqual([
      { setting, value: 'x', reason: 'unknown setting', fix: `Did you mean ${meant}?` },
    ]);
    expect(() => parse({ [setting]: '' })).not.toThrow();
  });

  it.each(['PATH', 'POST', 'PORTS', 'HOSTNAME', 'COST', 'AWS_REGIONS', 'npm_config_loglevel'])(
    'accepts %s, a variable of another program',
    (name) => {
      expect(() => parse({ [name]: 'x' })).not.toThrow();
    },
  );

  it.each([
    [{ AWS_ENDPOINT_URL: 'http://localhost:1' }, 'http://localhost:1'],
    [
      { AWS_ENDPOINT_URL: 'http://localhost:1', AWS_ENDPOINT_URL_DYNAMODB: 'http://localhost:2' },
      'http://localhost:2',
    ],
    [{ AWS_ENDPOINT_URL: 'http://localhost:1', DYNAMODB: 'http://localhost:3' }, 'http://localhost:3'],
  ])('reads the endpoint from %j', (environment, endpoint) => {
    expect(parse(environment).dynamodb).toMatchObject({ kind: 'endpoint', endpoint });
  });

  it.each([
    [{ AWS_ENDPOINT_URL: 'http://localhost:1', DYNAMODB: 'embedded' }, 'embedded'],
    [{ AWS_ENDPOINT_URL: 'http://localhost:1', DYNAMODB: 'aws' }, 'aws'],
    [{ AWS_ENDPOINT_URL: 'http://localhost:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }, 'embedded'],
  ])('does not take the endpoint of %j as DYNAMODB', (environment, kind) => {
    expect(parse(environment).dynamodb).toEqual({ kind });
  });

  it('reports every issue on its own line: setting, value, reason and fix', () => {
    const { message, issues } = configErrorOf({
      PORT: '80a',
      DYNAMODB: 'localhost:8000',
      TABLE_NAME: 'RecordsTable',
      ALLOWED_TABLES: 'x',
      CORS_ORIGIN: '*',
      CORS_ALLOW_ORIGINS: 'https://*.example.com/,null',
      CORS_ALLOW_HEADERS: 'Cookie',
      CORS_MAX_AGE: '90000',
      RESPONSE_SHAPE: 'a\nb',
      LOG_LEVEL: 'loud',
    });
    const lines = message.split('\n');
    expect(lines.map((line) => line.split('=')[0])).toEqual([
      'CORS_ORIGIN',
      'ALLOWED_TABLES',
      'DYNAMODB',
      'PORT',
      'CORS_MAX_AGE',
      'CORS_ALLOW_ORIGINS',
      'CORS_ALLOW_ORIGINS',
      'CORS_ALLOW_HEADERS',
      'RESPONSE_SHAPE',
      'LOG_LEVEL',
    ]);
    expect(lines).toContain(
      'CORS_ALLOW_ORIGINS="https://*.example.com/": an origin has no path, trailing slash, query or user name. Use https://*.example.com',
    );
    expect(lines).toContain('RESPONSE_SHAPE="a\\nb": not a valid choice. Use one of object, array');
    for (const [index, { setting, value, reason, fix }] of issues.entries()) {
      for (const part of [setting, JSON.stringify(value), reason, fix]) expect(lines[index]).toContain(part);
    }
  });

  it.each([
    'http://AKID:hunter2@localhost:8000',
    'https://AKID:hunter2@dynamodb.example/path',
    'http://:hunter2@localhost',
    'http://hunter2@localhost',
    'ftp://AKID:hunter2@localhost',
    'http://AKID:hunter2@localhost:99999',
    'http://AKID:hun/ter/hunter2@localhost:8000',
    'AKID:hunter2@localhost:8000',
  ])('does not show the credentials of DYNAMODB=%s', (DYNAMODB) => {
    const { message, issues } = configErrorOf({ DYNAMODB });
    expect(issues).toHaveLength(1);
    expect(message).toMatch(/^DYNAMODB=/);
    expect(message).not.toMatch(/AKID|hunter2/);
  });
});

describe('the default of CONSOLE', () => {
  it.each([
    ['on', '127.0.0.1'],
    ['on', '127.1.2.3'],
    ['on', 'localhost'],
    ['on', 'LOCALHOST'],
    ['on', '::1'],
    ['off', '0.0.0.0'],
    ['off', '::'],
    ['off', '192.168.1.20'],
    ['off', 'my-machine.local'],
    ['off', '127.0.0.1.example.com'],
  ])('is %s for the host %s', (state, HOST) => {
    expect(parse({ HOST }).console).toBe(state === 'on');
  });

  it.each(['127.0.0.1', '0.0.0.0'])('does not override a value, with the host %s', (HOST) => {
    expect(parse({ HOST, CONSOLE: 'on' }).console).toBe(true);
    expect(parse({ HOST, CONSOLE: 'off' }).console).toBe(false);
  });
});
