import type { APIGatewayProxyEvent } from 'aws-lambda';
import { proxyRequest } from '../../src/lambda/proxyRequest';

function event(fields: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
  return {
    resource: '/scanRecords',
    path: '/scanRecords',
    httpMethod: 'POST',
    headers: {},
    multiValueHeaders: {},
    pathParameters: null,
    queryStringParameters: null,
    multiValueQueryStringParameters: null,
    stageVariables: null,
    body: null,
    isBase64Encoded: false,
    requestContext: { requestId: 'from-the-gateway' } as APIGatewayProxyEvent['requestContext'],
    ...fields,
  };
}

describe('proxyRequest', () => {
  it('uses the path of the resource, not the one with the base path of a custom domain', () => {
    expect(proxyRequest(event({ path: '/v1/scanRecords' })).path).toBe('/scanRecords');
  });

  it.each([
    ['a/b', '/a/b'],
    ['a b/ü', '/a%20b/%C3%BC'],
    ['a%20b', '/a%20b'],
  ])('inserts the proxy parameter %s into the path', (proxy, path) => {
    const fields = { resource: '/{proxy+}', path: `/${proxy}`, pathParameters: { proxy } };
    expect(proxyRequest(event(fields)).path).toBe(path);
  });

  it('keeps the query', () => {
    const multiValueQueryStringParameters = { a: ['1', '2'], 'b&': ['ü'] };
    expect(proxyRequest(event({ multiValueQueryStringParameters })).path).toBe(
      '/scanRecords?a=1&a=2&b%26=%C3%BC',
    );
  });

  it('keeps every header value except those of the connection to the gateway', () => {
    const multiValueHeaders = {
      Accept: ['text/csv', 'application/json'],
      Connection: ['keep-alive'],
      'Transfer-Encoding': ['chunked'],
      Host: ['api.example'],
    };
    expect(proxyRequest(event({ multiValueHeaders })).headers).toEqual({
      accept: ['text/csv', 'application/json'],
      'x-request-id': ['from-the-gateway'],
    });
  });

  it('keeps the headers of an event with single values only', () => {
    const { multiValueHeaders: _, ...single } = event({ headers: { Origin: 'https://a.example' } });
    expect(proxyRequest(single as APIGatewayProxyEvent).headers.origin).toEqual(['https://a.example']);
  });

  it('replaces X-Forwarded-For of the client by the address that API Gateway saw', () => {
    const headers = { 'X-Forwarded-For': '10.0.0.1, 203.0.113.7' };
    const requestContext = {
      requestId: 'id',
      identity: { sourceIp: '203.0.113.7' },
    } as APIGatewayProxyEvent['requestContext'];
    expect(proxyRequest(event({ headers, requestContext })).headers['x-forwarded-for']).toEqual([
      '203.0.113.7',
    ]);
    expect(proxyRequest(event({ headers })).headers).not.toHaveProperty('x-forwarded-for');
  });

  it('keeps the request id of the client', () => {
    const headers = { 'X-Request-Id': 'from-the-client' };
    expect(proxyRequest(event({ headers })).headers['x-request-id']).toEqual(['from-the-client']);
  });

  it('encodes header values as UTF-8 bytes', () => {
    expect(proxyRequest(event({ headers: { 'X-Name': 'ü' } })).headers['x-name']).toEqual(['Ã¼']);
  });

  it.each([
    ['text', { body: '{"ä":1}', isBase64Encoded: false }],
    ['base64', { body: Buffer.from('{"ä":1}').toString('base64'), isBase64Encoded: true }],
  ])('decodes a body of %s and sets its length in bytes', (_encoding, fields) => {
    const { body, headers } = proxyRequest(event({ ...fields, headers: { 'Content-Length': '1' } }));
    expect(body.toString()).toBe('{"ä":1}');
    expect(headers['content-length']).toEqual(['8']);
  });

  it('sends no body if the event has none', () => {
    const { body, headers } = proxyRequest(event());
    expect(body.byteLength).toBe(0);
    expect(headers['content-length']).toBeUndefined();
  });
});
