/** The APIs that SAM creates, as the gateway serves them: definitions, authorizers, API keys and preflights. */
import { startGateway, type TestGateway } from '../../../test/helpers/gateway';

const FILES = {
  'index.js': `exports.handler = async (event) => ({ statusCode: 200, body: event.resource })`,
  'api.yaml': `
openapi: 3.0.1
paths:
  /included:
    post:
      x-amazon-apigateway-integration:
        type: aws_proxy
        httpMethod: POST
        uri: { Fn::Sub: 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Fn.Arn}/invocations' }
`,
};

function template(api: string, events: string, more = ''): string {
  return `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api: { Type: AWS::Serverless::Api, Properties: { StageName: dev, ${api} } }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: nodejs20.x, CodeUri: ., Events: { ${events} } }
${more}`;
}

const event = (method: string, auth = '') =>
  `{ Type: Api, Properties: { RestApiId: !Ref Api, Path: /items, Method: ${method}${auth} } }`;

async function using(text: string, test: (gateway: TestGateway) => Promise<void>): Promise<void> {
  const gateway = await startGateway(text, { files: FILES });
  try {
    await test(gateway);
  } finally {
    await gateway.close();
  }
}

const POOL =
  "Authorizers: { Pool: { UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/x' } }";

it('returns 401 to preflights and requests without a token if a default authorizer guards them', async () => {
  const api = `Cors: "'*'", Auth: { DefaultAuthorizer: Pool, ${POOL} }`;
  await using(
    template(api, `Get: ${event('get')}, Open: ${event('put', ', Auth: { Authorizer: NONE }')}`),
    async ({ url, notes }) => {
      expect((await fetch(`${url}/items`, { method: 'OPTIONS' })).status).toBe(401);
      expect((await fetch(`${url}/items`)).status).toBe(401);
      expect((await fetch(`${url}/items`, { headers: { Authorization: 'any' } })).status).toBe(200);
      expect((await fetch(`${url}/items`, { method: 'PUT' })).status).toBe(200);
      expect(notes.join()).toContain('the authorizer Pool does not run: any token is accepted');
    },
  );
});

it('checks the header of the identity source', async () => {
  const api = `Auth: { DefaultAuthorizer: Token, Authorizers: { Token: { FunctionArn: !GetAtt Fn.Arn, Identity: { Header: X-Token } } } }`;
  await using(template(api, `Get: ${event('get')}`), async ({ url }) => {
    expect((await fetch(`${url}/items`, { headers: { Authorization: 'any' } })).status).toBe(401);
    expect((await fetch(`${url}/items`, { headers: { 'X-Token': 'any' } })).status).toBe(200);
  });
});

it.each([
  [
    'OPTIONS',
    '/dev/items',
    'this path has GET, but not OPTIONS. A browser cannot send a preflight, here and in AWS: add Cors',
  ],
  ['DELETE', '/dev/items', 'this path has GET, but not DELETE'],
  ['GET', '/dev/other', 'no method of Api has this path'],
  ['GET', '/items', 'the path does not start with a stage: /dev'],
])('logs what is wrong with %s %s', async (method, path, reason) => {
  await using(template('Tags: {}', `Get: ${event('get')}`), async ({ origin, log }) => {
    expect((await fetch(`${origin}${path}`, { method })).status).toBe(403);
    expect(log).toEqual([`${method} "${path}": MISSING_AUTHENTICATION_TOKEN: ${reason}`]);
  });
});

const REQUEST = 'FunctionArn: !GetAtt Fn.Arn, FunctionPayloadType: REQUEST';

it.each([
  ['Headers: [X-One, X-Two]', '', { 'X-One': '1', 'X-Two': '2' }, 200],
  ['Headers: [X-One, X-Two]', '', { 'X-One': '1' }, 401],
  ['Headers: [X-One]', '', { 'X-One': '' }, 401],
  ['QueryStrings: [token]', '?token=a', {}, 200],
  ['QueryStrings: [token]', '', { Authorization: 'a' }, 401],
  ['StageVariables: [v], Context: [httpMethod]', '', {}, 200],
  ['ReauthorizeEvery: 0', '', {}, 200],
])(
  'checks the identity sources { %s } of an authorizer of type REQUEST: %j %j gets %d',
  async (identity, query, headers, status) => {
    const api = `Auth: { DefaultAuthorizer: Own, Authorizers: { Own: { ${REQUEST}, Identity: { ${identity} } } } }`;
    await using(template(api, `Get: ${event('get')}`), async ({ url }) => {
      expect((await fetch(`${url}/items${query}`, { headers })).status).toBe(status);
    });
  },
);

it('names each authorizer once for each API, and those that let every request pass', async () => {
  const own = `Own: { ${REQUEST}, Identity: { ReauthorizeEvery: 0 } }`;
  const api = `Cors: "'*'", Auth: { DefaultAuthorizer: Pool, ${POOL.replace('} }', `}, ${own} }`)} }`;
  const events = `Get: ${event('get')}, Put: ${event('put', ', Auth: { Authorizer: Own }')}`;
  await using(template(api, events), ({ notes }) => {
    expect(notes.filter((note) => note.includes('does not run'))).toEqual([
      'Api: the authorizer Pool does not run: any token is accepted',
      'Api: the authorizer Own does not run: it has no identity source, so every request is accepted',
    ]);
    return Promise.resolve();
  });
});

it('returns 403 to preflights and requests without an API key if the API requires one', async () => {
  await using(
    template(`Cors: "'*'", Auth: { ApiKeyRequired: true }`, `Get: ${event('get')}`),
    async ({ url }) => {
      const preflight = await fetch(`${url}/items`, { method: 'OPTIONS' });
      expect(preflight.status).toBe(403);
      expect(await preflight.json()).toEqual({ message: 'Forbidden' });
      expect((await fetch(`${url}/items`, { headers: { 'X-Api-Key': 'any' } })).status).toBe(200);
    },
  );
});

it('replies to preflights of ANY with a MOCK, so that the function never sees them', async () => {
  await using(template(`Cors: "'*'"`, `Any: ${event('any')}`), async ({ url }) => {
    const preflight = await fetch(`${url}/items`, { method: 'OPTIONS' });
    expect(preflight.headers.get('Access-Control-Allow-Methods')).toBe(
      'DELETE,GET,HEAD,OPTIONS,PATCH,POST,PUT',
    );
    expect((await preflight.text()).trim()).toBe('{}');
  });
});

it('returns 500 to preflights if every type is binary, because the MOCK of SAM cannot read binary bodies', async () => {
  await using(
    template(`Cors: "'*'", BinaryMediaTypes: ['*~1*']`, `Get: ${event('get')}`),
    async ({ url }) => {
      expect((await fetch(`${url}/items`, { method: 'OPTIONS' })).status).toBe(500);
    },
  );
});

it('serves a definition that a local file contains, and not the events beside it', async () => {
  const include = '{ Fn::Transform: { Name: AWS::Include, Parameters: { Location: api.yaml } } }';
  await using(
    template(`Cors: "'*'", DefinitionBody: ${include}`, `Get: ${event('get')}`),
    async ({ url }) => {
      expect(await (await fetch(`${url}/included`, { method: 'POST' })).text()).toBe('/included');
      expect(
        (await fetch(`${url}/included`, { method: 'OPTIONS' })).headers.get('Access-Control-Allow-Origin'),
      ).toBe('*');
      expect((await fetch(`${url}/items`)).status).toBe(403);
    },
  );
});

it('names HTTP APIs, properties and definitions that it does not serve', async () => {
  const more = `  Web: { Type: AWS::Serverless::HttpApi, Properties: { DefinitionBody: { openapi: '3.0.1', paths: { /web: { get: {} } } } } }
  Socket: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: s, ProtocolType: WEBSOCKET, RouteSelectionExpression: a } }
  Remote: { Type: AWS::Serverless::Api, Properties: { StageName: r, DefinitionUri: s3://bucket/api.yaml } }
`;
  const api = 'Auth: { ResourcePolicy: { IpRangeWhitelist: [10.0.0.0/8] } }';
  await using(template(api, `Get: ${event('get')}`, more), ({ notes }) => {
    expect(notes).toEqual(
      expect.arrayContaining([
        'Web: HTTP APIs are not served: GET /web',
        'Api: not emulated: Auth.ResourcePolicy',
        'Socket: WebSocket APIs are not served',
        expect.stringMatching(/^Remote: not served: its definition s3:/),
      ]),
    );
    return Promise.resolve();
  });
});
