import { rawTemplate, startGateway, type TestGateway } from '../../../test/helpers/gateway';

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' },
};

const COMPLETE = {
  template: `RequestTemplates: { application/json: '{"statusCode": 200}' }`,
  responses: `[{ StatusCode: '200', ResponseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }]`,
  declared: `[{ StatusCode: '200', ResponseParameters: { method.response.header.Access-Control-Allow-Origin: true } }]`,
};

let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
});

async function options(
  { template, responses, declared }: typeof COMPLETE,
  integration = '',
  init: RequestInit = PREFLIGHT,
  api = '',
): Promise<Response> {
  const method = `HttpMethod: OPTIONS, AuthorizationType: NONE, MethodResponses: ${declared}, Integration: { Type: MOCK, ${template}, IntegrationResponses: ${responses} ${integration} }`;
  const text = rawTemplate(method).replace('Name: api', `Name: api${api}`);
  gateway = await startGateway(text);
  return fetch(`${gateway.url}/thing`, init);
}

describe('a MOCK integration', () => {
  it('returns the status and the headers of its integration response', async () => {
    const response = await options(COMPLETE);
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await response.text()).toBe('');
  });

  it('returns 500 without a request template', async () => {
    const response = await options({ ...COMPLETE, template: 'PassthroughBehavior: WHEN_NO_MATCH' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
    expect(gateway.log.join()).toContain('the request template returns no statusCode');
  });

  it.each([`'{"statusCode": "200"}'`, `'{"status": 200}'`, `'OK'`])(
    'returns 500 when the request template is %s',
    async (template) => {
      const response = await options({
        ...COMPLETE,
        template: `RequestTemplates: { application/json: ${template} }`,
      });
      expect(response.status).toBe(500);
    },
  );

  it('accepts a request template with unquoted names', async () => {
    const template = `RequestTemplates: { application/json: '{ statusCode: 200 }' }`;
    expect((await options({ ...COMPLETE, template })).status).toBe(200);
  });

  it('omits a header that its method response does not declare', async () => {
    const response = await options({ ...COMPLETE, declared: `[{ StatusCode: '200' }]` });
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  it('prefers the response whose pattern matches the status to the one without a pattern', async () => {
    const template = `RequestTemplates: { application/json: '{"statusCode": 404}' }`;
    const responses = `[{ StatusCode: '200' }, { StatusCode: '404', SelectionPattern: '4\\d\\d' }]`;
    const response = await options({ ...COMPLETE, template, responses });
    expect(response.status).toBe(404);
  });

  it('returns 500 when no response matches the status', async () => {
    const responses = `[{ StatusCode: '404', SelectionPattern: '404' }]`;
    expect((await options({ ...COMPLETE, responses })).status).toBe(500);
  });

  it('returns 500 with binary media types unless the content is converted to text', async () => {
    const binary = `, BinaryMediaTypes: ['*/*']`;
    expect((await options(COMPLETE, '', PREFLIGHT, binary)).status).toBe(500);
    await gateway.close();
    const converted = await options(COMPLETE, ', ContentHandling: CONVERT_TO_TEXT', PREFLIGHT, binary);
    expect(converted.status).toBe(200);
  });

  it('returns 415 for a type without a template when PassthroughBehavior is NEVER', async () => {
    const init = { ...PREFLIGHT, headers: { ...PREFLIGHT.headers, 'Content-Type': 'text/plain' } };
    expect((await options(COMPLETE, ', PassthroughBehavior: NEVER', init)).status).toBe(415);
  });

  it('lets its template read the request and override the status and headers', async () => {
    const template = [
      '#set($context.responseOverride.status = 204)',
      `#set($context.responseOverride.header.X-Origin = $input.params('origin'))`,
      `#set($context.responseOverride.header.X-Stage = $context.stage)`,
    ].join('');
    const responses = `[{ StatusCode: '200', ResponseTemplates: { application/json: "${template}" } }]`;
    const response = await options({ ...COMPLETE, responses });
    expect(response.status).toBe(204);
    expect(response.headers.get('X-Origin')).toBe('https://a.example');
    expect(response.headers.get('X-Stage')).toBe('prod');
  });

  it('returns 500 and logs the reason when its template cannot be rendered', async () => {
    const responses = `[{ StatusCode: '200', ResponseTemplates: { application/json: "$input.json('$..all')" } }]`;
    expect((await options({ ...COMPLETE, responses })).status).toBe(500);
    expect(gateway.log.join()).toContain('the JSONPath $..all is not emulated');
  });
});
