/** Builds templates from small blocks: healthy ones, and ways to break them or to hide a value until the deployment. */
import { pick, type Random } from './mutate';

/** A part of a template. */
export type Block = Record<string, unknown>;

export interface Variation {
  kind: 'Api' | 'HttpApi';
  template: { Parameters: Block; Conditions: Block; Globals: Block; Resources: Record<string, Block> };
  /** The properties of the API, where the template has them: in a resource or in Globals. */
  api: Block;
  cors: Block;
  auth: Block | undefined;
  /** The properties of the event that web pages need a preflight for. */
  event: Block;
  function: Block;
}

const COGNITO = { UserPoolArn: 'arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_a' };
const TOKEN = { FunctionArn: { 'Fn::GetAtt': ['Fn', 'Arn'] }, Identity: { Header: 'X-Token' } };
const JWT = {
  JwtConfiguration: { issuer: 'https://login.example.com', audience: ['a'] },
  IdentitySource: '$request.header.Authorization',
};

const ORIGINS = ['*', 'https://app.example.com', 'http://localhost:5173', 'https://app.example.com:8443'];
const HEADERS = [['*'], ['Content-Type'], ['Content-Type', 'Authorization', 'X-Api-Key']];
const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'any'];

/** Returns a healthy template: SAM accepts it, and its preflights allow JSON. */
export function healthy(random: Random): Variation {
  const kind = pick(random, ['Api', 'Api', 'HttpApi'] as const);
  const isImplicit = random(2) === 0;
  const origin = pick(random, ORIGINS);
  const cors = kind === 'Api' ? restCors(random, origin) : httpCors(random, origin);
  const auth = kind === 'Api' ? restAuth(random) : httpAuth(random);
  const api: Block = {
    [kind === 'Api' ? 'Cors' : 'CorsConfiguration']: cors,
    ...(auth !== undefined && { Auth: auth }),
    ...(kind === 'Api' && random(2) === 0 && { GatewayResponses: errorResponses() }),
  };
  const link = isImplicit ? {} : { [kind === 'Api' ? 'RestApiId' : 'ApiId']: { Ref: 'Api' } };
  const event: Block = {
    Path: pick(random, ['/items', '/', '/a/{id}', '/{proxy+}']),
    Method: 'put',
    ...link,
  };
  const others = METHODS.filter(() => random(4) === 0).map((method) => [
    `On${method}`,
    { Type: kind, Properties: { Path: `/more/${method}`, Method: method, ...link } },
  ]);
  const fn: Block = {
    Handler: 'index.handler',
    Runtime: 'nodejs22.x',
    CodeUri: '.',
    Events: { Put: { Type: kind, Properties: event }, ...(Object.fromEntries(others) as Block) },
  };
  const stage = pick(random, ['dev', { Ref: 'Stage' }, { 'Fn::Sub': '${Stage}-1' }]);
  // The properties of the API are in its resource or in Globals.
  const isOwn = !isImplicit && random(2) === 0;
  const declared: Block = isOwn ? Object.assign(api, { StageName: stage }) : { StageName: stage };
  const condition = pick(random, [{}, {}, { Condition: 'Always' }]);
  return {
    kind,
    api,
    cors,
    auth,
    event,
    function: fn,
    template: {
      Parameters: { Stage: { Type: 'String', Default: 'test' } },
      Conditions: { Always: { 'Fn::Equals': [{ Ref: 'Stage' }, 'test'] } },
      Globals: isOwn ? {} : { [kind]: api },
      Resources: {
        ...(!isImplicit && {
          Api: { Type: `AWS::Serverless::${kind}`, Properties: declared },
        }),
        Fn: { Type: 'AWS::Serverless::Function', ...condition, Properties: fn },
        Other: {
          Type: 'AWS::SNS::Topic',
          Properties: { TopicName: { 'Fn::Sub': '${AWS::StackName}-topic' } },
        },
      },
    },
  };
}

function restCors(random: Random, origin: string): Block {
  return {
    AllowOrigin: `'${origin}'`,
    AllowHeaders: `'${pick(random, HEADERS).join(',')}'`,
    ...(random(2) === 0 && { AllowMethods: `'${pick(random, ['*', 'DELETE,GET,OPTIONS,PATCH,POST,PUT'])}'` }),
    ...(random(2) === 0 && { MaxAge: `'600'` }),
    ...(origin !== '*' &&
      random(2) === 0 && {
        AllowCredentials: true,
        AllowMethods: "'DELETE,GET,PATCH,POST,PUT'",
        AllowHeaders: "'Content-Type'",
      }),
  };
}

function httpCors(random: Random, origin: string): Block {
  return {
    AllowOrigins: [origin],
    AllowHeaders: pick(random, HEADERS),
    AllowMethods: pick(random, [['*'], ['DELETE', 'GET', 'PATCH', 'POST', 'PUT']]),
    ...(random(2) === 0 && { MaxAge: 600 }),
  };
}

function restAuth(random: Random): Block | undefined {
  return pick(random, [
    undefined,
    { DefaultAuthorizer: 'Pool', AddDefaultAuthorizerToCorsPreflight: false, Authorizers: { Pool: COGNITO } },
    {
      DefaultAuthorizer: 'Token',
      AddDefaultAuthorizerToCorsPreflight: false,
      Authorizers: { Token: TOKEN, Pool: COGNITO },
    },
    { ApiKeyRequired: true, AddApiKeyRequiredToCorsPreflight: false },
  ]);
}

function httpAuth(random: Random): Block | undefined {
  return pick(random, [undefined, { DefaultAuthorizer: 'Jwt', Authorizers: { Jwt: JWT } }]);
}

function errorResponses(): Block {
  const response = { ResponseParameters: { Headers: { 'Access-Control-Allow-Origin': "'*'" } } };
  return { DEFAULT_4XX: response, DEFAULT_5XX: response };
}

/** A way to break a template, and the rule that finds it. */
export interface Breakage {
  ruleId: (kind: Variation['kind']) => string;
  applies: (variation: Variation) => boolean;
  apply: (variation: Variation) => void;
}

const isRest = ({ kind }: Variation) => kind === 'Api';
const always = () => true;
const byKind = (rest: string, http: string) => (kind: Variation['kind']) => (kind === 'Api' ? rest : http);
const both = (ruleId: string) => () => ruleId;

export const BREAKAGES: Readonly<Record<string, Breakage>> = {
  'no Cors': {
    ruleId: byKind('sam-cors-missing', 'http-api-cors'),
    applies: always,
    apply: ({ api }) => {
      delete api.Cors;
      delete api.CorsConfiguration;
    },
  },
  'no AllowHeaders': {
    ruleId: both('preflight-headers'),
    applies: always,
    apply: ({ cors }) => delete cors.AllowHeaders,
  },
  'AllowMethods without PUT': {
    ruleId: both('preflight-headers'),
    applies: always,
    apply: (variation) => (variation.cors.AllowMethods = isRest(variation) ? "'GET,POST'" : ['GET', 'POST']),
  },
  'an origin with a slash at its end': {
    ruleId: both('not-an-origin'),
    applies: always,
    apply: ({ kind, cors }) => {
      if (kind === 'Api') cors.AllowOrigin = "'https://app.example.com/'";
      else cors.AllowOrigins = ['https://app.example.com/'];
    },
  },
  'a wildcard with credentials': {
    ruleId: byKind('sam-wildcard-credentials', 'http-api-wildcard-credentials'),
    applies: always,
    apply: ({ kind, cors }) => {
      Object.assign(cors, kind === 'Api' ? { AllowOrigin: "'*'" } : { AllowOrigins: ['*'] }, {
        AllowCredentials: true,
      });
    },
  },
  'a value of Cors without quotes': {
    ruleId: both('sam-cors-quotes'),
    applies: isRest,
    apply: ({ cors }) => (cors.AllowHeaders = 'Content-Type'),
  },
  'an unknown key of Cors': {
    ruleId: both('sam-rejects'),
    applies: always,
    apply: ({ cors }) => (cors.AllowedHeaders = "'*'"),
  },
  'an authorizer on preflights': {
    ruleId: both('sam-authorizer-on-preflight'),
    applies: ({ kind, auth }) => kind === 'Api' && auth?.DefaultAuthorizer !== undefined,
    apply: ({ auth }) => delete auth?.AddDefaultAuthorizerToCorsPreflight,
  },
  'an API key on preflights': {
    ruleId: both('sam-api-key-on-preflight'),
    applies: ({ auth }) => auth?.ApiKeyRequired === true,
    apply: ({ auth }) => delete auth?.AddApiKeyRequiredToCorsPreflight,
  },
  'binary preflights': {
    ruleId: both('sam-binary-preflight'),
    applies: isRest,
    apply: ({ api }) => (api.BinaryMediaTypes = ['*~1*']),
  },
  'a gateway response without quotes': {
    ruleId: both('gateway-response-quotes'),
    applies: isRest,
    apply: ({ api }) =>
      (api.GatewayResponses = {
        DEFAULT_4XX: { ResponseParameters: { Headers: { 'Access-Control-Allow-Origin': '*' } } },
      }),
  },
  'an event without a path': {
    ruleId: both('sam-rejects'),
    applies: always,
    apply: ({ event }) => delete event.Path,
  },
  'an undefined authorizer': {
    ruleId: both('sam-rejects'),
    applies: always,
    apply: ({ event }) => (event.Auth = { Authorizer: 'Missing' }),
  },
  'a repeated event': {
    ruleId: both('sam-rejects'),
    applies: always,
    apply: ({ kind, event, function: fn }) =>
      Object.assign(fn.Events as Block, { Again: { Type: kind, Properties: event } }),
  },
  'a reference to nothing': {
    ruleId: both('references'),
    applies: always,
    apply: ({ function: fn }) => (fn.Environment = { Variables: { A: { Ref: 'Missing' } } }),
  },
  'a misspelled property': {
    ruleId: both('specification'),
    applies: always,
    apply: ({ function: fn }) => (fn.Timeouts = 3),
  },
  'Events beside Properties': {
    ruleId: both('resource-attributes'),
    applies: always,
    apply: ({ template, function: fn }) => {
      Object.assign(template.Resources.Fn ?? {}, { Events: fn.Events });
      delete fn.Events;
    },
  },
};

/** Places whose value decides the verdict. */
export const PLACES: Readonly<Record<string, (variation: Variation, value: unknown) => void>> = {
  'the headers of Cors': ({ cors }, value) => (cors.AllowHeaders = value),
  'the methods of Cors': ({ cors }, value) => (cors.AllowMethods = value),
  Auth: ({ api }, value) => (api.Auth = value),
  'the default authorizer': ({ api }, value) =>
    (api.Auth = { DefaultAuthorizer: value, Authorizers: { Jwt: JWT } }),
  'the binary types': ({ api, kind }, value) =>
    kind === 'Api' ? (api.BinaryMediaTypes = value) : (api.Auth = value),
  'the definition': ({ api }, value) => (api.DefinitionBody = value),
  'the path of an event': ({ event }, value) => (event.Path = value),
  'the method of an event': ({ event }, value) => (event.Method = value),
  'the auth of an event': ({ event }, value) => (event.Auth = value),
  'the properties of an event': ({ function: fn, kind }, value) =>
    Object.assign(fn.Events as Block, { Put: { Type: kind, Properties: value } }),
  'an event': ({ function: fn }, value) => Object.assign(fn.Events as Block, { Put: value }),
  'the events': ({ function: fn }, value) => (fn.Events = value),
};

/** Values that only the deployment knows. */
export const UNKNOWN_VALUES: readonly Block[] = [
  { 'Fn::ImportValue': 'name' },
  { Ref: 'WithoutDefault' },
  { 'Fn::Transform': { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/part.yaml' } } },
];

/** Returns the text of a template. */
export function textOf({ template }: Variation): string {
  const Parameters = { ...template.Parameters, WithoutDefault: { Type: 'String' } };
  return JSON.stringify({ Transform: 'AWS::Serverless-2016-10-31', ...template, Parameters }, null, 1);
}
