/** The doctor's findings for templates before they are deployed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { examineTemplate } from '../src/template/examineTemplate';
import { rawTemplate } from '../../../test/helpers/gateway';
import { samTemplate, TUTORIAL } from './templates';

const OWN = readFileSync(join(__dirname, '../../../template.yaml'), 'utf8');

async function namesOf(text: string): Promise<string[]> {
  const { findings } = await examineTemplate(text, {});
  return findings.map(({ ruleId, severity, location }) => `${severity} ${ruleId} ${location.resource}`);
}

const CORS = `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type'", AllowMethods: "'POST,OPTIONS'" }`;

describe('a template', () => {
  it('of this project has no findings', async () => {
    const { findings, routes } = await examineTemplate(OWN, {});
    expect(findings).toEqual([]);
    expect(routes).toContainEqual(
      expect.objectContaining({ path: '/prod/scanRecords', method: 'OPTIONS', deployed: '200, allows *' }),
    );
  });

  it('from a tutorial has a finding with its line for each error', async () => {
    const { findings, routes } = await examineTemplate(TUTORIAL, {});
    const told = findings.map(
      ({ ruleId, location: { resource, line }, message }) => `${line} ${resource} ${ruleId}: ${message}`,
    );
    expect(told).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^5 ScanFunction sam-local-order: sam local ignores ScanOptions/),
        expect.stringMatching(/^5 ScanFunction sam-cors-missing: .*OPTIONS.*403/),
        expect.stringMatching(/^17 ScanOptions references: Ref RecordsApi/),
        expect.stringMatching(/^17 ScanOptions references: Ref RecordsResource/),
        expect.stringMatching(/^17 ScanOptions mock-status: .*500/),
        expect.stringMatching(/^17 ScanOptions declared-responses: .*200/),
      ]),
    );
    expect(routes).toContainEqual({
      api: 'ServerlessRestApi',
      path: '/Prod/scanRecords',
      method: 'OPTIONS',
      deployed: '403 "Missing Authentication Token"',
      samLocal: '403 "Missing Authentication Token"',
    });
  });

  it.each([
    ['without Cors', '', 'error sam-cors-missing Scan'],
    [
      'with Cors, whose function must answer with headers too',
      CORS,
      'warning passes-locally-fails-deployed Scan',
    ],
    [
      'whose authorizer is asked for preflights',
      `${CORS}, Auth: { DefaultAuthorizer: Pool, Authorizers: { Pool: { UserPoolArn: arn } } }`,
      'error sam-authorizer-on-preflight Scan',
    ],
    [
      'that takes credentials from anywhere',
      `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type'", AllowCredentials: true }`,
      'error sam-wildcard-credentials Scan',
    ],
    ['whose Cors has no quotes inside', `Cors: { AllowOrigin: '*' }`, 'error sam-cors-quotes Scan'],
    ['whose Cors admits no Content-Type', `Cors: "'*'"`, 'error preflight-headers Scan'],
    ['whose errors have no headers', CORS, 'warning gateway-errors Scan'],
  ])('of SAM %s', async (_words, api, name) => {
    expect(await namesOf(samTemplate(api))).toContain(name);
  });

  it('of SAM admits with Cors the methods of each path, where it names none', async () => {
    const cors = `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type'" }`;
    const put = samTemplate(cors).replace('Method: post', 'Method: put');
    expect((await namesOf(put)).filter((name) => name.startsWith('error'))).toEqual([]);
  });

  it('of SAM may refer to what SAM makes', async () => {
    const outputs = `
Outputs:
  Url: { Value: !Sub 'https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/' }
  Role: { Value: !GetAtt ScanRole.Arn }
`;
    expect((await namesOf(`${samTemplate(CORS)}${outputs}`)).join()).not.toContain('references');
  });

  it('of SAM is let pass where the authorizer leaves preflights alone', async () => {
    const auth = 'Auth: { DefaultAuthorizer: Pool, AddDefaultAuthorizerToCorsPreflight: false }';
    expect(await namesOf(samTemplate(`${CORS}, ${auth}`))).not.toContain(
      'error sam-authorizer-on-preflight Scan',
    );
  });

  it.each([
    ['no CorsConfiguration', '', 'error http-api-cors Http'],
    [
      '* with credentials',
      `CorsConfiguration: { AllowOrigins: ['*'], AllowCredentials: true }`,
      'error http-api-wildcard-credentials Http',
    ],
  ])('with an HTTP API that has %s', async (_words, properties, name) => {
    const api = `Resources: { Http: { Type: AWS::Serverless::HttpApi, Properties: { ${properties} } } }`;
    expect(await namesOf(api)).toContain(name);
  });

  it.each([
    ['that asks for a signature', 'AuthorizationType: AWS_IAM', 'error preflight-open ThingMethod'],
    ['that admits no JSON', 'AuthorizationType: NONE', 'error preflight-headers ThingMethod'],
  ])('with an OPTIONS %s', async (_words, authorization, name) => {
    const header = 'method.response.header.Access-Control-Allow-Origin';
    const options = `HttpMethod: OPTIONS, ${authorization}, MethodResponses: [{ StatusCode: '200', ResponseParameters: { ${header}: true } }], Integration: { Type: MOCK, RequestTemplates: { application/json: '{"statusCode": 200}' }, IntegrationResponses: [{ StatusCode: '200', ResponseParameters: { ${header}: "'*'" } }] }`;
    const post = `
  Post:
    Type: AWS::ApiGateway::Method
    Properties: { RestApiId: !Ref Api, ResourceId: !Ref Thing, HttpMethod: POST, AuthorizationType: NONE, Integration: { Type: AWS_PROXY } }
`;
    expect(await namesOf(rawTemplate(options, post))).toContain(name);
  });
});
