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
    const lines = findings.map(
      ({ ruleId, location: { resource, line }, message }) => `${line} ${resource} ${ruleId}: ${message}`,
    );
    expect(lines).toEqual(
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
    ['with Cors, whose function must return headers too', CORS, 'warning passes-locally-fails-deployed Scan'],
    [
      'whose authorizer also applies to preflights',
      `${CORS}, Auth: { DefaultAuthorizer: Pool, Authorizers: { Pool: { UserPoolArn: arn } } }`,
      'error sam-authorizer-on-preflight Scan',
    ],
    [
      'that allows credentials from any origin',
      `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type'", AllowCredentials: true }`,
      'error sam-wildcard-credentials Scan',
    ],
    ['whose Cors value has no inner quotes', `Cors: { AllowOrigin: '*' }`, 'error sam-cors-quotes Scan'],
    ['whose Cors does not allow Content-Type', `Cors: "'*'"`, 'error preflight-headers Scan'],
    ['whose errors have no CORS headers', CORS, 'warning gateway-errors Scan'],
  ])('of SAM has a finding: %s', async (_description, api, name) => {
    expect(await namesOf(samTemplate(api))).toContain(name);
  });

  it('of SAM allows the methods of each path when Cors lists none', async () => {
    const cors = `Cors: { AllowOrigin: "'*'", AllowHeaders: "'Content-Type'" }`;
    const put = samTemplate(cors).replace('Method: post', 'Method: put');
    expect((await namesOf(put)).filter((name) => name.startsWith('error'))).toEqual([]);
  });

  it('of SAM can refer to resources that SAM generates', async () => {
    const outputs = `
Outputs:
  Url: { Value: !Sub 'https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/' }
  Role: { Value: !GetAtt ScanRole.Arn }
`;
    expect((await namesOf(`${samTemplate(CORS)}${outputs}`)).join()).not.toContain('references');
  });

  it('of SAM has no authorizer finding when the authorizer does not apply to preflights', async () => {
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
  ])('with an HTTP API has a finding for %s', async (_description, properties, name) => {
    const api = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Http: { Type: AWS::Serverless::HttpApi, Properties: { ${properties} } }
  Scan:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: .
      Events:
        Post: { Type: HttpApi, Properties: { ApiId: !Ref Http, Path: /records, Method: post } }
`;
    expect(await namesOf(api)).toContain(name);
  });

  it.each([
    ['that requires a signature', 'AuthorizationType: AWS_IAM', 'error preflight-open ThingMethod'],
    ['that does not allow JSON', 'AuthorizationType: NONE', 'error preflight-headers ThingMethod'],
  ])('has a finding for an OPTIONS method %s', async (_description, authorization, name) => {
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
