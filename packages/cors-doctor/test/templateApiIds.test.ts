/** The doctor's verdict about events and methods whose API is not an API of the template. */
import { examineFile, samFile } from './templateFiles';

const PARAMETER = 'Parameters: { ApiId: { Type: String, Default: a1b2c3d4e5 } }\nResources:';

const method = (resource: string) => samFile(resource, '').replace('Resources:', PARAMETER);

const MOCK =
  'AuthorizationType: NONE, Integration: { Type: MOCK, RequestTemplates: { application/json: \'{"statusCode": 200}\' }, IntegrationResponses: [{ StatusCode: 200 }] }, MethodResponses: [{ StatusCode: 200 }]';
const RAW = `Post: { Type: AWS::ApiGateway::Method, Properties: { RestApiId: !Ref ApiId, ResourceId: abc123, HttpMethod: POST, ${MOCK} } }`;
const ROUTE =
  "Post: { Type: AWS::ApiGatewayV2::Route, Properties: { ApiId: !Ref ApiId, RouteKey: 'POST /items' } }";
const REST = 'Rest: { Type: AWS::Serverless::Api, Properties: { StageName: dev } }';
const HTTP = 'Http: { Type: AWS::Serverless::HttpApi }';

describe('a method', () => {
  it.each([
    ['of a REST API that a parameter names', method(RAW), 'its API a1b2c3d4e5 is not in this template'],
    ['of an HTTP API that a parameter names', method(ROUTE), 'its API a1b2c3d4e5 is not in this template'],
    [
      'of an API of another stack',
      method(RAW.replace('!Ref ApiId', '!ImportValue Api')),
      'its API is not in this template',
    ],
    [
      'of an API that SAM creates',
      method(
        `${REST}\n  ${RAW.replace('!Ref ApiId', '!Ref Rest').replace('abc123', '!GetAtt Rest.RootResourceId')}`,
      ),
      'it adds a method to Rest',
    ],
    [
      'of an API whose condition is false',
      method(
        `Raw: { Type: AWS::ApiGateway::RestApi, Condition: Never, Properties: { Name: raw } }\n  ${RAW.replace('!Ref ApiId', '!Ref Raw')}`,
      ).replace('Resources:', 'Conditions: { Never: !Equals [a, b] }\nResources:'),
      'its API Raw does not exist, because its condition is false',
    ],
  ])('%s is not examined', async (_what, template, message) => {
    const { code, output } = await examineFile(template);
    expect(output.replace(/\s+/g, ' ')).toContain(message);
    expect(output).not.toContain('(reachable)');
    expect(code).toBe(2);
  });
});

it('examines a route that a resource adds to an HTTP API of SAM', async () => {
  const route = ROUTE.replace('!Ref ApiId', '!Ref Http');
  const { code, output } = await examineFile(method(`${HTTP}\n  ${route}`));
  expect(output).toContain('POST    /items');
  expect(output).toContain('Http (http-api-cors)');
  expect(code).toBe(1);
});

describe('an event', () => {
  const event = (type: string, property: string, api: string) =>
    `E: { Type: ${type}, Properties: { Path: /items, Method: get, ${property}: ${api} } }`;

  it.each([
    ['a parameter with a default', '', event('Api', 'RestApiId', '!Ref ApiId')],
    ['an import', '', event('Api', 'RestApiId', '!ImportValue Api')],
    ['an HTTP API instead of a REST API', HTTP, event('Api', 'RestApiId', '!Ref Http')],
    ['a REST API instead of an HTTP API', REST, event('HttpApi', 'ApiId', '!Ref Rest')],
    ['a parameter instead of an HTTP API', '', event('HttpApi', 'ApiId', '!Ref ApiId')],
  ])('that refers to %s is an error, because SAM rejects it', async (_what, resource, declared) => {
    const template = samFile(resource, declared).replace('Resources:', PARAMETER);
    const { code, output } = await examineFile(template);
    expect(output).toContain('Fn (sam-rejects)');
    expect(output).toContain('the event E');
    expect(code).toBe(1);
  });

  it('is not examined if a macro can replace its reference', async () => {
    const template = samFile('', event('Api', 'RestApiId', '!Ref ApiId'))
      .replace('Transform: AWS::Serverless-2016-10-31', 'Transform: [Own::Macro, AWS::Serverless-2016-10-31]')
      .replace('Resources:', PARAMETER);
    const { code, output } = await examineFile(template);
    expect(output.replace(/\s+/g, ' ')).toContain('its API a1b2c3d4e5 is not in this template');
    expect(code).toBe(2);
  });

  it('that refers to an API without its method is a warning', async () => {
    const raw = 'Raw: { Type: AWS::ApiGateway::RestApi, Properties: { Name: raw } }';
    const { code, output } = await examineFile(samFile(raw, event('Api', 'RestApiId', '!Ref Raw')));
    expect(output).toContain('Fn (event-without-method)');
    expect(code).toBe(0);
  });
});
