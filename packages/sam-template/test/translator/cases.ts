/**
 * Templates that vary what SAM makes of APIs. Each has a name and the text of a template. Run as a program, it prints
 * them as JSON for record.py.
 */

export interface Case {
  name: string;
  template: string;
}

interface Parts {
  globals?: string;
  /** Other sections of the template, for example Conditions. */
  sections?: string;
  /** Properties of the API. Without them, the API is the implicit one. */
  api?: string | undefined;
  /** Events as `name: properties` in flow style. */
  events?: readonly string[];
  /** More attributes of the function, for example its Condition. */
  attributes?: string;
  resources?: string;
}

const CODE = 'Handler: index.handler, Runtime: nodejs22.x, CodeUri: s3://bucket/key';

function restEvent(path: string, method: string, more = ''): string {
  return `{ Type: Api, Properties: { Path: '${path}', Method: ${method}${more} } }`;
}

function httpEvent(properties = ''): string {
  return `{ Type: HttpApi, Properties: { ${properties} } }`;
}

function template(kind: 'Api' | 'HttpApi', parts: Parts): string {
  const { globals, sections = '', api, events = [], attributes = '', resources = '' } = parts;
  const declared =
    api === undefined ? '' : `  Api: { Type: AWS::Serverless::${kind}, Properties: { ${api} } }\n`;
  const reference = kind === 'Api' ? 'RestApiId' : 'ApiId';
  const linked = events.map((event, at) => {
    const own =
      api === undefined ? event : event.replace('Properties: {', `Properties: { ${reference}: !Ref Api,`);
    return `E${at}: ${own.replace(', }', ' }')}`;
  });
  const all = events.length === 0 ? '' : `, Events: { ${linked.join(', ')} }`;
  return `Transform: AWS::Serverless-2016-10-31
${globals === undefined ? '' : `Globals: { ${kind}: { ${globals} } }\n`}${sections}Resources:
${declared}  Fn: { Type: AWS::Serverless::Function, ${attributes}Properties: { ${CODE}${all} } }
${resources}`;
}

const rest = (name: string, parts: Parts): Case => ({
  name: `REST: ${name}`,
  template: template('Api', parts),
});
const http = (name: string, parts: Parts): Case => ({
  name: `HTTP: ${name}`,
  template: template('HttpApi', parts),
});

const STAGE = 'StageName: dev';

const URI = `'arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:123456789012:function:Fn/invocations'`;

/** An operation of a definition. */
function operation(more = ''): string {
  return `{ ${more}responses: {}, x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${URI} } }`;
}

function definition(paths: string, more = '', version = "swagger: '2.0'"): string {
  return `DefinitionBody: { ${version}, info: { title: t, version: '1' }, ${more}paths: { ${paths} } }`;
}

const OPENAPI = "openapi: '3.0.1'";
const POST = restEvent('/a', 'post');
const EVENTS = [POST, restEvent('/a', 'GET'), restEvent('/b/{id}', 'any')];

const CORS: readonly string[] = [
  `"'*'"`,
  `"'https://a.example'"`,
  `'*'`,
  '{}',
  `{ AllowHeaders: "'Content-Type'" }`,
  `{ AllowOrigin: "'https://a.example'" }`,
  `{ AllowMethods: "'POST'" }`,
  `{ AllowOrigin: "'https://a.example'", AllowCredentials: true }`,
  `{ AllowOrigin: "'https://a.example'", AllowCredentials: false }`,
  `{ AllowCredentials: true }`,
  `{ MaxAge: 0 }`,
  `{ MaxAge: "'600'" }`,
  `{ AllowHeaders: "''" }`,
  `{ AllowOrigins: "'*'" }`,
];

const CORS_CASES = CORS.flatMap((cors) => [
  rest(`Cors ${cors} of the implicit API`, { globals: `Cors: ${cors}`, events: EVENTS }),
  rest(`Cors ${cors} of a declared API`, { api: `${STAGE}, Cors: ${cors}`, events: EVENTS }),
  rest(`Cors ${cors} with a definition`, {
    api: `${STAGE}, Cors: ${cors}, ${definition(
      `/a: { post: ${operation()} }, /b: { options: ${operation()} }, /c: { x-amazon-apigateway-any-method: ${operation()}, parameters: [] }`,
    )}`,
  }),
]);

const AUTHORIZERS = `Authorizers: {
  Pool: { UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_x' },
  Token: { FunctionArn: !GetAtt Fn.Arn, Identity: { Header: X-Token } },
  Request: { FunctionArn: !GetAtt Fn.Arn, FunctionPayloadType: REQUEST, Identity: { Headers: [X-One, X-Two] } } }`;

const EVENT_AUTHS = [
  '',
  ', Auth: { Authorizer: NONE }',
  ', Auth: { Authorizer: Token }',
  ', Auth: { Authorizer: AWS_IAM }',
];

const PREFLIGHT_AUTHS = [
  '',
  ', AddDefaultAuthorizerToCorsPreflight: false',
  `, AddDefaultAuthorizerToCorsPreflight: 'false'`,
];

const AUTH_CASES = ['Pool', 'Token', 'Request', 'AWS_IAM'].flatMap((authorizer) =>
  PREFLIGHT_AUTHS.flatMap((preflight) =>
    EVENT_AUTHS.map((auth) =>
      rest(`DefaultAuthorizer ${authorizer}${preflight} with an event${auth}`, {
        api: `${STAGE}, Cors: "'*'", Auth: { DefaultAuthorizer: ${authorizer}${preflight}, ${AUTHORIZERS} }`,
        events: [restEvent('/a', 'post', auth), restEvent('/b', 'any')],
      }),
    ),
  ),
);

const OTHER_AUTH_CASES = [
  rest('an authorizer of an event without a default', {
    api: `${STAGE}, Cors: "'*'", Auth: { ${AUTHORIZERS} }`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Pool }'), restEvent('/a', 'get')],
  }),
  rest('IAM of an event without Auth of the API', {
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: AWS_IAM }')],
  }),
  rest('IAM as the default of the implicit API', {
    globals: 'Auth: { DefaultAuthorizer: AWS_IAM }',
    events: EVENTS,
  }),
  rest('a DefaultAuthorizer without Authorizers', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Pool }`,
    events: EVENTS,
  }),
  rest('an authorizer that the API does not define', {
    api: `${STAGE}, Auth: { ${AUTHORIZERS} }`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Other }')],
  }),
  rest('NONE without a default', {
    api: STAGE,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: NONE }')],
  }),
  rest('a default that Authorizers lacks', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Other, ${AUTHORIZERS} }`,
    events: EVENTS,
  }),
  rest('a default without Cors on an event for OPTIONS', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Pool, ${AUTHORIZERS} }`,
    events: [POST, restEvent('/a', 'options')],
  }),
  rest('an unknown property of Auth', { api: `${STAGE}, Auth: { Default: Pool }`, events: EVENTS }),
];

const KEY_EVENTS = ['', ', Auth: { ApiKeyRequired: false }', ', Auth: { ApiKeyRequired: true }'];

const KEY_CASES = ['', ', AddApiKeyRequiredToCorsPreflight: false'].flatMap((preflight) =>
  ['', `, DefaultAuthorizer: Pool, ${AUTHORIZERS}`].flatMap((auth) =>
    KEY_EVENTS.map((event) =>
      rest(`ApiKeyRequired${preflight}${auth === '' ? '' : ' and a default'} with an event${event}`, {
        api: `${STAGE}, Cors: "'*'", Auth: { ApiKeyRequired: true${preflight}${auth} }`,
        events: [restEvent('/a', 'post', event), restEvent('/a', 'get')],
      }),
    ),
  ),
);

const OTHER_KEY_CASES = [
  rest('an API key of one event', {
    events: [restEvent('/a', 'post', ', Auth: { ApiKeyRequired: true }'), EVENTS[1] ?? ''],
  }),
  rest('ApiKeyRequired in Globals', {
    globals: `Cors: "'*'", Auth: { ApiKeyRequired: true }`,
    events: EVENTS,
  }),
  rest('an API key and an authorizer of one event', {
    api: `${STAGE}, Auth: { ${AUTHORIZERS} }`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Token, ApiKeyRequired: true }')],
  }),
];

const GLOBALS_CASES = [
  rest('Globals with a map that the API completes', {
    globals: `Cors: { AllowOrigin: "'https://a.example'", AllowHeaders: "'X-A'" }`,
    api: `${STAGE}, Cors: { AllowHeaders: "'X-B'", MaxAge: "'5'" }`,
    events: EVENTS,
  }),
  rest('Globals with text that a map replaces', {
    globals: `Cors: "'https://a.example'"`,
    api: `${STAGE}, Cors: { AllowHeaders: "'X-B'" }`,
    events: EVENTS,
  }),
  rest('Globals with a map that text replaces', {
    globals: `Cors: { AllowHeaders: "'X-A'" }`,
    api: `${STAGE}, Cors: "'https://b.example'"`,
    events: EVENTS,
  }),
  rest('authorizers of Globals and of the API', {
    globals: `Auth: { Authorizers: { Two: { FunctionArn: !GetAtt Fn.Arn } } }`,
    api: `${STAGE}, Auth: { DefaultAuthorizer: Two, ${AUTHORIZERS} }`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Pool }'), restEvent('/b', 'get')],
  }),
  rest('Globals for the implicit API beside a declared one', {
    globals: `Cors: "'*'"`,
    api: STAGE,
    events: EVENTS,
    resources: `  Other: { Type: AWS::Serverless::Function, Properties: { ${CODE}, Events: { E: ${POST} } } }\n`,
  }),
];

const SECURITY = `securityDefinitions: {
  key: { type: apiKey, name: x-api-key, in: header },
  iam: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: awsSigv4 },
  own: { type: apiKey, name: X-Own, in: header, x-amazon-apigateway-authtype: custom, x-amazon-apigateway-authorizer: { type: token, authorizerUri: ${URI} } },
  doc: { type: basic } }, `;

const PATHS = `/a: { post: ${operation('security: [{ own: [] }], ')}, get: ${operation('security: [{ key: [] }], ')} }, /b: { x-amazon-apigateway-any-method: ${operation('security: [{ iam: [] }], ')} }, /c: { put: ${operation('security: [{ doc: [] }], ')} }`;

const MERGED = `MergeDefinitions: true, ${definition(`/a: { post: ${operation('summary: s, ')} }, /z: { get: ${operation()} }`)}`;

const DEFINITION_CASES = [
  rest('a definition with security', { api: `${STAGE}, ${definition(PATHS, SECURITY)}` }),
  rest('a definition with security and Cors', {
    api: `${STAGE}, Cors: "'*'", ${definition(PATHS, SECURITY)}`,
  }),
  rest('a definition with security and a default', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Pool, ${AUTHORIZERS} }, ${definition(PATHS, SECURITY)}`,
  }),
  rest('a definition with security and ApiKeyRequired', {
    api: `${STAGE}, Cors: "'*'", Auth: { ApiKeyRequired: true }, ${definition(PATHS, SECURITY)}`,
  }),
  rest('a definition and events that it does not have', {
    api: `${STAGE}, ${definition(`/z: { get: ${operation()} }`)}`,
    events: EVENTS,
  }),
  rest('OpenAPI 3 with components', {
    api: `${STAGE}, ${definition(`/a: { post: ${operation('security: [{ own: [] }], ')} }`, `components: { securitySchemes: { own: { type: apiKey, name: Authorization, in: header, x-amazon-apigateway-authtype: cognito_user_pools, x-amazon-apigateway-authorizer: { type: cognito_user_pools, providerARNs: [arn] } } } }, `, OPENAPI)}`,
  }),
  rest('OpenAPI 3 with a default', {
    api: `${STAGE}, OpenApiVersion: '3.0.1', Cors: "'*'", Auth: { DefaultAuthorizer: Token, ${AUTHORIZERS} }, ${definition(`/a: { post: ${operation()} }`, '', OPENAPI)}`,
  }),
  rest('a method without an integration', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Token, ${AUTHORIZERS} }, ${definition(`/a: { post: { responses: {} }, get: ${operation()} }`)}`,
  }),
  rest('MergeDefinitions with a new path', {
    api: `${STAGE}, ${MERGED}`,
    events: [restEvent('/new', 'put')],
  }),
  rest('MergeDefinitions with the same method and Cors', {
    api: `${STAGE}, Cors: "'*'", ${MERGED}`,
    events: [POST],
  }),
  rest('MergeDefinitions with an authorizer', {
    api: `${STAGE}, Auth: { ${AUTHORIZERS} }, ${MERGED}`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Pool }')],
  }),
  rest('OverrideApiAuth of an event', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Pool, ${AUTHORIZERS} }, ${definition(`/a: { post: ${operation()}, get: ${operation()} }`)}`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Token, OverrideApiAuth: true }')],
  }),
  rest('auth of an event without OverrideApiAuth', {
    api: `${STAGE}, Auth: { DefaultAuthorizer: Pool, ${AUTHORIZERS} }, ${definition(`/a: { post: ${operation()} }`)}`,
    events: [restEvent('/a', 'post', ', Auth: { Authorizer: Token }')],
  }),
  rest('null as a path item and Cors', { api: `${STAGE}, Cors: "'*'", ${definition('/a: null')}` }),
  rest('text as a path item and Cors', { api: `${STAGE}, Cors: "'*'", ${definition('/a: text')}` }),
  rest('paths that differ in a slash', {
    api: `${STAGE}, Cors: "'*'", ${definition(`/a: { get: ${operation()} }, /a/: { get: ${operation()} }`)}`,
  }),
];

const CONDITIONS = `Conditions: { Active: !Equals [a, a], Inactive: !Equals [a, b] }\n`;

const CONDITION_CASES = ['Active', 'Inactive'].flatMap((condition) => [
  rest(`a function with the condition ${condition}`, {
    globals: `Cors: "'*'"`,
    sections: CONDITIONS,
    attributes: `Condition: ${condition}, `,
    events: EVENTS,
    resources: `  Other: { Type: AWS::Serverless::Function, Properties: { ${CODE}, Events: { E: ${restEvent('/a', 'put')} } } }\n`,
  }),
  rest(`all functions with the condition ${condition}`, {
    globals: `Cors: "'*'"`,
    sections: CONDITIONS,
    attributes: `Condition: ${condition}, `,
    events: EVENTS,
  }),
  rest(`a declared API with the condition ${condition} of its function`, {
    api: `${STAGE}, Cors: "'*'"`,
    sections: CONDITIONS,
    attributes: `Condition: ${condition}, `,
    events: [POST],
    resources: `  Other: { Type: AWS::Serverless::Function, Properties: { ${CODE}, Events: { E: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /b, Method: get } } } } }\n`,
  }),
  rest(`an origin that depends on ${condition}`, {
    globals: `Cors: !If [${condition}, "'https://a.example'", "'https://b.example'"]`,
    sections: CONDITIONS,
    events: EVENTS,
  }),
  rest(`a path of a definition that depends on ${condition}`, {
    api: `${STAGE}, Cors: "'*'", ${definition(`/a: { Fn::If: [${condition}, { get: ${operation()} }, { post: ${operation()} }] }`)}`,
    sections: CONDITIONS,
  }),
  http(`a function with the condition ${condition}`, {
    sections: CONDITIONS,
    attributes: `Condition: ${condition}, `,
    events: [httpEvent('Path: /a, Method: get')],
    resources: `  Other: { Type: AWS::Serverless::Function, Properties: { ${CODE}, Events: { E: ${httpEvent('Path: /b, Method: get')} } } }\n`,
  }),
]);

function stateMachine(events: string): string {
  return `  Flow: { Type: AWS::Serverless::StateMachine, Properties: { Definition: { StartAt: A, States: { A: { Type: Pass, End: true } } }, Events: { ${events} } } }\n`;
}

const STATE_MACHINE_CASES = [
  '',
  `Cors: "'*'"`,
  'Auth: { ApiKeyRequired: true }',
  `Cors: "'*'", Auth: { DefaultAuthorizer: AWS_IAM }`,
].map((globals) =>
  rest(`a state machine with ${globals === '' ? 'no Globals' : globals}`, {
    ...(globals === '' ? {} : { globals }),
    events: [POST],
    resources: stateMachine(`S: ${restEvent('/flow', 'post')}`),
  }),
);

const HTTP_CORS: readonly string[] = [
  'true',
  '{}',
  '{ AllowOrigins: [https://a.example] }',
  `{ AllowOrigins: ['*'], AllowHeaders: ['*'], AllowMethods: ['*'] }`,
  '{ AllowMethods: [GET, POST], MaxAge: 0 }',
  '{ AllowOrigins: [https://a.example], AllowCredentials: true, ExposeHeaders: [X-A], MaxAge: 60 }',
  `{ AllowOrigins: ['*'], AllowCredentials: true }`,
  `{ AllowOrigin: ['*'] }`,
];

const BODY_CORS = `x-amazon-apigateway-cors: { allowOrigins: [https://body.example], allowHeaders: [x-body] }, `;

const HTTP_CORS_CASES = HTTP_CORS.flatMap((cors) => [
  http(`CorsConfiguration ${cors} of the implicit API`, {
    globals: `CorsConfiguration: ${cors}`,
    events: [httpEvent('Path: /a, Method: post'), httpEvent()],
  }),
  http(`CorsConfiguration ${cors} of a declared API`, {
    api: `CorsConfiguration: ${cors}`,
    events: [httpEvent('Path: /a, Method: post')],
  }),
  http(`CorsConfiguration ${cors} with a definition`, {
    api: `CorsConfiguration: ${cors}, ${definition(`/a: { post: ${operation()} }`, BODY_CORS, OPENAPI)}`,
  }),
]);

const JWT = `Authorizers: {
  Jwt: { IdentitySource: $request.header.Authorization, JwtConfiguration: { issuer: https://login.example.com, audience: [a] } },
  Fn2: { FunctionArn: !GetAtt Fn.Arn, AuthorizerPayloadFormatVersion: '2.0', Identity: { Headers: [X-Token] } } }`;

const HTTP_AUTHS = [
  '',
  ', Auth: { Authorizer: NONE }',
  ', Auth: { Authorizer: Fn2 }',
  ', Auth: { AuthorizationScopes: [a] }',
];

const HTTP_AUTH_CASES = ['DefaultAuthorizer: Jwt, ', 'DefaultAuthorizer: Fn2, ', ''].flatMap((auth) =>
  HTTP_AUTHS.map((event) =>
    http(`Auth with ${auth === '' ? 'no default, ' : auth}and an event${event}`, {
      api: `CorsConfiguration: true, Auth: { ${auth}${JWT} }`,
      events: [
        httpEvent(`Path: /a, Method: post${event}`),
        httpEvent('Path: /a, Method: options'),
        httpEvent('Path: /b, Method: any'),
        httpEvent(),
      ],
    }),
  ),
);

const OTHER_HTTP_CASES = [
  http('the default route of the implicit API', { events: [httpEvent()] }),
  http('FailOnWarnings and the default route', { api: 'FailOnWarnings: true', events: [httpEvent()] }),
  http('a definition that events complete', {
    api: definition(`/a: { post: ${operation()} }`, '', OPENAPI),
    events: [httpEvent('Path: /a, Method: post'), httpEvent('Path: /new, Method: get')],
  }),
  http('a definition with security and a default', {
    api: `Auth: { DefaultAuthorizer: Jwt, ${JWT} }, ${definition(`/a: { post: ${operation('security: [{ own: [] }], ')}, get: ${operation()}, options: ${operation()} }`, `components: { securitySchemes: { own: { type: oauth2, x-amazon-apigateway-authorizer: { type: jwt, identitySource: $request.header.Authorization, jwtConfiguration: { issuer: https://x.example, audience: [a] } } } } }, `, OPENAPI)}`,
  }),
  http('IAM that is enabled', {
    api: 'Auth: { EnableIamAuthorizer: true, DefaultAuthorizer: AWS_IAM }',
    events: [
      httpEvent('Path: /a, Method: post'),
      httpEvent('Path: /b, Method: get, Auth: { Authorizer: NONE }'),
    ],
  }),
  http('IAM that is not enabled', {
    api: 'Auth: { DefaultAuthorizer: AWS_IAM }',
    events: [httpEvent('Path: /a, Method: post')],
  }),
  http('Globals and a declared API', {
    globals: 'CorsConfiguration: { AllowOrigins: [https://a.example], AllowHeaders: [x-a] }',
    api: 'CorsConfiguration: { AllowOrigins: [https://b.example], AllowMethods: [GET] }',
    events: [httpEvent('Path: /a, Method: get')],
  }),
  http('a path without a method', { events: [httpEvent('Path: /a')] }),
  http('an authorizer that the API does not define', {
    api: `Auth: { ${JWT} }`,
    events: [httpEvent('Path: /a, Method: get, Auth: { Authorizer: Other }')],
  }),
  http('a stage', { api: 'StageName: dev', events: [httpEvent('Path: /a, Method: GET')] }),
];

const OTHER_REST_CASES = [
  rest('no event', { api: STAGE }),
  rest('the same method twice', { events: [POST, POST] }),
  rest('an event without a method', { events: ['{ Type: Api, Properties: { Path: /a } }'] }),
  rest('an event that is null', { events: [POST, 'null'] }),
  rest('an event that is an empty map', { events: [POST, '{}'] }),
  rest('GatewayResponses of a wrong type', {
    api: `${STAGE}, GatewayResponses: { DEFAULT_4XX: text }`,
    events: [POST],
  }),
  rest('an unknown property of a gateway response', {
    api: `${STAGE}, GatewayResponses: { DEFAULT_4XX: { Status: 400 } }`,
    events: [POST],
  }),
  rest('Cors beside DefinitionUri', { api: `${STAGE}, Cors: "'*'", DefinitionUri: s3://bucket/api.yaml` }),
  rest('a timer beside an API event', {
    events: [POST, '{ Type: Schedule, Properties: { Schedule: rate(1 day) } }'],
  }),
  rest('all methods of one path', {
    globals: `Cors: "'*'"`,
    events: ['get', 'put', 'post', 'delete', 'head', 'patch'].map((method) => restEvent('/a', method)),
  }),
  rest('parameters with defaults', {
    globals: `Cors: !Ref Origin`,
    sections: `Parameters: { Origin: { Type: String, Default: "'https://p.example'" } }\n`,
    events: EVENTS,
  }),
  rest('an origin of a mapping', {
    globals: `Cors: !FindInMap [Stages, dev, Origin]`,
    sections: `Mappings: { Stages: { dev: { Origin: "'https://m.example'" } } }\n`,
    events: EVENTS,
  }),
];

const API_PARAMETER = 'Parameters: { ApiId: { Type: String, Default: a1b2c3d4e5 } }\n';

const OTHER_APIS = `  Rest: { Type: AWS::Serverless::Api, Properties: { ${STAGE} } }
  Http: { Type: AWS::Serverless::HttpApi }
  Raw: { Type: AWS::ApiGateway::RestApi, Properties: { Name: raw } }
`;

/** What an event can name as its API. */
const API_IDS: readonly string[] = [
  '!Ref Rest',
  'Rest',
  '!Ref Http',
  '!Ref Raw',
  '!Ref Missing',
  '!Ref ApiId',
  'a1b2c3d4e5',
  '!ImportValue Api',
  '!GetAtt Rest.RestApiId',
  "!Sub '${Rest}'",
  '!Ref ServerlessRestApi',
  '!Ref ServerlessHttpApi',
];

const API_ID_CASES = [
  rest('an event of type HttpApi of a state machine', { resources: stateMachine(`S: ${httpEvent()}`) }),
  ...API_IDS.flatMap((id) => {
    const parts = { sections: API_PARAMETER, resources: OTHER_APIS };
    return [
      rest(`the RestApiId ${id}`, { ...parts, events: [restEvent('/a', 'post', `, RestApiId: ${id}`)] }),
      http(`the ApiId ${id}`, { ...parts, events: [httpEvent(`Path: /a, Method: post, ApiId: ${id}`)] }),
      rest(`the RestApiId ${id} of a state machine`, {
        ...parts,
        resources: OTHER_APIS + stateMachine(`S: ${restEvent('/a', 'post', `, RestApiId: ${id}`)}`),
      }),
    ];
  }),
];

export const CASES: readonly Case[] = [
  ...CORS_CASES,
  ...AUTH_CASES,
  ...OTHER_AUTH_CASES,
  ...KEY_CASES,
  ...OTHER_KEY_CASES,
  ...GLOBALS_CASES,
  ...DEFINITION_CASES,
  ...CONDITION_CASES,
  ...STATE_MACHINE_CASES,
  ...HTTP_CORS_CASES,
  ...HTTP_AUTH_CASES,
  ...OTHER_HTTP_CASES,
  ...OTHER_REST_CASES,
  ...API_ID_CASES,
];

if (require.main === module) process.stdout.write(JSON.stringify(CASES));
