import { rawTemplate, startGateway, type TestGateway } from '../../../test/helpers/gateway';

const PREFLIGHT = {
  method: 'OPTIONS',
  headers: { Origin: 'https://a.example', 'Access-Control-Request-Method': 'POST' },
};

const WHOLE = {
  template: `RequestTemplates: { application/json: '{"statusCode": 200}' }`,
  responses: `[{ StatusCode: '200', ResponseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" } }]`,
  declared: `[{ StatusCode: '200', ResponseParameters: { method.response.header.Access-Control-Allow-Origin: true } }]`,
};

let gateway: TestGateway;

afterEach(async () => {
  await gateway.close();
});

async function options(
  { template, responses, declared }: typeof WHOLE,
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
  test('answers with the status and the headers of its integration response', async () => {
    const response = await options(WHOLE);
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBe('*');
    expect(await response.text()).toBe('');
  });

  test('answers 500 without a request template', async () => {
    const response = await options({ ...WHOLE, template: 'PassthroughBehavior: WHEN_NO_MATCH' });
    expect(response.status).toBe(500);
    expect(await response.json()).toEqual({ message: 'Internal server error' });
    expect(gateway.log.join()).toContain('the request template yields no statusCode');
  });

  test.each([`'{"statusCode": "200"}'`, `'{"status": 200}'`, `'OK'`])(
    'answers 500 where the request template is %s',
    async (template) => {
      const response = await options({
        ...WHOLE,
        template: `RequestTemplates: { application/json: ${template} }`,
      });
      expect(response.status).toBe(500);
    },
  );

  test('takes a request template without quotes around its names', async () => {
    const template = `RequestTemplates: { application/json: '{ statusCode: 200 }' }`;
    expect((await options({ ...WHOLE, template })).status).toBe(200);
  });

  test('leaves out a header that its method response does not declare', async () => {
    const response = await options({ ...WHOLE, declared: `[{ StatusCode: '200' }]` });
    expect(response.status).toBe(200);
    expect(response.headers.get('Access-Control-Allow-Origin')).toBeNull();
  });

  test('takes the response whose pattern matches the status, before the one without a pattern', async () => {
    const template = `RequestTemplates: { application/json: '{"statusCode": 404}' }`;
    const responses = `[{ StatusCode: '200' }, { StatusCode: '404', SelectionPattern: '4\\d\\d' }]`;
    const response = await options({ ...WHOLE, template, responses });
    expect(response.status).toBe(404);
  });

  test('answers 500 where no response is for the status', async () => {
    const responses = `[{ StatusCode: '404', SelectionPattern: '404' }]`;
    expect((await options({ ...WHOLE, responses })).status).toBe(500);
  });

  test('answers 500 where binary media types are on, unless its content is converted to text', async () => {
    const binary = `, BinaryMediaTypes: ['*/*']`;
    expect((await options(WHOLE, '', PREFLIGHT, binary)).status).toBe(500);
    await gateway.close();
    const converted = await options(WHOLE, ', ContentHandling: CONVERT_TO_TEXT', PREFLIGHT, binary);
    expect(converted.status).toBe(200);
  });

  test('answers 415 to a type without a template, with PassthroughBehavior NEVER', async () => {
    const init = { ...PREFLIGHT, headers: { ...PREFLIGHT.headers, 'Content-Type': 'text/plain' } };
    expect((await options(WHOLE, ', PassthroughBehavior: NEVER', init)).status).toBe(415);
  });

  test('has its template override headers and status, and read the request', async () => {
    const template = [
      '#set($context.responseOverride.status = 204)',
      `#set($context.responseOverride.header.X-Origin = $input.params('origin'))`,
      `#set($context.responseOverride.header.X-Stage = $context.stage)`,
    ].join('');
    const responses = `[{ StatusCode: '200', ResponseTemplates: { application/json: "${template}" } }]`;
    const response = await options({ ...WHOLE, responses });
    expect(response.status).toBe(204);
    expect(response.headers.get('X-Origin')).toBe('https://a.example');
    expect(response.headers.get('X-Stage')).toBe('prod');
  });

  test('answers 500 where its template cannot be rendered, and says why in the log', async () => {
    const responses = `[{ StatusCode: '200', ResponseTemplates: { application/json: "$input.json('$..all')" } }]`;
    expect((await options({ ...WHOLE, responses })).status).toBe(500);
    expect(gateway.log.join()).toContain('the JSONPath $..all is not emulated');
  });
});
