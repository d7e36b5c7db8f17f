import { apisOf, parseTemplate, resolveTemplate, samLocalRejections } from 'sam-template';
import { proxied, rawTemplate, startGateway } from '../../../test/helpers/gateway';

const CODE = `exports.handler = async (event) => ({ statusCode: 200, body: event.resource })`;

const SERVERLESS = `
  Function:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: .
      Events:
        Scan: { Type: Api, Properties: { Path: /scan, Method: post } }
        Timer: { Type: Schedule, Properties: { Schedule: rate(1 day) } }
`;

const CORS = `
Globals:
  Api:
    Cors: { AllowOrigin: "'https://a.example'", AllowHeaders: "'Content-Type'", AllowMethods: "'POST,OPTIONS'", MaxAge: "'600'" }
Resources:${SERVERLESS}`;

describe('function events', () => {
  it('become methods of the API that SAM creates', async () => {
    const gateway = await startGateway(`Resources:${SERVERLESS}`, { files: { 'index.js': CODE } });
    try {
      expect(gateway.url).toMatch(/\/Prod$/);
      const response = await fetch(`${gateway.url}/scan`, { method: 'POST' });
      expect(await response.text()).toBe('/scan');
      expect((await fetch(`${gateway.url}/scan`, { method: 'OPTIONS' })).status).toBe(403);
    } finally {
      await gateway.close();
    }
  });

  it('get an OPTIONS method from Cors, which adds no headers to the function response', async () => {
    const gateway = await startGateway(CORS, { files: { 'index.js': CODE } });
    try {
      const preflight = await fetch(`${gateway.url}/scan`, { method: 'OPTIONS' });
      expect(preflight.status).toBe(200);
      expect(preflight.headers.get('Access-Control-Allow-Origin')).toBe('https://a.example');
      expect(preflight.headers.get('Access-Control-Max-Age')).toBe('600');
      const response = await fetch(`${gateway.url}/scan`, { method: 'POST' });
      expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
    } finally {
      await gateway.close();
    }
  });
});

describe('sam local', () => {
  const raw = rawTemplate(proxied('OPTIONS'));

  it.each([
    ['a function comes first', raw.replace('Resources:', `Resources:${SERVERLESS}`), ['OPTIONS /thing']],
    ['a raw resource comes first', raw + SERVERLESS, ['POST /scan']],
    ['the function has no events', raw + SERVERLESS.replace(/ {6}Events:[^]*/, ''), []],
  ])('rejects the methods that come second when %s', (_case, text, expected) => {
    const resolved = resolveTemplate(parseTemplate(text), {
      parameters: {},
      region: 'us-east-1',
      accountId: '1',
    });
    const rejected = samLocalRejections(resolved.resources, apisOf(resolved).apis);
    expect(rejected.map(({ method }) => `${method.httpMethod} ${method.path}`)).toEqual(expected);
  });
});

describe('apisOf', () => {
  it('ignores the methods of a resource that is its own parent', () => {
    const text = rawTemplate(proxied('POST')).replace(
      'ParentId: !GetAtt Api.RootResourceId',
      'ParentId: !Ref Thing',
    );
    const resolved = resolveTemplate(parseTemplate(text), {
      parameters: {},
      region: 'us-east-1',
      accountId: '1',
    });
    expect(apisOf(resolved).apis).toEqual([]);
  });
});
