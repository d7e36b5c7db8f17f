import { type IncomingMessage, request } from 'node:http';
import { once } from 'node:events';
import {
  FUNCTION,
  proxied,
  rawTemplate,
  startGateway,
  type TestGateway,
} from '../../../test/helpers/gateway';

const ECHO = `exports.handler = async (event) => ({ statusCode: 200, body: JSON.stringify(event) })`;

const MORE = `
  Named:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !Ref Thing, PathPart: '{name}' }
  NamedGet:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Named, ${proxied('GET')} }
  Rest:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !Ref Thing, PathPart: '{proxy+}' }
  RestAny:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Rest, ${proxied('ANY')} }
  Signed:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: signed }
  SignedPost:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Signed, ${proxied('POST').replace('NONE', 'AWS_IAM')} }
  Keyed:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: keyed }
  KeyedPost:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Keyed, ApiKeyRequired: true, ${proxied('POST')} }
  Errors:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Api
      ResponseType: DEFAULT_4XX
      ResponseParameters:
        gatewayresponse.header.Access-Control-Allow-Origin: method.request.header.Origin
        gatewayresponse.header.Vary: "'Origin'"
  Stage:
    Type: AWS::ApiGateway::Stage
    Properties: { RestApiId: !Ref Api, StageName: v1 }
${FUNCTION}`;

interface Event {
  resource: string;
  path: string;
  pathParameters: Record<string, string> | null;
  headers: Record<string, string>;
  multiValueHeaders: Record<string, string[]>;
  multiValueQueryStringParameters: Record<string, string[]> | null;
  body: string | null;
  isBase64Encoded: boolean;
}

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startGateway(rawTemplate(proxied('POST'), MORE), { files: { 'index.js': ECHO } });
});

afterAll(async () => {
  await gateway.close();
});

async function eventOf(path: string, init: RequestInit = {}): Promise<Event> {
  return (await (await fetch(`${gateway.url}${path}`, init)).json()) as Event;
}

describe('the gateway', () => {
  it('serves an API under the path of its stage', () => {
    expect(gateway.url).toMatch(/\/v1$/);
  });

  it.each([
    ['a method that the path lacks', 'GET', '/v1/thing'],
    ['OPTIONS without an OPTIONS method', 'OPTIONS', '/v1/thing'],
    ['an unknown path', 'POST', '/v1/nothing'],
    ['a path in a different case', 'POST', '/v1/Thing'],
    ['two slashes at the end', 'POST', '/v1/thing//'],
    ['two slashes', 'POST', '//v1/thing'],
    ['another stage', 'POST', '/prod/thing'],
    ['no stage', 'POST', '/thing'],
    ['a segment that only starts with the stage', 'POST', '/v12/thing'],
  ])('returns 403 Missing Authentication Token for %s', async (_what, method, path) => {
    const response = await fetch(`${gateway.origin}${path}`, { method });
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-ErrorType')).toBe('MissingAuthenticationTokenException');
    expect(await response.json()).toEqual({ message: 'Missing Authentication Token' });
  });

  it('treats an Authorization header on an unknown path as an incomplete signature', async () => {
    const response = await fetch(`${gateway.url}/nothing`, { headers: { Authorization: 'Bearer secret' } });
    const { message } = (await response.json()) as { message: string };
    expect(response.status).toBe(403);
    expect(response.headers.get('x-amzn-ErrorType')).toBe('IncompleteSignatureException');
    expect(message).toContain("Authorization header requires 'Credential' parameter.");
    expect(message).not.toContain('secret');
  });

  it('adds the headers of the gateway responses to its errors only inside a stage', async () => {
    const headers = { Origin: 'https://a.example' };
    const inside = await fetch(`${gateway.url}/nothing`, { headers });
    expect(inside.headers.get('Access-Control-Allow-Origin')).toBe('https://a.example');
    expect(inside.headers.get('Vary')).toBe('Origin');
    const outside = await fetch(`${gateway.origin}/nothing`, { headers });
    expect(outside.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it.each([
    ['/thing/some%20name', '/thing/{name}', { name: 'some name' }],
    ['/thing/a/b', '/thing/{proxy+}', { proxy: 'a/b' }],
    ['/thing/some/', '/thing/{name}', { name: 'some' }],
    ['/thing/a/b/', '/thing/{proxy+}', { proxy: 'a/b' }],
  ])('routes %s to %s', async (path, resource, pathParameters) => {
    expect(await eventOf(path)).toMatchObject({ resource, path, pathParameters });
  });

  it('ignores a slash at the end of the path', async () => {
    expect(await eventOf('/thing/', { method: 'POST' })).toMatchObject({ resource: '/thing' });
  });

  it('returns 400 for a request target that is not a URL', async () => {
    const client = request(gateway.origin, { method: 'OPTIONS', path: '*' }).end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(400);
  });

  it('does not fall back to a less specific path when the method is missing', async () => {
    expect((await fetch(`${gateway.url}/thing/name`, { method: 'DELETE' })).status).toBe(403);
  });

  it('passes the last value and all values of headers and query parameters to the function', async () => {
    const client = request(`${gateway.url}/thing/a/b?x=1&x=2`, { headers: { 'X-Several': ['1', '2'] } });
    client.end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    const chunks = await response.toArray();
    const event = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Event;
    expect(event.headers['X-Several']).toBe('2');
    expect(event.multiValueHeaders['X-Several']).toEqual(['1', '2']);
    expect(event.multiValueQueryStringParameters).toEqual({ x: ['1', '2'] });
  });

  it('passes names of Object.prototype to the function', async () => {
    const event = await eventOf('/thing/a/b?constructor=1&__proto__=2', { headers: { valueOf: '3' } });
    expect(Object.entries(event.multiValueQueryStringParameters ?? {})).toEqual([
      ['constructor', ['1']],
      ['__proto__', ['2']],
    ]);
    expect(Object.entries(event.headers)).toContainEqual(['valueOf', '3']);
  });

  it('accepts the body of a client that waits for 100 Continue', async () => {
    const client = request(`${gateway.url}/thing`, { method: 'POST', headers: { Expect: '100-continue' } });
    client.flushHeaders();
    await once(client, 'continue');
    client.end('{}');
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    expect(response.resume().statusCode).toBe(200);
  });

  it('passes a body as text and a missing body as null', async () => {
    expect(await eventOf('/thing', { method: 'POST', body: '{"ä":1}' })).toMatchObject({
      body: '{"ä":1}',
      isBase64Encoded: false,
    });
    expect((await eventOf('/thing', { method: 'POST' })).body).toBeNull();
  });

  it.each([
    ['/signed', {}, 403, 'Missing Authentication Token'],
    ['/keyed', {}, 403, 'Forbidden'],
  ])('rejects a request to %s without credentials', async (path, headers, status, message) => {
    const response = await fetch(`${gateway.url}${path}`, { method: 'POST', headers });
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ message });
  });

  it('returns 413 for a body over 10 MB', async () => {
    const body = Buffer.alloc(10 * 1024 * 1024 + 1, ' ');
    const response = await fetch(`${gateway.url}/thing`, { method: 'POST', body });
    expect(response.status).toBe(413);
    expect(await response.json()).toEqual({ message: 'Request Too Long' });
  });

  it('notes the features that it does not emulate', () => {
    expect(gateway.notes).toEqual(
      expect.arrayContaining(['Api: signatures are not checked: any signature is accepted']),
    );
  });
});
