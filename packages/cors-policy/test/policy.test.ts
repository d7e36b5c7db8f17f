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

/** Each issue as `field=value`. */
function issuesIn(settings: Partial<CorsSettings>): string[] {
  const policy = validate(settings);
  return Array.isArray(policy) ? policy.map(({ field, value }) => `${field}=${value}`) : [];
}

describe('validatePolicy', () => {
  it('returns * when the only origin is *', () => {
    expect(validatePolicy(VALID)).toEqual({ ...VALID, origins: '*' });
  });

  it('parses the entries of the allow-list to patterns, in order', () => {
    expect(validate({ origins: ['http://localhost:5173', 'https://*.example.com'] })).toMatchObject({
      origins: [
        { scheme: 'http', host: 'localhost', port: '5173', subdomains: false },
        { scheme: 'https', host: 'example.com', port: '', subdomains: true },
      ],
    });
  });

  it.each<[string, Partial<CorsSettings>]>([
    ['credentials for listed origins', { origins: LIST, credentials: true }],
    ['credentials for subdomains', { origins: ['https://*.example.com'], credentials: true }],
    ['any request header', { allowHeaders: ['*', 'Authorization'] }],
    ['any exposed response header', { exposeHeaders: ['*'] }],
    ['only the request headers that need no preflight', { allowHeaders: [] }],
    ['no exposed response header', { exposeHeaders: [] }],
    ['headers that only look forbidden', { allowHeaders: ['X-Cookie', 'Secret', 'Dates', 'Proxy'] }],
    ['every character of a token', { allowHeaders: ["!#$%&'+-.^_`|~09AZaz"] }],
    ['other methods', { methods: ['PUT', 'DELETE', 'x-custom'] }],
    ['no caching of preflights', { maxAge: 0 }],
    ['a day of caching', { maxAge: 86_400 }],
  ])('accepts %s', (_description, settings) => {
    expect(issuesIn(settings)).toEqual([]);
  });

  it.each<[string, Partial<CorsSettings>, string[]]>([
    ['an empty list of origins', { origins: [] }, ['origins=']],
    ['the null origin', { origins: ['null'] }, ['origins=null']],
    ['* next to other origins', { origins: ['*', 'https://example.com'] }, ['origins=*,https://example.com']],
    ['* twice', { origins: ['*', '*'] }, ['origins=*,*']],
    [
      'several bad origins',
      { origins: ['https://a.example/', 'https://b.example', 'c.example'] },
      ['origins=https://a.example/', 'origins=c.example'],
    ],
    ['* with credentials', { credentials: true }, ['origins=*']],
    [
      'any request header with credentials',
      { origins: LIST, credentials: true, allowHeaders: ['Content-Type', '*'] },
      ['allowHeaders=*'],
    ],
    [
      'any exposed response header with credentials',
      { origins: LIST, credentials: true, exposeHeaders: ['*'] },
      ['exposeHeaders=*'],
    ],
    [
      '* everywhere with credentials',
      { credentials: true, allowHeaders: ['*'], exposeHeaders: ['*'] },
      ['origins=*', 'allowHeaders=*', 'exposeHeaders=*'],
    ],
  ])('rejects %s', (_description, settings, issues) => {
    expect(issuesIn(settings)).toEqual(issues);
  });

  it.each(['', 'X Y', 'X:Y', 'X/Y', 'X(Y)', 'X"Y', 'X\r\nY', 'Clé', 'X-Api-Key;'])(
    'rejects the header name %j, which is not a token',
    (name) => {
      expect(issuesIn({ allowHeaders: [name], exposeHeaders: [name] })).toEqual([
        `allowHeaders=${name}`,
        `exposeHeaders=${name}`,
      ]);
    },
  );

  it.each([
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
  ])('rejects the request header %s, which web pages cannot set, in any case', (name) => {
    const allowHeaders = [name, name.toLowerCase(), name.toUpperCase()];
    expect(issuesIn({ allowHeaders })).toEqual(allowHeaders.map((one) => `allowHeaders=${one}`));
  });

  it.each(['Set-Cookie', 'set-cookie2'])(
    'rejects the response header %s, which web pages cannot read',
    (name) => {
      expect(issuesIn({ exposeHeaders: [name] })).toEqual([`exposeHeaders=${name}`]);
    },
  );

  it.each(['', 'PO ST', 'POST,PUT', 'TRACE', 'connect', 'Track'])('rejects the method %j', (method) => {
    expect(issuesIn({ methods: ['POST', method] })).toEqual([`methods=${method}`]);
  });

  it.each([-1, 0.5, 86_401, NaN, Infinity])('rejects a max age of %d', (maxAge) => {
    expect(issuesIn({ maxAge })).toEqual([`maxAge=${maxAge}`]);
  });

  it('returns every issue with its field, value, reason and fix', () => {
    const issues = validatePolicy({
      origins: ['*', 'https://example.com/'],
      methods: ['TRACE'],
      allowHeaders: ['Cookie', 'X Y'],
      exposeHeaders: ['Set-Cookie'],
      credentials: true,
      maxAge: 90_000,
    });
    expect(issues).toEqual([
      {
        field: 'origins',
        value: '*,https://example.com/',
        reason: '* allows any origin, so the other entries have no effect',
        fix: 'Keep either * or the list',
      },
      {
        field: 'origins',
        value: 'https://example.com/',
        reason: 'an origin has no path, trailing slash, query or user name',
        fix: 'Use https://example.com',
      },
      {
        field: 'methods',
        value: 'TRACE',
        reason: 'browsers never send this method',
        fix: 'Remove it',
      },
      {
        field: 'allowHeaders',
        value: 'Cookie',
        reason: 'browsers do not give web pages access to this header',
        fix: 'Remove it',
      },
      {
        field: 'allowHeaders',
        value: 'X Y',
        reason: 'not a valid header name',
        fix: 'Use names such as Content-Type, separated by commas',
      },
      {
        field: 'exposeHeaders',
        value: 'Set-Cookie',
        reason: 'browsers do not give web pages access to this header',
        fix: 'Remove it',
      },
      {
        field: 'origins',
        value: '*',
        reason: 'with credentials, browsers do not treat * as a wildcard',
        fix: 'List the values, or turn credentials off',
      },
      {
        field: 'maxAge',
        value: '90000',
        reason: 'not a valid max age',
        fix: 'Use a whole number of seconds from 0 to 86400; Chromium honors at most 7200',
      },
    ]);
  });
});
