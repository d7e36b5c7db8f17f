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
  ['a MOCK without headers', 'API Gateway (REST API)', 'preflight-headers', [200, REST]],
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
  ['no cors', 'Express', 'express-cors', [200, { 'X-Powered-By': 'Express' }]],
  [
    'headers on OPTIONS only',
    'Flask',
    'flask-cors',
    PASSES,
    [200, { Server: 'Werkzeug/3.0.1 Python/3.12.1' }],
  ],
  ['add_header without always', 'nginx', 'nginx-always', PASSES, [502, { Server: 'nginx/1.24.0' }]],
  ['no add_header', 'nginx', 'nginx-preflight', [405, { Server: 'nginx' }]],
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
  expect(findings).toEqual([]);
});

it('does not blame CloudFront for a response of API Gateway', async () => {
  const viaCloudFront = {
    ...error('MissingAuthenticationTokenException'),
    'X-Cache': 'Error from cloudfront',
  };
  const { findings } = await explained([403, viaCloudFront, MISSING_TOKEN]);
  expect(findings.map(({ ruleId }) => ruleId)).toEqual(['no-options-method']);
});

it('lists the headers when no platform is detected', async () => {
  const { platforms, findings } = await explained([200, {}]);
  expect(platforms).toEqual([]);
  expect(findings[0]?.fix.lines).toContain('Access-Control-Allow-Origin: http://localhost:5173');
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
