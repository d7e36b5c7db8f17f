import { decide, variesByOrigin, type CorsRequest, type CorsDecision } from '../src/decision';
import { validatePolicy, type CorsPolicy, type CorsSettings } from '../src/policy';

type Settings = Partial<CorsSettings>;

const DEFAULTS: CorsSettings = {
  origins: ['*'],
  methods: ['POST', 'OPTIONS'],
  allowHeaders: ['Content-Type', 'X-Amz-Date', 'Authorization', 'X-Api-Key', 'X-Amz-Security-Token'],
  exposeHeaders: ['X-Request-Id'],
  credentials: false,
  maxAge: 7200,
};

const ANY: Settings = {};
const LIST: Settings = { origins: ['https://example.com', 'https://*.example.org'] };
const ANY_HEADER: Settings = { allowHeaders: ['*'] };

const LISTED = 'https://example.com';
const UNLISTED = 'https://evil.example';

function policyOf(settings: Settings): CorsPolicy {
  const policy = validatePolicy({ ...DEFAULTS, ...settings });
  if (Array.isArray(policy)) throw new Error('the policy is invalid');
  return policy;
}

function request(method: string, origin?: string, requestMethod?: string, headers?: string): CorsRequest {
  return { method, origin, requestMethod, requestHeaders: headers };
}

function preflight(origin: string, method: string, headers?: string): CorsRequest {
  return request('OPTIONS', origin, method, headers);
}

describe('decide', () => {
  it.each<[string, Settings, CorsRequest, CorsDecision]>([
    [
      'allows * to read the response to a request without Origin when any origin is allowed',
      ANY,
      request('POST'),
      { name: 'NotCors', allowOrigin: '*', preflight: false },
    ],
    [
      'allows no origin to read the response to a request without Origin when the policy is a list',
      LIST,
      request('POST'),
      { name: 'NotCors', allowOrigin: undefined, preflight: false },
    ],
    [
      'does not treat an OPTIONS request without Origin as a preflight',
      LIST,
      request('OPTIONS', undefined, 'POST'),
      { name: 'NotCors', allowOrigin: undefined, preflight: false },
    ],
    [
      'allows any origin when the policy is *',
      ANY,
      request('POST', UNLISTED),
      { name: 'Allowed', allowOrigin: '*', preflight: false },
    ],
    [
      'allows the origin null when the policy is *',
      ANY,
      request('POST', 'null'),
      { name: 'Allowed', allowOrigin: '*', preflight: false },
    ],
    [
      'allows a listed origin by name',
      LIST,
      request('POST', LISTED),
      { name: 'Allowed', allowOrigin: LISTED, preflight: false },
    ],
    [
      'allows a subdomain by its own name, not by the pattern',
      LIST,
      request('POST', 'https://a.b.example.org'),
      { name: 'Allowed', allowOrigin: 'https://a.b.example.org', preflight: false },
    ],
    [
      'blocks an unlisted origin',
      LIST,
      request('POST', UNLISTED),
      {
        name: 'OriginNotAllowed',
        allowOrigin: undefined,
        preflight: false,
        origin: UNLISTED,
      },
    ],
    ...['null', '', 'https://a, https://b', 'https://Example.com', '*'].map(
      (origin): [string, Settings, CorsRequest, CorsDecision] => [
        `blocks the origin ${JSON.stringify(origin)} when the policy is a list`,
        LIST,
        request('POST', origin),
        {
          name: 'OriginNotAllowed',
          allowOrigin: undefined,
          preflight: false,
          origin,
        },
      ],
    ),
    [
      'does not treat an OPTIONS request without Access-Control-Request-Method as a preflight',
      LIST,
      request('OPTIONS', LISTED),
      { name: 'Allowed', allowOrigin: LISTED, preflight: false },
    ],
    [
      'does not treat a POST request with Access-Control-Request-Method as a preflight',
      LIST,
      request('POST', LISTED, 'DELETE', 'X-Custom'),
      { name: 'Allowed', allowOrigin: LISTED, preflight: false },
    ],
    [
      'reports only the unlisted origin when the method and the headers are not allowed either',
      LIST,
      preflight(UNLISTED, 'DELETE', 'X-Custom'),
      {
        name: 'OriginNotAllowed',
        allowOrigin: undefined,
        preflight: true,
        origin: UNLISTED,
      },
    ],
    ...['POST', 'OPTIONS', 'GET', 'HEAD'].map((method): [string, Settings, CorsRequest, CorsDecision] => [
      `allows a preflight for ${method}, which is listed or safelisted`,
      LIST,
      preflight(LISTED, method),
      { name: 'Allowed', allowOrigin: LISTED, preflight: true },
    ]),
    ...['PUT', 'PATCH', 'DELETE', 'post'].map((method): [string, Settings, CorsRequest, CorsDecision] => [
      `blocks a preflight for ${method}`,
      LIST,
      preflight(LISTED, method),
      {
        name: 'MethodNotAllowed',
        allowOrigin: LISTED,
        preflight: true,
        method,
      },
    ]),
    [
      'ignores case and white space in the requested headers',
      ANY,
      preflight(UNLISTED, 'POST', 'authorization,content-type , X-API-KEY,'),
      { name: 'Allowed', allowOrigin: '*', preflight: true },
    ],
    [
      'blocks a preflight for unlisted headers and names only those',
      ANY,
      preflight(UNLISTED, 'POST', 'content-type,X-One, x-two'),
      {
        name: 'HeadersNotAllowed',
        allowOrigin: '*',
        preflight: true,
        headers: ['x-one', 'x-two'],
      },
    ],
    [
      'allows a preflight for any header when * is listed',
      ANY_HEADER,
      preflight(UNLISTED, 'POST', 'x-one,x-two'),
      { name: 'Allowed', allowOrigin: '*', preflight: true },
    ],
    [
      'blocks a preflight for Authorization when only * is listed',
      ANY_HEADER,
      preflight(UNLISTED, 'POST', 'x-one,authorization'),
      {
        name: 'HeadersNotAllowed',
        allowOrigin: '*',
        preflight: true,
        headers: ['authorization'],
      },
    ],
    [
      'allows a preflight for Authorization when it is listed next to *',
      { allowHeaders: ['*', 'Authorization'] },
      preflight(UNLISTED, 'POST', 'x-one,authorization'),
      { name: 'Allowed', allowOrigin: '*', preflight: true },
    ],
  ])('%s', (_title, settings, corsRequest, decision) => {
    expect(decide(policyOf(settings), corsRequest)).toEqual(decision);
  });
});

describe('variesByOrigin', () => {
  it.each([
    { title: 'returns false when the policy allows any origin', settings: ANY, varies: false },
    { title: 'returns true for one origin', settings: { origins: [LISTED] }, varies: true },
    { title: 'returns true for several origins', settings: LIST, varies: true },
  ])('$title', ({ settings, varies }) => {
    expect(variesByOrigin(policyOf(settings))).toBe(varies);
  });
});
