import { parseConfig, type Environment } from '../../../src/config/config';
import { decide, variesByOrigin, type CorsRequest, type CorsDecision } from '../src/decision';

const ANY: Environment = {};
const LIST: Environment = { CORS_ALLOW_ORIGINS: 'https://example.com,https://*.example.org' };
const ANY_HEADER: Environment = { CORS_ALLOW_HEADERS: '*' };

const LISTED = 'https://example.com';
const UNLISTED = 'https://evil.example';

function policyOf(environment: Environment) {
  return parseConfig(environment).cors;
}

function request(method: string, origin?: string, requestMethod?: string, headers?: string): CorsRequest {
  return { method, origin, requestMethod, requestHeaders: headers };
}

function preflight(origin: string, method: string, headers?: string): CorsRequest {
  return request('OPTIONS', origin, method, headers);
}

test.each<[string, Environment, CorsRequest, CorsDecision]>([
  [
    'a request without Origin is no CORS request; where any origin is allowed, it is told so',
    ANY,
    request('POST'),
    { name: 'NotCors', allowOrigin: '*', preflight: false },
  ],
  [
    'a request without Origin is told nothing by a list',
    LIST,
    request('POST'),
    { name: 'NotCors', allowOrigin: undefined, preflight: false },
  ],
  [
    'what would be a preflight is none without Origin',
    LIST,
    request('OPTIONS', undefined, 'POST'),
    { name: 'NotCors', allowOrigin: undefined, preflight: false },
  ],
  [
    'any origin is allowed by *',
    ANY,
    request('POST', UNLISTED),
    { name: 'Allowed', allowOrigin: '*', preflight: false },
  ],
  [
    'even null is allowed by *',
    ANY,
    request('POST', 'null'),
    { name: 'Allowed', allowOrigin: '*', preflight: false },
  ],
  [
    'a listed origin is allowed by name',
    LIST,
    request('POST', LISTED),
    { name: 'Allowed', allowOrigin: LISTED, preflight: false },
  ],
  [
    'a subdomain is allowed by its own name, not by the pattern',
    LIST,
    request('POST', 'https://a.b.example.org'),
    { name: 'Allowed', allowOrigin: 'https://a.b.example.org', preflight: false },
  ],
  [
    'an unlisted origin is refused, and the mend is to list it',
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
    (origin): [string, Environment, CorsRequest, CorsDecision] => [
      `${JSON.stringify(origin)} is refused by a list, and no entry could admit it`,
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
    'an OPTIONS without Access-Control-Request-Method is no preflight',
    LIST,
    request('OPTIONS', LISTED),
    { name: 'Allowed', allowOrigin: LISTED, preflight: false },
  ],
  [
    'a POST with Access-Control-Request-Method is no preflight',
    LIST,
    request('POST', LISTED, 'DELETE', 'X-Custom'),
    { name: 'Allowed', allowOrigin: LISTED, preflight: false },
  ],
  [
    'a preflight of an unlisted origin is refused for its origin, whatever else it asks for',
    LIST,
    preflight(UNLISTED, 'DELETE', 'X-Custom'),
    {
      name: 'OriginNotAllowed',
      allowOrigin: undefined,
      preflight: true,
      origin: UNLISTED,
    },
  ],
  ...['POST', 'OPTIONS', 'GET', 'HEAD'].map((method): [string, Environment, CorsRequest, CorsDecision] => [
    `a preflight for ${method}, listed or safelisted, passes`,
    LIST,
    preflight(LISTED, method),
    { name: 'Allowed', allowOrigin: LISTED, preflight: true },
  ]),
  ...['PUT', 'PATCH', 'DELETE', 'post'].map((method): [string, Environment, CorsRequest, CorsDecision] => [
    `a preflight for ${method} does not pass, and the mend says which methods do`,
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
    'a preflight for listed headers passes in whatever case and spacing',
    ANY,
    preflight(UNLISTED, 'POST', 'authorization,content-type , X-API-KEY,'),
    { name: 'Allowed', allowOrigin: '*', preflight: true },
  ],
  [
    'a preflight for other headers does not pass, and the verdict lists those and no more',
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
    'a preflight for any header passes where * is listed',
    ANY_HEADER,
    preflight(UNLISTED, 'POST', 'x-one,x-two'),
    { name: 'Allowed', allowOrigin: '*', preflight: true },
  ],
  [
    'Authorization must be listed by name, as * does not stand for it',
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
    'Authorization passes where it is listed next to *',
    { CORS_ALLOW_HEADERS: '*,Authorization' },
    preflight(UNLISTED, 'POST', 'x-one,authorization'),
    { name: 'Allowed', allowOrigin: '*', preflight: true },
  ],
])('%s', (_sentence, environment, asked, verdict) => {
  expect(decide(policyOf(environment), asked)).toEqual(verdict);
});

test.each<[string, Environment, boolean]>([
  ['any origin', ANY, false],
  ['one origin', { CORS_ALLOW_ORIGINS: LISTED }, true],
  ['several origins', LIST, true],
])('an allow-list of %s: answers vary by origin is %s', (_what, environment, varies) => {
  expect(variesByOrigin(policyOf(environment))).toBe(varies);
});
