import type { APIGatewayProxyEvent } from 'aws-lambda';
import { proxyRequest } from '../../src/lambda/proxyRequest';

function event(given: Partial<APIGatewayProxyEvent> = {}): APIGatewayProxyEvent {
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
    ...given,
  };
}

describe('a proxy event becomes a request', () => {
  test('whose path is the one of the resource, whatever the domain maps to it', () => {
    expect(proxyRequest(event({ path: '/v1/scanRecords' })).path).toBe('/scanRecords');
  });

  test.each([
    ['a/b', '/a/b'],
    ['a b/ü', '/a%20b/%C3%BC'],
    ['a%20b', '/a%20b'],
  ])('whose path has %s for the proxy parameter', (proxy, path) => {
    const given = { resource: '/{proxy+}', path: `/${proxy}`, pathParameters: { proxy } };
    expect(proxyRequest(event(given)).path).toBe(path);
  });

  test('with its query', () => {
    const multiValueQueryStringParameters = { a: ['1', '2'], 'b&': ['ü'] };
    expect(proxyRequest(event({ multiValueQueryStringParameters })).path).toBe(
      '/scanRecords?a=1&a=2&b%26=%C3%BC',
    );
  });

  test('with every value of its headers, but those of the connection to the gateway', () => {
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

  test('with the headers that an event has one value of', () => {
    const { multiValueHeaders: _, ...single } = event({ headers: { Origin: 'https://a.example' } });
    expect(proxyRequest(single as APIGatewayProxyEvent).headers.origin).toEqual(['https://a.example']);
  });

  test('with the id that its client gave it', () => {
    const headers = { 'X-Request-Id': 'from-the-client' };
    expect(proxyRequest(event({ headers })).headers['x-request-id']).toEqual(['from-the-client']);
  });

  test('with header values in the bytes of UTF-8', () => {
    expect(proxyRequest(event({ headers: { 'X-Name': 'ü' } })).headers['x-name']).toEqual(['Ã¼']);
  });

  test.each([
    ['text', { body: '{"ä":1}', isBase64Encoded: false }],
    ['base64', { body: Buffer.from('{"ä":1}').toString('base64'), isBase64Encoded: true }],
  ])('with a body of %s, and its length in bytes', (_what, given) => {
    const { body, headers } = proxyRequest(event({ ...given, headers: { 'Content-Length': '1' } }));
    expect(body.toString()).toBe('{"ä":1}');
    expect(headers['content-length']).toEqual(['8']);
  });

  test('without a body, where there is none', () => {
    const { body, headers } = proxyRequest(event());
    expect(body.byteLength).toBe(0);
    expect(headers['content-length']).toBeUndefined();
  });
});
