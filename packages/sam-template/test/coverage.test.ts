/** The list of properties, compared with CloudFormation's specification, with SAM's, and with its documentation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COVERAGE, coverageOf, coverageTable, unknownProperties } from '../src/coverage';
import { loadSpecification } from '../src/lint/specificationDatabase';
import { parseTemplate } from '../src/template/parse';

const SPECIFIED = [...loadSpecification().all('resource')].filter(({ cloudFormationType }) =>
  /^AWS::ApiGateway(?:V2)?::|^AWS::Serverless::(?:Api|HttpApi|Application)$/.test(cloudFormationType),
);

it.each(SPECIFIED)('lists every property of $cloudFormationType', ({ cloudFormationType, properties }) => {
  const names = Object.keys(properties);
  expect(names.filter((name) => coverageOf(cloudFormationType, name) === undefined)).toEqual([]);
});

it('lists each property once', () => {
  for (const names of Object.values(COVERAGE)) {
    const all = Object.values(names).flatMap((text) => text.split(' '));
    expect(all).toEqual([...new Set(all)]);
  }
});

it('is documented', () => {
  const documentation = readFileSync(join(__dirname, '../docs/coverage.md'), 'utf8');
  expect(documentation).toContain(coverageTable());
});

it('returns the properties of a resource that neither the model nor the gateway knows', () => {
  const template = parseTemplate(`
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties: { StageName: dev, MinimumCompressionSize: 0, Name: a, Auth: { ApiKeyRequired: true, ResourcePolicy: {} } }
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Events: { Get: { Type: Api, Properties: { Path: /, Method: get, RequestModel: {} } } } }
`);
  expect(template.resources.flatMap(unknownProperties)).toEqual([
    'MinimumCompressionSize',
    'Auth.ResourcePolicy',
    'Events.Get.RequestModel',
  ]);
});
