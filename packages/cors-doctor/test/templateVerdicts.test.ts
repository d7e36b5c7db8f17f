/** What `cors-doctor template.yaml` prints and its exit code: 0 for no errors, 1 for errors, 2 for unknown. */
import { examineFile, samFile } from './templateFiles';

const POST = '{ Type: Api, Properties: { Path: /items, Method: post, RestApiId: !Ref Api } }';
const GET = POST.replace('post', 'get');
const ANY = POST.replace('/items', "'/{proxy+}'").replace('post', 'any');
const IMPLICIT = '{ Type: Api, Properties: { Path: /items, Method: post } }';
const HTTP = '{ Type: HttpApi, Properties: { Path: /items, Method: post } }';
const HTTP_GET = HTTP.replace('post', 'get');
const DECLARED_HTTP = '{ Type: HttpApi, Properties: { ApiId: !Ref Api, Path: /items, Method: put } }';

const CORS = `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type,Authorization,X-Api-Key'" }`;
const POOL =
  "Authorizers: { Pool: { UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x' } }";
const DEFAULT = `DefaultAuthorizer: Pool, ${POOL}`;

const api = (properties: string) =>
  `Api: { Type: AWS::Serverless::Api, Properties: { StageName: dev, ${properties} } }`;
const httpApi = (properties: string) =>
  `Api: { Type: AWS::Serverless::HttpApi, Properties: { ${properties} } }`;

const functionUrl = (config: string) =>
  samFile('', '').replace('CodeUri: .', `CodeUri: ., FunctionUrlConfig: { ${config} }`);

describe('the doctor returns 0 for', () => {
  it.each([
    [
      'Cors without AllowOrigin',
      samFile('', `E: ${IMPLICIT}`, `Api: { Cors: { AllowHeaders: "'Content-Type'" } }`),
    ],
    ['Cors with ANY', samFile(api(CORS), `E: ${ANY}`)],
    [
      'a guarded API whose preflight is open',
      samFile(api(`${CORS}, Auth: { AddDefaultAuthorizerToCorsPreflight: false, ${DEFAULT} }`), `E: ${POST}`),
    ],
    [
      'an API key that preflights do not need',
      samFile(
        api(`${CORS}, Auth: { ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false }`),
        `E: ${POST}`,
      ),
    ],
    [
      'a public GET beside a guarded API',
      samFile(
        api(`${CORS}, Auth: { ${DEFAULT} }`),
        `E: { Type: Api, Properties: { Path: /public, Method: get, RestApiId: !Ref Api, Auth: { Authorizer: NONE } } }`,
      ),
    ],
    ['a GET without Cors, which needs no preflight', samFile(api(''), `E: ${GET}`)],
    ['a GET of an HTTP API without CorsConfiguration', samFile('', `E: ${HTTP_GET}`)],
    [
      'an HTTP API that allows every origin',
      samFile(
        '',
        `E: ${HTTP}`,
        `HttpApi: { CorsConfiguration: { AllowOrigins: ['*'], AllowHeaders: ['*'], AllowMethods: ['*'] } }`,
      ),
    ],
    [
      'an HTTP API that allows two origins',
      samFile(
        httpApi(
          'CorsConfiguration: { AllowOrigins: [https://a.example, http://localhost:5173], AllowHeaders: [content-type], AllowMethods: [PUT], AllowCredentials: true }',
        ),
        `E: ${DECLARED_HTTP}`,
      ),
    ],
    ['a default route whose function handles OPTIONS', samFile('', 'E: { Type: HttpApi }')],
    [
      'a function URL without Cors, whose function handles OPTIONS',
      samFile('', '').replace('CodeUri: .', 'CodeUri: ., FunctionUrlConfig: { AuthType: NONE }'),
    ],
    [
      'a function URL that allows only GET',
      samFile('', '').replace(
        'CodeUri: .',
        "CodeUri: ., FunctionUrlConfig: { AuthType: NONE, Cors: { AllowOrigins: ['*'], AllowMethods: [GET] } }",
      ),
    ],
    ['a function URL whose function handles OPTIONS', functionUrl('AuthType: NONE')],
    [
      'a function URL that allows only GET',
      functionUrl(`AuthType: NONE, Cors: { AllowOrigins: ['*'], AllowMethods: [GET] }`),
    ],
    ['image types as binary', samFile(api(`${CORS}, BinaryMediaTypes: [image~1png]`), `E: ${POST}`)],
  ])('%s', async (_what, template) => {
    const { code, output } = await examineFile(template);
    expect(output).toContain('no errors.');
    expect(code).toBe(0);
  });
});

it('warns if a function URL does not allow JSON, because the template does not show what web pages send', async () => {
  const template = functionUrl(
    'AuthType: NONE, Cors: { AllowOrigins: [https://a.example], AllowMethods: [POST] }',
  );
  const { code, output } = await examineFile(template);
  expect(output).toContain('Fn (preflight-headers)');
  expect(output).toContain('Warning');
  expect(code).toBe(0);
});

describe('the doctor returns 1 for', () => {
  it.each([
    ['a POST without Cors', samFile(api(''), `E: ${POST}`), 'sam-cors-missing'],
    ['a guarded GET without Cors', samFile(api(`Auth: { ${DEFAULT} }`), `E: ${GET}`), 'sam-cors-missing'],
    [
      'a default authorizer on preflights',
      samFile(api(`${CORS}, Auth: { ${DEFAULT} }`), `E: ${POST}`),
      'sam-authorizer-on-preflight',
    ],
    [
      'a default authorizer on ANY',
      samFile(api(`Auth: { ${DEFAULT} }`), `E: ${ANY}`),
      'sam-authorizer-on-preflight',
    ],
    [
      'an API key on preflights',
      samFile(api(`${CORS}, Auth: { ApiKeyRequired: true }`), `E: ${POST}`),
      'sam-api-key-on-preflight',
    ],
    [
      'every type as binary',
      samFile(api(`${CORS}, BinaryMediaTypes: ['*~1*']`), `E: ${POST}`),
      'sam-binary-preflight',
    ],
    [
      'an origin with a slash',
      samFile(
        '',
        `E: ${IMPLICIT}`,
        `Api: { Cors: { AllowOrigin: "'https://a.example/'", AllowHeaders: "'Content-Type'" } }`,
      ),
      'not-an-origin',
    ],
    [
      'two origins in one header',
      samFile(
        '',
        `E: ${IMPLICIT}`,
        `Api: { Cors: { AllowOrigin: "'https://a.example,https://b.example'", AllowHeaders: "'Content-Type'" } }`,
      ),
      'not-an-origin',
    ],
    [
      'an origin of an HTTP API with a path',
      samFile(
        '',
        `E: ${HTTP}`,
        'HttpApi: { CorsConfiguration: { AllowOrigins: [https://a.example/app], AllowHeaders: [content-type], AllowMethods: [POST] } }',
      ),
      'not-an-origin',
    ],
    [
      'a gateway response without quotes',
      samFile(
        api(
          `${CORS}, GatewayResponses: { DEFAULT_4XX: { ResponseParameters: { Headers: { Access-Control-Allow-Origin: '*' } } } }`,
        ),
        `E: ${POST}`,
      ),
      'gateway-response-quotes',
    ],
    ['a POST of an HTTP API without CorsConfiguration', samFile('', `E: ${HTTP}`), 'http-api-cors'],
    [
      'an HTTP API that does not allow PUT',
      samFile(
        httpApi(
          'CorsConfiguration: { AllowOrigins: [http://localhost:5173], AllowMethods: [GET], AllowHeaders: [content-type] }',
        ),
        `E: ${DECLARED_HTTP}`,
      ),
      'preflight-headers',
    ],
    [
      'a guarded default route',
      samFile(
        httpApi(
          `CorsConfiguration: true, Auth: { DefaultAuthorizer: Jwt, Authorizers: { Jwt: { IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: https://x.example, audience: [a] } } } }`,
        ),
        'E: { Type: HttpApi, Properties: { ApiId: !Ref Api } }',
      ),
      'route-catches-preflight',
    ],
    [
      'an unknown property of Cors',
      samFile(api(`Cors: { AllowOrigins: "'*'" }`), `E: ${POST}`),
      'sam-rejects',
    ],
    [
      'an authorizer that is not defined',
      samFile(api(`${CORS}, Auth: { DefaultAuthorizer: Other, ${POOL} }`), `E: ${POST}`),
      'sam-rejects',
    ],
  ])('%s', async (_what, template, ruleId) => {
    const { code, output } = await examineFile(template);
    expect(output).toContain(`(${ruleId})`);
    expect(code).toBe(1);
  });

  it('Events that stand beside Properties, with the line of the resource', async () => {
    const template = samFile('', 'E: {}').replace(
      ', Events: { E: {} } }',
      ` }\n    Events: { E: ${IMPLICIT} }`,
    );
    const { code, output } = await examineFile(template);
    expect(output).toContain('template.yaml:3 Fn (resource-attributes)');
    expect(output).toContain('Events stands beside Properties');
    expect(code).toBe(1);
  });

  it('a Lambda integration that uses GET', async () => {
    const uri =
      "!Sub 'arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${Fn.Arn}/invocations'";
    const body = `DefinitionBody: { openapi: '3.0.1', paths: { /items: { x-amazon-apigateway-any-method: { x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: GET, uri: ${uri} } } } } }`;
    const { code, output } = await examineFile(samFile(api(body), `E: ${POST}`));
    expect(output).toContain('(lambda-method)');
    expect(code).toBe(1);
  });
});

const OPERATION = `{ x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: 'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Fn/invocations' } }`;

const DEFINITION = `openapi: '3.0.1'\npaths: { /things: { post: ${OPERATION} } }\n`;

describe('definitions in other files', () => {
  const include = '{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: ./api/openapi.yaml } } }';
  const files = { 'api/openapi.yaml': DEFINITION };

  it.each([
    ['AWS::Include', samFile(api(`${CORS}, DefinitionBody: ${include}`), `E: ${POST}`)],
    ['DefinitionUri', samFile(api('DefinitionUri: api/openapi.yaml'), `E: ${POST}`)],
  ])('are examined: %s', async (_how, template) => {
    const { output } = await examineFile(template, files);
    expect(output).toContain('POST    /dev/things');
    expect(output).not.toContain('/dev/items');
  });

  it.each([
    ['that is not there', samFile(api(`DefinitionBody: ${include}`), `E: ${POST}`)],
    ['in S3', samFile(api('DefinitionUri: s3://bucket/api.yaml'), `E: ${POST}`)],
    [
      'of another stack',
      samFile(
        'Nested: { Type: AWS::Serverless::Application, Properties: { Location: https://example.com/t.yaml } }',
        '',
      ),
    ],
  ])('lead to exit code 2 if the doctor cannot read them: a file %s', async (_where, template) => {
    const { code, output } = await examineFile(template);
    expect(output).toContain('Not examined:');
    expect(code).toBe(2);
  });

  it.each([
    [
      'a macro',
      (text: string) =>
        text.replace('Transform: AWS', 'Transform: [Own::Macro, AWS').replace('2016-10-31', '2016-10-31]'),
      'Own::Macro',
    ],
    [
      'a loop',
      (text: string) =>
        `${text}  Fn::ForEach::Topics: [Name, [A, B], { 'Topic&{Name}': { Type: AWS::SNS::Topic } }]\n`,
      'Fn::ForEach::Topics',
    ],
  ])('that %s creates lead to exit code 2', async (_what, change, name) => {
    const { code, output } = await examineFile(change(samFile(api(CORS), `E: ${POST}`)));
    expect(output).toContain(name);
    expect(code).toBe(2);
  });

  it('of nested applications are examined with their parameters', async () => {
    const nested = samFile(
      '',
      "E: { Type: Api, Properties: { Path: !Sub '/${Name}', Method: post } }",
    ).replace('Resources:', 'Parameters: { Name: { Type: String } }\nResources:');
    const outer = samFile(
      'Nested: { Type: AWS::Serverless::Application, Properties: { Location: app/inner.yaml, Parameters: { Name: orders } } }',
      '',
    );
    const { code, output } = await examineFile(outer, { 'app/inner.yaml': nested });
    expect(output).toContain('POST    /Prod/orders');
    expect(output).toContain('Nested.Fn (sam-cors-missing)');
    expect(code).toBe(1);
  });
});

describe('values that are known at deployment', () => {
  const parameters = (text: string) =>
    text.replace('Resources:', 'Parameters: { P: { Type: String }, Stage: { Type: String } }\nResources:');

  it.each([
    [
      'the ARN of a user pool',
      api(
        `${CORS}, Auth: { AddDefaultAuthorizerToCorsPreflight: false, DefaultAuthorizer: Pool, Authorizers: { Pool: { UserPoolArn: !Ref P } } }`,
      ),
    ],
    [
      'the allowed origin',
      api(`Cors: { AllowOrigin: !Sub "'https://\${P}'", AllowHeaders: "'Content-Type'" }`),
    ],
    [
      'an import',
      api(
        `${CORS}, Auth: { AddDefaultAuthorizerToCorsPreflight: false, DefaultAuthorizer: Pool, Authorizers: { Pool: { UserPoolArn: !ImportValue Pool } } }`,
      ),
    ],
    ['the stage', api(CORS).replace('StageName: dev', 'StageName: !Ref P')],
    ['a secret', api(`${CORS}, Description: '{{resolve:ssm:name}}'`)],
  ])('do not affect the verdict: %s', async (_what, resource) => {
    const { code, output } = await examineFile(parameters(samFile(resource, `E: ${POST}`)));
    expect(output).toContain('no errors.');
    expect(code).toBe(0);
  });

  it.each([
    ['the allowed headers', api(`Cors: { AllowOrigin: "'*'", AllowHeaders: !Ref P }`), POST],
    [
      'the allowed methods',
      api(`Cors: { AllowMethods: !Ref P, AllowHeaders: "'*'" }`),
      POST.replace('post', 'put'),
    ],
    [
      'the allowed methods of an HTTP API',
      httpApi(`CorsConfiguration: { AllowOrigins: ['*'], AllowMethods: !Ref P, AllowHeaders: ['*'] }`),
      DECLARED_HTTP,
    ],
  ])('lead to exit code 2 and name the parameter: %s', async (_what, resource, event) => {
    const { code, output } = await examineFile(parameters(samFile(resource, `E: ${event}`)));
    expect(output).toContain('--parameter P=VALUE');
    expect(code).toBe(2);
  });

  it('can be the allowed origin of an HTTP API', async () => {
    const cors =
      'CorsConfiguration: { AllowOrigins: [!Ref P], AllowHeaders: [content-type], AllowMethods: [PUT] }';
    expect((await examineFile(parameters(samFile(httpApi(cors), `E: ${DECLARED_HTTP}`)))).code).toBe(0);
  });

  it.each([
    ['the path of an event', POST.replace('/items', '!Ref P')],
    ['the authorizer of an event', POST.replace('Path:', 'Auth: { Authorizer: !Ref P }, Path:')],
  ])('lead to exit code 2: %s', async (_what, event) => {
    const { code, output } = await examineFile(parameters(samFile(api(CORS), `E: ${event}`)));
    expect(output).toContain('the event E is not examined');
    expect(output).toContain('--parameter P=VALUE');
    expect(code).toBe(2);
  });

  it('do not matter if no value would be right: text as Cors allows no header', async () => {
    const { code, output } = await examineFile(parameters(samFile(api('Cors: !Ref P'), `E: ${POST}`)));
    expect(output).toContain('(preflight-headers)');
    expect(code).toBe(1);
  });

  const CONDITIONAL = parameters(
    samFile(
      api(`Cors: !If [IsProduction, "'*'", !Ref AWS::NoValue]`),
      `E: ${POST.replace('post', 'put')}`,
    ).replace('Resources:', 'Conditions: { IsProduction: !Equals [!Ref Stage, prod] }\nResources:'),
  ).replace(`"'*'"`, `{ AllowHeaders: "'Content-Type'" }`);

  it('ask for the parameter of a condition that the verdict depends on', async () => {
    const { code, output } = await examineFile(CONDITIONAL);
    expect(output).toContain('the verdict depends on the condition IsProduction');
    expect(output).toContain('--parameter Stage=VALUE');
    expect(code).toBe(2);
    expect((await examineFile(CONDITIONAL, {}, '--parameter', 'Stage=prod')).code).toBe(0);
    expect((await examineFile(CONDITIONAL, {}, '--parameter', 'Stage=dev')).code).toBe(1);
  });

  it('do not matter if both values of a condition give the same verdict', async () => {
    const template = CONDITIONAL.replace('!Ref AWS::NoValue', `{ AllowHeaders: "'*'" }`);
    const { code, output } = await examineFile(template);
    expect(output).toContain('conditions which are known at deployment are true: IsProduction.');
    expect(code).toBe(0);
  });
});

it('accepts flow style that is indented less than its key', async () => {
  const template = `${samFile('', `E: ${IMPLICIT}`, `Api: { ${CORS} }`)}  Queue:
    Type: AWS::SQS::Queue
    Properties:
      Tags: [{
    "Key": "it's: [a tag",
    "Value": "}
  in the next line"
  }]
`;
  expect(await examineFile(template)).toMatchObject({ code: 0 });
});
