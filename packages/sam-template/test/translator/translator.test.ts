/** Compares the model with what aws-sam-translator makes of the same templates. See README.md in this folder. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apisOf, checkTemplate, parseTemplate, resolveTemplate, type Api, type ApiMethod } from '../../src';
import { CASES } from './cases';

interface Row {
  name: string;
  apis?: unknown[];
  /** Why SAM rejects the template. */
  rejected?: string;
}

const ROWS = JSON.parse(readFileSync(join(__dirname, 'expected.json'), 'utf8')) as Row[];

const DEPLOYMENT = { parameters: {}, region: 'us-east-1', accountId: '123456789012' };

const PREFIX = 'method.response.header.';

/** The headers that an OPTIONS mock maps. */
function preflightOf({ httpMethod, integration }: ApiMethod): Record<string, string> | undefined {
  if (httpMethod !== 'OPTIONS' || integration.type !== 'MOCK') return undefined;
  const parameters = integration.responses.flatMap((response) => Object.entries(response.responseParameters));
  return Object.fromEntries(
    parameters.map(([name, value]) => [name.slice(PREFIX.length).toLowerCase(), value]),
  );
}

function routeOf(method: ApiMethod) {
  const preflight = preflightOf(method);
  return {
    authorization: method.authorizationType,
    ...(method.authorizer !== undefined && { authorizer: method.authorizer.name }),
    ...(method.apiKeyRequired && { apiKey: true }),
    ...(preflight !== undefined && { preflight }),
  };
}

/** The configuration without what is not set, as a definition writes it. */
function corsOf({ cors }: Api) {
  const { maxAge, ...others } = cors ?? {};
  const set = Object.entries(others).filter(([, value]) => value !== false && String(value) !== '');
  return { ...Object.fromEntries(set), ...(maxAge !== undefined && { maxAge: Number(maxAge) }) };
}

function summary(api: Api) {
  const cors = corsOf(api);
  return {
    kind: api.kind,
    id: api.logicalId,
    routes: Object.fromEntries(
      api.methods.map((method) => [`${method.httpMethod} ${method.path}`, routeOf(method)]),
    ),
    ...(Object.keys(cors).length > 0 && { cors }),
  };
}

it('has one recorded row for each case', () => {
  expect(CASES.map(({ name }) => name)).toEqual(ROWS.map(({ name }) => name));
  expect(new Set(ROWS.map(({ name }) => name)).size).toBe(ROWS.length);
});

const rows = CASES.flatMap(({ name, template }, at) => {
  const row = ROWS[at];
  return row === undefined ? [] : [{ name, template, row }];
});

it.each(rows.filter(({ row }) => row.apis !== undefined))(
  'models $name as SAM deploys it',
  ({ template, row }) => {
    const { apis, notExamined } = apisOf(resolveTemplate(parseTemplate(template), DEPLOYMENT));
    const byId = (left: { id: string }, right: { id: string }) => left.id.localeCompare(right.id);

    expect(apis.map(summary).sort(byId)).toEqual((row.apis as { id: string }[]).sort(byId));
    expect(notExamined).toEqual([]);
  },
);

const REJECTIONS = /^(?:sam-rejects|(?:sam|http-api)-wildcard-credentials)$/;

function rejections(template: string): string[] {
  return checkTemplate(parseTemplate(template), DEPLOYMENT)
    .filter(({ ruleId }) => REJECTIONS.test(ruleId))
    .map(({ message }) => message);
}

it.each(rows.filter(({ row }) => row.rejected !== undefined))(
  'reports that SAM rejects $name',
  ({ template }) => {
    expect(rejections(template)).not.toEqual([]);
  },
);

it.each(rows.filter(({ row }) => row.rejected === undefined))('does not reject $name', ({ template }) => {
  expect(rejections(template)).toEqual([]);
});

/** Values that only a deployment knows, in place of the values of a case. */
function withUnknownValues(template: string): string {
  return template
    .replaceAll('StageName: dev', 'StageName: !Ref P')
    .replaceAll(/'arn:aws:cognito-idp[^']*'/g, '!ImportValue Pool')
    .replaceAll('https://login.example.com', "'{{resolve:ssm:issuer}}'")
    .replaceAll(
      'CodeUri: s3://bucket/key',
      "CodeUri: s3://bucket/key, MemorySize: !Ref N, Layers: !Split [',', !Ref P]",
    )
    .replace('Resources:', 'Conditions: { Unknown: !Equals [!Ref P, prod] }\nResources:')
    .replace(/^Conditions: \{ Active(.*)\}\nConditions: \{/m, 'Conditions: { Active$1,')
    .concat('  Other: { Type: AWS::SNS::Topic, Condition: Unknown, Properties: { TopicName: !Ref P } }\n')
    .replace('Transform:', 'Parameters: { P: { Type: String }, N: { Type: Number } }\nTransform:')
    .replace(/^(Parameters: .*)\}\n([^]*)^Parameters: \{(.*)\}\n/m, '$1, $3}\n$2');
}

const ACCEPTED = rows.filter(({ row }) => row.rejected === undefined);

it.each([
  ...ACCEPTED,
  ...ACCEPTED.map((row) => ({
    ...row,
    name: `${row.name}, with unknown values`,
    template: withUnknownValues(row.template),
  })),
])('finds no wrong name, type or attribute in $name', ({ template }) => {
  const found = checkTemplate(parseTemplate(template), DEPLOYMENT);
  expect(
    found.filter(({ ruleId }) =>
      /^(?:references|specification|resource-attributes|reachable|stage)$/.test(ruleId),
    ),
  ).toEqual([]);
});
