import request from 'supertest';
import {
  apisOf,
  type MockResponse,
  parseTemplate,
  preflightMockResponse,
  resolveTemplate,
} from 'sam-template';
import { decide } from 'cors-policy';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';
import { deploymentWith, LISTED, policyOf, TEMPLATE_TEXT, type Parameters } from './templates';

const PREFLIGHT = { 'Access-Control-Request-Method': 'POST' };

/** Returns the response of API Gateway to a preflight according to the template and its mapping templates. */
function mockResponse(parameters: Parameters, headers: Record<string, string>): MockResponse {
  const { apis } = apisOf(resolveTemplate(parseTemplate(TEMPLATE_TEXT), deploymentWith(parameters)));
  const [api] = apis;
  const method = api?.methods.find(
    ({ path, httpMethod }) => path === '/scanRecords' && httpMethod === 'OPTIONS',
  );
  if (method === undefined) throw new Error('There is no OPTIONS /scanRecords');
  return preflightMockResponse(method, headers);
}

const ORIGINS: [origin: string, isAllowed: boolean][] = [
  ['https://a.example', true],
  ['https://a.example:443', false],
  ['https://a.example:8443', false],
  ['https://a.example/', false],
  ['https://A.example', false],
  ['http://a.example', false],
  ['https://a.example.evil.com', false],
  ['https://ba.example', false],
  ['https://x.a.example', false],
  ['https://x.b.example', true],
  ['https://x.y.b.example', true],
  ['https://x-1.b.example', true],
  ['https://xn--bcher-kva.b.example', true],
  ['https://under_score.b.example', true],
  ['https://b.example', false],
  ['https://xb.example', false],
  ['https://X.b.example', false],
  ['https://x.b.example:8443', false],
  ['http://x.b.example', false],
  ['HTTPS://x.b.example', false],
  ['https://evil.com/.b.example', false],
  ['https://evil.com?.b.example', false],
  ['https://evil.com#.b.example', false],
  ['https://user@x.b.example', false],
  ['https://evil.com:80.b.example', false],
  ['https://evil.com\\.b.example', false],
  ['https://x y.b.example', false],
  ['https://x.b.example.', false],
  ['https://x.b.example, https://x.b.example', false],
  ['https://bücher.b.example', false],
  ['http://x.c.example:8080', true],
  ['http://x.c.example', false],
  ['http://c.example:8080', false],
  ['http://x.c.example:80', false],
  ['http://localhost', true],
  ['http://localhost:5173', true],
  ['http://localhost:65535', true],
  ['https://localhost:5173', false],
  ['http://localhost:', false],
  ['http://localhost:05173', false],
  ['http://localhost:*', false],
  ['http://app.localhost:5173', false],
  ['http://localhost.evil.com:5173', false],
  ['http://localhost:5173.evil.com', false],
  ['http://localhost:5173@evil.com', false],
  ['null', false],
  ['*', false],
  ['', false],
  ['https://', false],
  ['://*.', false],
];

it.each(ORIGINS)('decides about %j in the gateway as in the app: %s', (origin, isAllowed) => {
  const decision = decide(policyOf(LISTED), {
    method: 'OPTIONS',
    origin,
    requestMethod: 'POST',
    requestHeaders: undefined,
  });
  const { headers, body } = mockResponse(LISTED, { Origin: origin });

  expect(headers.get('access-control-allow-origin')).toBe(decision.allowOrigin);
  expect(decision.allowOrigin).toBe(isAllowed ? origin : undefined);
  expect(body).toBe('');
});

// The app accepts every host that a URL can have; the template accepts only host names.
it.each(['https://*.b.example', 'https://.b.example', 'https://x..b.example'])(
  'rejects %s in the gateway, which is not the origin of any web page',
  (origin) => {
    expect(
      mockResponse(LISTED, { Origin: origin }).headers.get('access-control-allow-origin'),
    ).toBeUndefined();
  },
);

it.each(['Origin', 'origin', 'ORIGIN'])(
  'finds the origin in the gateway if the client sends the header as %s',
  (name) => {
    const { headers } = mockResponse(LISTED, { Accept: '*/*', [name]: 'https://x.b.example', Via: '2' });

    expect(headers.get('access-control-allow-origin')).toBe('https://x.b.example');
  },
);

const WITHOUT_CREDENTIALS: Parameters = { CorsAllowOrigins: 'https://a.example,https://*.b.example' };

it.each<[name: string, parameters: Parameters, origin: string | undefined]>([
  ['any origin, and a request without one', {}, undefined],
  ['any origin', {}, 'https://a.example'],
  ['a list, and a request without an origin', LISTED, undefined],
  ['a list, and an origin on it', LISTED, 'https://a.example'],
  ['a list, and a subdomain', LISTED, 'https://x.y.b.example'],
  ['a list, and an origin that is not on it', LISTED, 'https://evil.example'],
  ['a list without credentials', WITHOUT_CREDENTIALS, 'https://a.example'],
])('sends the same headers from the gateway as from the app: %s', async (_name, parameters, origin) => {
  const headers = origin === undefined ? PREFLIGHT : { ...PREFLIGHT, Origin: origin };
  const { app } = testApp(repositoryOf(pageOf()), {
    CORS_ALLOW_ORIGINS: parameters.CorsAllowOrigins,
    CORS_ALLOW_CREDENTIALS: parameters.CorsAllowCredentials,
  });
  const response = await request(app).options('/scanRecords').set(headers).expect(200, '');
  const sent = Object.entries(response.headers as Record<string, string>);
  const shared = sent.filter(([name]) => /^(?:access-control-.*|allow|vary|x-request-id)$/.test(name));

  expect(Object.fromEntries(mockResponse(parameters, headers).headers)).toEqual({
    ...Object.fromEntries(shared),
    // Each makes its own.
    'x-request-id': 'id',
  });
});
