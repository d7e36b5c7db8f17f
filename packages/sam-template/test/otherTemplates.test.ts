import { checkTemplate } from '../src/lint/checkTemplate';
import { parseTemplate } from '../src/template/parse';
import { policyOf } from '../../../test/template/templates';

const DEPLOYMENT = { parameters: {}, region: 'eu-central-1', accountId: '123456789012' };

function findingsOf(text: string) {
  return checkTemplate(parseTemplate(text), DEPLOYMENT, policyOf({}));
}

/** A typical first attempt: a function with an event, and a separate OPTIONS method. */
const BEGINNER = `
Transform: AWS::Serverless-2016-10-31
Resources:
  ScanFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: nodejs20.x
      CodeUri: .
      Policies: [AmazonDynamoDBFullAccess]
      Events:
        Scan: { Type: Api, Properties: { Path: /scanRecords, Method: post } }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: records }
  Records:
    Type: AWS::ApiGateway::Resource
    Properties: { RestApiId: !Ref Api, ParentId: !GetAtt Api.RootResourceId, PathPart: scanRecords }
  RecordsOptions:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !Ref Records
      HttpMethod: OPTIONS
      AuthorizationType: AWS_IAM
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters: { method.response.header.Access-Control-Allow-Origin: "'*'" }
      MethodResponses:
        - StatusCode: 200
`;

it('reports every error of a template, each with its resource', () => {
  const found = findingsOf(BEGINNER).map(({ ruleId, location }) => `${ruleId} ${location.resource}`);

  expect([...new Set(found)]).toEqual([
    'sam-local-order ScanFunction',
    'preflight-open RecordsOptions',
    'mock-status RecordsOptions',
    'declared-headers RecordsOptions',
    'cors-headers RecordsOptions',
    'gateway-errors Api',
    'stage Api',
    'policy-actions ScanFunction',
  ]);
});

/** Has a role that invokes the function, values of other stacks, and preflights that the function handles. */
const VALID = `
Resources:
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties: { Name: records, BinaryMediaTypes: [image/png] }
  Any:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: ANY
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Credentials: !ImportValue GatewayRoleArn
        Uri: !Sub arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${Function.Arn}/invocations
  ClientErrors:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Api
      ResponseType: DEFAULT_4XX
      ResponseParameters: { gatewayresponse.header.Access-Control-Allow-Origin: "'*'" }
  ServerErrors:
    Type: AWS::ApiGateway::GatewayResponse
    Properties:
      RestApiId: !Ref Api
      ResponseType: DEFAULT_5XX
      ResponseParameters: { gatewayresponse.header.access-control-allow-origin: "'*'" }
  Deployment:
    Type: AWS::ApiGateway::Deployment
    DependsOn: [Any, ClientErrors, ServerErrors]
    Properties: { RestApiId: !Ref Api, StageName: v1 }
  Function:
    Type: AWS::Lambda::Function
    Properties:
      Role: !ImportValue FunctionRoleArn
      Code: { ZipFile: 'exports.handler = async () => ({ statusCode: 200 })' }
  Seeded:
    Type: Custom::Records
    Properties: { ServiceToken: !GetAtt Function.Arn, Anything: 1 }
`;

it('reports nothing for a valid template in another style', () => {
  expect(findingsOf(VALID)).toEqual([]);
});

it.each(['null', 'text', '[]', '{ Type: 3 }'])(
  'accepts %s as the declaration of a parameter',
  (declaration) => {
    const text = `Parameters: { P: ${declaration} }\nResources: { Topic: { Type: AWS::SNS::Topic, Properties: { TopicName: !Ref P } } }`;
    expect(findingsOf(text)).toEqual([]);
  },
);
