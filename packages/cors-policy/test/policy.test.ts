import { validatePolicy, type CorsPolicy, type CorsSettings, type PolicyIssue } from '../src/policy';

const VALID: CorsSettings = {
  origins: ['*'],
  methods: ['POST', 'OPTIONS'],
  allowHeaders: ['Content-Type', 'Authorization'],
  exposeHeaders: ['X-Request-Id'],
  credentials: false,
  maxAge: 7200,
};

const LIST = ['https://example.com'];

function validate(settings: Partial<CorsSettings>): CorsPolicy | PolicyIssue[] {
  return validatePolicy({ ...VALID, ...settings });
}

/** Each mistake as `setting=value`. */
function mistakesIn(settings: Partial<CorsSettings>): string[] {
  const policy = validate(settings);
  return Array.isArray(policy) ? policy.map(({ field, value }) => `${field}=${value}`) : [];
}

describe('a policy', () => {
  test('allows any origin when its only origin is *', () => {
    expect(validatePolicy(VALID)).toEqual({ ...VALID, origins: '*' });
  });

  test('holds the entries of its allow-list as patterns, in order', () => {
    expect(validate({ origins: ['http://localhost:5173', 'https://*.example.com'] })).toMatchObject({
      origins: [
        { scheme: 'http', host: 'localhost', port: '5173', subdomains: false },
        { scheme: 'https', host: 'example.com', port: '', subdomains: true },
      ],
    });
  });

  test.each<[string, Partial<CorsSettings>]>([
    ['credentials for listed origins', { origins: LIST, credentials: true }],
    ['credentials for subdomains', { origins: ['https://*.example.com'], credentials: true }],
    ['any request header', { allowHeaders: ['*', 'Authorization'] }],
    ['any response header exposed', { exposeHeaders: ['*'] }],
    ['no request header beyond those that need no preflight', { allowHeaders: [] }],
    ['no response header exposed', { exposeHeaders: [] }],
    ['headers that look forbidden and are not', { allowHeaders: ['X-Cookie', 'Secret', 'Dates', 'Proxy'] }],
    ['every character of a token', { allowHeaders: ["!#$%&'+-.^_`|~09AZaz"] }],
    ['other methods', { methods: ['PUT', 'DELETE', 'x-custom'] }],
    ['no caching of preflights', { maxAge: 0 }],
    ['a day of caching', { maxAge: 86_400 }],
  ])('can have %s', (_what, settings) => {
    expect(mistakesIn(settings)).toEqual([]);
  });

  test.each<[string, Partial<CorsSettings>, string[]]>([
    ['no origin', { origins: [] }, ['origins=']],
    ['the null origin', { origins: ['null'] }, ['origins=null']],
    ['any origin and others', { origins: ['*', 'https://example.com'] }, ['origins=*,https://example.com']],
    ['any origin twice', { origins: ['*', '*'] }, ['origins=*,*']],
    [
      'several bad origins',
      { origins: ['https://a.example/', 'https://b.example', 'c.example'] },
      ['origins=https://a.example/', 'origins=c.example'],
    ],
    ['any origin with credentials', { credentials: true }, ['origins=*']],
    [
      'any request header with credentials',
      { origins: LIST, credentials: true, allowHeaders: ['Content-Type', '*'] },
      ['allowHeaders=*'],
    ],
    [
      'any response header exposed with credentials',
      { origins: LIST, credentials: true, exposeHeaders: ['*'] },
      ['exposeHeaders=*'],
    ],
    [
      '* everywhere with credentials',
      { credentials: true, allowHeaders: ['*'], exposeHeaders: ['*'] },
      ['origins=*', 'allowHeaders=*', 'exposeHeaders=*'],
    ],
  ])('cannot have %s', (_what, settings, mistakes) => {
    expect(mistakesIn(settings)).toEqual(mistakes);
  });

  test.each(['', 'X Y', 'X:Y', 'X/Y', 'X(Y)', 'X"Y', 'X\r\nY', 'Clé', 'X-Api-Key;'])(
    'cannot have %j as a header, which is no token',
    (name) => {
      expect(mistakesIn({ allowHeaders: [name], exposeHeaders: [name] })).toEqual([
        `allowHeaders=${name}`,
        `exposeHeaders=${name}`,
      ]);
    },
  );

  test.each([
    'Accept-Charset',
    'Accept-Encoding',
    'Access-Control-Request-Headers',
    'Access-Control-Request-Method',
    'Connection',
    'Content-Length',
    'Cookie',
    'Cookie2',
    'Date',
    'DNT',
    'Expect',
    'Host',
    'Keep-Alive',
    'Origin',
    'Proxy-Authorization',
    'Referer',
    'Sec-Fetch-Mode',
    'Set-Cookie',
    'TE',
    'Trailer',
    'Transfer-Encoding',
    'Upgrade',
    'Via',
  ])('cannot allow the request header %s, which pages never send, in any case', (name) => {
    const allowHeaders = [name, name.toLowerCase(), name.toUpperCase()];
    expect(mistakesIn({ allowHeaders })).toEqual(allowHeaders.map((one) => `allowHeaders=${one}`));
  });

  test.each(['Set-Cookie', 'set-cookie2'])(
    'cannot expose the response header %s, which pages never see',
    (name) => {
      expect(mistakesIn({ exposeHeaders: [name] })).toEqual([`exposeHeaders=${name}`]);
    },
  );

  test.each(['', 'PO ST', 'POST,PUT', 'TRACE', 'connect', 'Track'])(
    'cannot have %j as a method',
    (method) => {
      expect(mistakesIn({ methods: ['POST', method] })).toEqual([`methods=${method}`]);
    },
  );

  test.each([-1, 0.5, 86_401, NaN, Infinity])('cannot have a max age of %d', (maxAge) => {
    expect(mistakesIn({ maxAge })).toEqual([`maxAge=${maxAge}`]);
  });

  test('says all that is wrong with it at once: where, what, why, and how to mend it', () => {
    const mistakes = validatePolicy({
      origins: ['*', 'https://example.com/'],
      methods: ['TRACE'],
      allowHeaders: ['Cookie', 'X Y'],
      exposeHeaders: ['Set-Cookie'],
      credentials: true,
      maxAge: 90_000,
    });
    expect(mistakes).toEqual([
      {
        setting: 'CORS_ALLOW_ORIGINS',
        value: '*,https://example.com/',
        reason: '* admits any origin, so the others mean nothing',
        fix: 'Keep either * or the list',
      },
      {
        setting: 'CORS_ALLOW_ORIGINS',
        value: 'https://example.com/',
        reason: 'an origin has no path, not even a trailing slash, no query and no user',
        fix: 'Write https://example.com',
      },
      {
        setting: 'CORS_ALLOW_METHODS',
        value: 'TRACE',
        reason: 'browsers never send this method',
        fix: 'Leave it out',
      },
      {
        setting: 'CORS_ALLOW_HEADERS',
        value: 'Cookie',
        reason: 'browsers keep this header from pages',
        fix: 'Leave it out',
      },
      {
        setting: 'CORS_ALLOW_HEADERS',
        value: 'X Y',
        reason: 'it is no header name',
        fix: 'Write names such as Content-Type, comma separated',
      },
      {
        setting: 'CORS_EXPOSE_HEADERS',
        value: 'Set-Cookie',
        reason: 'browsers keep this header from pages',
        fix: 'Leave it out',
      },
      {
        setting: 'CORS_ALLOW_ORIGINS',
        value: '*',
        reason: 'with credentials, browsers do not take * for "any"',
        fix: 'List the values, or set CORS_ALLOW_CREDENTIALS=false',
      },
      {
        setting: 'CORS_MAX_AGE',
        value: '90000',
        reason: 'it is not between 0 and 86400',
        fix: 'Take 0 to 86400 seconds; Chromium honours up to 7200',
      },
    ]);
  });
});
