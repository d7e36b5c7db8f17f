/** Detects the platform from its responses, and explains what is wrong. */
import type { PageCall, RequestResult } from '../src/diagnosis';
import { evidenceOf } from '../src/evidence';
import { explain } from '../src/platforms/explain';
import { diagnose } from '../src/verdict/diagnose';

const CALL: PageCall = {
  url: 'https://api.example/prod/scanRecords',
  origin: 'http://localhost:5173',
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  credentials: 'same-origin',
  reads: [],
};

/** The default headers of Django's security middleware. */
const DJANGO = {
  'X-Frame-Options': 'DENY',
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
};

type FixedResponse = [status: number, headers: Record<string, string>, body?: string];

const CORS = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': 'Content-Type' };
const PASSES: FixedResponse = [200, CORS];
const MISSING_TOKEN = '{"message":"Missing Authentication Token"}';
const REST = { 'x-amzn-RequestId': 'id' };

function responseOf([status, headers, body = '']: FixedResponse): RequestResult {
  return { kind: 'response', status, headers: Object.entries(headers), body };
}

/** Explains a server with these responses to OPTIONS and POST. */
async function explained(preflight: FixedResponse, request: FixedResponse = PASSES, call = CALL) {
  const diagnosis = await diagnose(call, ({ method }) =>
    Promise.resolve(responseOf(method === 'OPTIONS' ? preflight : request)),
  );
  return explain(evidenceOf(call, diagnosis));
}

const error = (type: string) => ({ ...REST, 'x-amzn-ErrorType': type });

const SIGNATURE = `{"message":"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter."}`;

type Case = [
  description: string,
  platform: string,
  finding: string,
  preflight: FixedResponse,
  request?: FixedResponse,
];

const CASES: Case[] = [
  [
    'no OPTIONS',
    'API Gateway (REST API)',
    'no-options-method',
    [403, error('MissingAuthenticationTokenException'), MISSING_TOKEN],
  ],
  [
    'no OPTIONS, with Authorization',
    'API Gateway (REST API)',
    'no-options-method',
    [403, error('IncompleteSignatureException'), SIGNATURE],
  ],
  [
    'a MOCK that fails',
    'API Gateway (REST API)',
    'mock-without-status',
    [500, error('InternalServerErrorException'), '{"message": "Internal server error"}'],
  ],
  [
    'an authorizer on OPTIONS',
    'API Gateway (REST API)',
    'preflight-needs-credentials',
    [401, error('UnauthorizedException'), '{"message":"Unauthorized"}'],
  ],
  [
    'an API key on OPTIONS',
    'API Gateway (REST API)',
    'preflight-needs-key',
    [403, error('ForbiddenException'), '{"message":"Forbidden"}'],
  ],
  ['a MOCK without headers', 'API Gateway (REST API)', 'no-cors', [200, REST]],
  [
    'no POST',
    'API Gateway (REST API)',
    'no-method',
    PASSES,
    [403, error('MissingAuthenticationTokenException'), MISSING_TOKEN],
  ],
  [
    'a gateway error',
    'API Gateway (REST API)',
    'gateway-error-without-cors',
    PASSES,
    [504, error('InternalServerErrorException'), '{"message": "Endpoint request timed out"}'],
  ],
  [
    'a function without headers',
    'an integration behind API Gateway',
    'function-without-cors',
    PASSES,
    [200, { ...REST, 'X-Amzn-Trace-Id': 'Root=1' }],
  ],
  [
    'CORS that does not allow the request',
    'API Gateway (HTTP API)',
    'http-api-cors',
    [204, { 'apigw-requestid': 'id' }],
  ],
  [
    '$default with an authorizer',
    'API Gateway (HTTP API)',
    'route-catches-preflight',
    [401, { 'apigw-requestid': 'id' }, '{"message":"Unauthorized"}'],
  ],
  [
    'a response without headers',
    'API Gateway (HTTP API)',
    'http-api-response',
    [204, { ...CORS, 'apigw-requestid': 'id' }],
    [200, { 'apigw-requestid': 'id' }],
  ],
  [
    'an ignored OPTIONS',
    'sam local',
    'sam-local-no-options',
    [403, { Server: 'Werkzeug/3.0.1 Python/3.12.1' }, MISSING_TOKEN],
  ],
  [
    'an ignored POST',
    'sam local',
    'sam-local-no-method',
    PASSES,
    [403, { Server: 'Werkzeug/3.0.1 Python/3.12.1' }, MISSING_TOKEN],
  ],
  [
    'a 502 of sam local',
    'sam local',
    'sam-local-502',
    PASSES,
    [502, { Server: 'Werkzeug/3.0.1 Python/3.12.1' }, '{"message":"Internal server error"}'],
  ],
  [
    'OPTIONS not allowed',
    'CloudFront',
    'cloudfront-methods',
    [403, { Via: '1.1 a.cloudfront.net (CloudFront)', 'X-Cache': 'Error from cloudfront' }],
  ],
  [
    'Origin not forwarded',
    'CloudFront',
    'cloudfront-origin-header',
    PASSES,
    [200, { 'X-Cache': 'Hit from cloudfront' }],
  ],
  [
    'no healthy target',
    'Application Load Balancer',
    'load-balancer-response',
    [503, { Server: 'awselb/2.0' }],
  ],
  ['no cors', 'Express', 'no-cors', [200, { 'X-Powered-By': 'Express' }]],
  [
    'headers on OPTIONS only',
    'Flask',
    'headers-on-options-only',
    PASSES,
    [200, { Server: 'Werkzeug/3.0.1 Python/3.12.1' }],
  ],
  [
    'add_header without always',
    'nginx',
    'nginx-always',
    PASSES,
    [413, { Server: 'nginx/1.24.0' }, '<hr><center>nginx/1.24.0</center>'],
  ],
  ['an application that is down', 'nginx', 'server-unavailable', PASSES, [502, { Server: 'nginx/1.24.0' }]],
  ['no add_header', 'nginx', 'preflight-method', [405, { Server: 'nginx' }]],
  [
    'an origin that is not in allow_origins',
    'FastAPI or Starlette',
    'starlette-disallowed',
    [
      400,
      { server: 'nginx', vary: 'Origin', 'content-type': 'text/plain; charset=utf-8' },
      'Disallowed CORS origin',
    ],
  ],
  [
    'no CORSMiddleware',
    'FastAPI or Starlette',
    'preflight-method',
    [405, { server: 'uvicorn', allow: 'POST' }, '{"detail":"Method Not Allowed"}'],
  ],
  ['no response of FastAPI itself', 'likely FastAPI or Starlette', 'no-cors', [200, { server: 'uvicorn' }]],
  [
    'no corsheaders',
    'Django',
    'preflight-method',
    [405, { Server: 'WSGIServer/0.2 CPython/3.12.3', Allow: 'POST', ...DJANGO }],
  ],
  ['Django behind gunicorn', 'likely Django', 'no-cors', [200, { Server: 'gunicorn', ...DJANGO }]],
  [
    'a policy that rejects the request',
    'Spring',
    'spring-rejected',
    [403, { 'Content-Type': 'text/plain' }, 'Invalid CORS request'],
  ],
  [
    'Spring Security without CORS',
    'likely Spring',
    'preflight-needs-credentials',
    [
      401,
      {
        'WWW-Authenticate': 'Basic realm="Realm"',
        'X-Content-Type-Options': 'nosniff',
        'X-XSS-Protection': '0',
        'Cache-Control': 'no-cache, no-store, max-age=0, must-revalidate',
        Pragma: 'no-cache',
        Expires: '0',
      },
    ],
  ],
  [
    'an error of Spring Boot',
    'Spring',
    'preflight-not-found',
    [
      404,
      { 'Content-Type': 'application/json' },
      '{"timestamp":"2026-01-01T00:00:00.000+00:00","status":404,"error":"Not Found","path":"/scanRecords"}',
    ],
  ],
  [
    'a path that net/http does not know',
    'Go (net/http)',
    'preflight-not-found',
    [
      404,
      { 'Content-Type': 'text/plain; charset=utf-8', 'X-Content-Type-Options': 'nosniff' },
      '404 page not found\n',
    ],
  ],
  [
    'a path that gin does not know',
    'gin',
    'preflight-not-found',
    [404, { 'Content-Type': 'text/plain' }, '404 page not found'],
  ],
  [
    'an origin that rs/cors does not allow',
    'likely rs/cors (Go)',
    'origin-not-allowed',
    [204, { Vary: 'Origin, Access-Control-Request-Method, Access-Control-Request-Headers' }],
  ],
  ['no UseCors', 'ASP.NET', 'preflight-method', [405, { Server: 'Kestrel', Allow: 'POST' }]],
  [
    'Windows authentication in IIS',
    'ASP.NET',
    'preflight-needs-credentials',
    [401, { Server: 'Microsoft-IIS/10.0', 'WWW-Authenticate': 'Negotiate', 'X-Powered-By': 'ASP.NET' }],
  ],
  [
    'no headers in next.config.js',
    'Next.js',
    'no-cors',
    [204, { Allow: 'OPTIONS, POST', 'X-Powered-By': 'Next.js' }],
  ],
  [
    'another policy',
    'this server',
    'cors-setting',
    [
      200,
      {
        'X-Request-Id': 'id',
        'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
        'Cross-Origin-Resource-Policy': 'cross-origin',
      },
    ],
  ],
];

it.each(CASES)('for %s: detects %s and finds %s', async (...row: Case) => {
  const [, platform, finding, preflight, request] = row;
  const { platforms, findings } = await explained(preflight, request);
  expect(platforms).toContain(platform);
  expect(findings.map(({ ruleId }) => ruleId)).toContain(finding);
  const [first] = findings;
  expect(first?.fix.description).toMatch(/\.\)?$/);
});

it('finds no protection in a response with a code that is a name of Object.prototype', async () => {
  const problem = { ...CORS, 'Content-Type': 'application/problem+json', 'X-Request-Id': 'id' };
  const { platforms, findings } = await explained(PASSES, [
    403,
    problem,
    '{"code":"constructor","requestId":"id"}',
  ]);
  expect(platforms).toEqual(['this server']);
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['status-403']);
});

it('does not blame CloudFront for a response of API Gateway', async () => {
  const viaCloudFront = {
    ...error('MissingAuthenticationTokenException'),
    'X-Cache': 'Error from cloudfront',
  };
  const { findings } = await explained([403, viaCloudFront, MISSING_TOKEN]);
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['no-options-method', 'without-sam']);
});

it('lists the headers when no platform is detected', async () => {
  const { platforms, findings } = await explained([200, {}]);
  expect(platforms).toEqual([]);
  expect(findings[0]?.fix.lines).toContain('Access-Control-Allow-Origin: http://localhost:5173');
});

const FUNCTION_URL = 'https://abc123.lambda-url.us-east-1.on.aws/';

it.each<[ruleId: string, preflight: FixedResponse, request: FixedResponse]>([
  ['no-cors', [200, REST, ''], PASSES],
  ['function-url-denied', PASSES, [403, REST, '{"Message":"Forbidden"}']],
])('finds %s for a function URL, in its own terms', async (ruleId, preflight, request) => {
  const { platforms, findings } = await explained(preflight, request, { ...CALL, url: FUNCTION_URL });
  expect(platforms).toEqual(['Lambda function URL']);
  expect(findings[0]).toMatchObject({
    ruleId,
    fix: { lines: expect.arrayContaining(['FunctionUrlConfig:']) as unknown },
  });
});

it('lets IIS itself respond to preflights if Windows authentication rejects them', async () => {
  const { findings } = await explained([401, { Server: 'Microsoft-IIS/10.0', 'WWW-Authenticate': 'NTLM' }]);
  expect(findings[0]?.fix.lines).toContain('<cors enabled="true">');
});

it('says "if" in the fix when other servers send such a response too', async () => {
  const { findings } = await explained([200, { server: 'uvicorn' }]);
  expect(findings[0]?.fix.description).toMatch(/^If this is FastAPI or Starlette: /);
});

it('suggests the proxy of a development server only for an unknown server and a local web page', async () => {
  const idsFor = async (call: PageCall, preflight: FixedResponse) =>
    (await explained(preflight, PASSES, call)).findings.map(({ ruleId }) => ruleId);
  expect(await idsFor(CALL, [200, {}])).toContain('development-proxy');
  expect(await idsFor({ ...CALL, origin: 'https://app.example' }, [200, {}])).not.toContain(
    'development-proxy',
  );
  expect(await idsFor(CALL, [200, { 'X-Powered-By': 'Express' }])).not.toContain('development-proxy');
});

it('lists only the missing settings of this server', async () => {
  const own = {
    'X-Request-Id': 'id',
    'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
  const call: PageCall = { ...CALL, headers: [['X-Mine', '1']] };
  const { findings } = await explained([200, { ...own, ...CORS }], PASSES, call);
  expect(findings[0]?.fix.lines).toEqual(['CORS_ALLOW_HEADERS=Content-Type,X-Mine']);
});
