import { parse } from 'yaml';
import { parseTemplate, apisOf, resolveTemplate } from 'sam-template';
import { parseOriginPattern } from 'cors-policy';
import { parseConfig } from '../../src/config/config';
import { deploymentWith, LISTED, TEMPLATE_TEXT, type Parameters } from './templates';

const template = parseTemplate(TEMPLATE_TEXT);

/** CloudFormation matches a pattern with the whole value, or with each value of a list. */
function isAccepted(parameter: string, value: string): boolean {
  return new RegExp(`^(?:${template.parameters[parameter]?.AllowedPattern ?? ''})$`).test(value);
}

it.each([
  ['https://example.com', true],
  ['https://*.example.com', true],
  ['http://localhost:5173', true],
  ['http://127.0.0.1:8080', true],
  ['http://[::1]:3000', true],
  ['capacitor://localhost', true],
  ['http://localhost:*', true],
  ['https://127.0.0.1:*', true],
  ['http://[::1]:*', true],
  ['https://example.com:*', false],
  ['http://localhost.example.com:*', false],
  ['https://*:*', false],
  ['https://example.com/', false],
  ['https://example.com/app', false],
  ['https://Example.com', false],
  ['https://*example.com', false],
  ['https://a.*.example.com', false],
  ['https://user@example.com', false],
  ['https://example.com?x', false],
  ['example.com', false],
  ['null', false],
  ['', false],
])('accepts %j in CorsAllowOrigins as in CORS_ALLOW_ORIGINS: %s', (entry, isValid) => {
  expect(isAccepted('CorsAllowOrigins', entry)).toBe(isValid);
  expect('scheme' in parseOriginPattern(entry)).toBe(isValid);
});

it('rejects * with credentials or with other origins before it creates anything', () => {
  const { Rules } = parse(TEMPLATE_TEXT, { logLevel: 'error' }) as { Rules: unknown };

  expect(Rules).toMatchObject({
    CredentialsNeedAList: {
      RuleCondition: ['CorsAllowCredentials', 'true'],
      Assertions: [
        {
          Assert: [{ 'Fn::Contains': ['CorsAllowOrigins', '*'] }],
          AssertDescription: expect.stringMatching(
            /List the origins .* or set CorsAllowCredentials=false/,
          ) as unknown,
        },
      ],
    },
    AnyOriginAlone: {
      Assertions: [
        {
          Assert: [
            [{ 'Fn::Contains': ['CorsAllowOrigins', '*'] }],
            { 'Fn::EachMemberIn': ['CorsAllowOrigins', ['*']] },
          ],
          AssertDescription: expect.stringMatching(/Keep either \* or the list/) as unknown,
        },
      ],
    },
  });
});

function resourcesWith(parameters: Parameters) {
  return resolveTemplate(template, deploymentWith(parameters)).resources;
}

it.each<[name: string, parameters: Parameters]>([
  ['its defaults', {}],
  ['a list', { ...LISTED, TableName: 'Orders', DynamodbEndpoint: 'http://host.docker.internal:8000' }],
])('gives the function an environment that the app accepts: %s', (_name, parameters) => {
  const served = resourcesWith(parameters).find(({ type }) => type === 'AWS::Serverless::Function');
  const { Variables } = served?.properties.Environment as { Variables: Record<string, string> };
  const { tableName, cors, dynamodb } = parseConfig(Variables);

  expect(tableName).toBe(parameters.TableName ?? 'RecordsTable');
  expect(cors.credentials).toBe(parameters.CorsAllowCredentials === 'true');
  expect(cors.origins).toHaveLength(parameters.CorsAllowOrigins?.split(',').length ?? 1);
  expect(dynamodb.kind).toBe(parameters.DynamodbEndpoint === undefined ? 'aws' : 'endpoint');
});

it.each<[name: string, parameters: Parameters, limits: unknown[], concurrency: unknown]>([
  ['its defaults', {}, [5000, undefined, undefined], undefined],
  [
    'other limits',
    {
      MaxReadUnits: '',
      ReadUnitsPerSecond: '25',
      RateLimitPerMinute: '60',
      ReservedConcurrentExecutions: '4',
    },
    [undefined, 25, 60],
    '4',
  ],
])('limits what the function may cost: %s', (_name, parameters, limits, concurrency) => {
  const served = resourcesWith(parameters).find(({ type }) => type === 'AWS::Serverless::Function');
  const { Environment, ReservedConcurrentExecutions } = served?.properties ?? {};
  const { Variables } = Environment as { Variables: Record<string, string> };
  const { scanMaxReadUnits, scanReadUnitsPerSecond, rateLimitPerMinute } = parseConfig(Variables);

  expect([scanMaxReadUnits, scanReadUnitsPerSecond, rateLimitPerMinute]).toEqual(limits);
  expect(ReservedConcurrentExecutions).toBe(concurrency);
});

it('asks who may read, because Auth has no default', () => {
  expect(template.parameters.Auth).toMatchObject({ AllowedValues: ['none', 'key', 'jwt', 'iam'] });
  expect(template.parameters.Auth).not.toHaveProperty('Default');
});

it.each<[auth: string, method: string]>([
  ['none', 'NONE'],
  ['key', 'NONE'],
  ['iam', 'AWS_IAM'],
])('with Auth=%s, requires %s of every method but OPTIONS', (Auth, expected) => {
  const [api] = apisOf(resolveTemplate(template, deploymentWith({ Auth }))).apis;
  const types = api?.methods.map(({ httpMethod, authorizationType }) => [httpMethod, authorizationType]);

  expect(types).toHaveLength(9);
  for (const [httpMethod, type] of types ?? [])
    expect(type).toBe(httpMethod === 'OPTIONS' ? 'NONE' : expected);
});

it.each<[auth: string, parameters: Parameters, kind: string]>([
  ['none', {}, 'none'],
  ['iam', {}, 'none'],
  ['key', { ApiKeys: `front-end:${'a'.repeat(64)}` }, 'key'],
  [
    'jwt',
    {
      JwtJwksUrl: 'https://login.example.com/jwks.json',
      JwtIssuer: 'https://login.example.com/',
      JwtAudience: 'scan-records',
      JwtRequiredScope: 'records:read',
      VisibleAttributes: 'id,mag',
      ItemFilter: 'owner = $claims.sub',
      TokenSecret: 's'.repeat(32),
    },
    'jwt',
  ],
])('gives the function the settings of Auth=%s', (Auth, parameters, kind) => {
  const served = resourcesWith({ Auth, ...parameters }).find(
    ({ type }) => type === 'AWS::Serverless::Function',
  );
  const { Variables } = served?.properties.Environment as { Variables: Record<string, string> };
  const { auth, itemFilter, visibleAttributes, tokenSecret } = parseConfig(Variables);

  expect(auth.kind).toBe(kind);
  expect(itemFilter !== undefined).toBe(parameters.ItemFilter !== undefined);
  expect(visibleAttributes?.RecordsTable?.join()).toBe(parameters.VisibleAttributes);
  expect(tokenSecret).toBe(parameters.TokenSecret);
});

it('creates a table only if CreateTable is true, and keeps it when the stack is deleted', () => {
  const isTable = ({ type }: { type: string }) => type === 'AWS::DynamoDB::Table';

  expect(resourcesWith({}).filter(isTable)).toEqual([]);
  expect(resourcesWith({ CreateTable: 'true', TableName: 'Orders' }).find(isTable)?.properties).toMatchObject(
    {
      TableName: 'Orders',
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    },
  );
  expect(TEMPLATE_TEXT).toMatch(/DeletionPolicy: Retain\n +UpdateReplacePolicy: Retain/);
});

it('has a method for every path, so that the gateway never returns its own 403', () => {
  const [api] = apisOf(resolveTemplate(template, deploymentWith({}))).apis;

  expect(
    api?.methods.map(({ path, httpMethod, integration }) => [httpMethod, path, integration.type]),
  ).toEqual([
    ['OPTIONS', '/scanRecords', 'MOCK'],
    ['POST', '/scanRecords', 'AWS_PROXY'],
    ['GET', '/scanRecords', 'AWS_PROXY'],
    ['HEAD', '/scanRecords', 'AWS_PROXY'],
    ['ANY', '/scanRecords', 'AWS_PROXY'],
    ['OPTIONS', '/{proxy+}', 'AWS_PROXY'],
    ['ANY', '/{proxy+}', 'AWS_PROXY'],
    ['OPTIONS', '/', 'AWS_PROXY'],
    ['ANY', '/', 'AWS_PROXY'],
  ]);
});
