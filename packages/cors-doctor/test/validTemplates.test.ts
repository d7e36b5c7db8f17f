/** Templates in which nothing is wrong, in styles that differ from this project's: the doctor must find no error. */
import { examineFile } from './templateFiles';

const LAMBDA_URI = (id: string) =>
  `!Sub 'arn:aws:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${id}.Arn}/invocations'`;

/** What `sam init` writes: outputs refer to the API and the role that SAM creates. */
const SAM_INIT = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Globals: { Function: { Timeout: 3 } }
Resources:
  HelloFunction:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: hello/
      Handler: app.lambdaHandler
      Runtime: nodejs22.x
      AutoPublishAlias: live
      DeploymentPreference: { Type: AllAtOnce }
      Events:
        Hello: { Type: Api, Properties: { Path: /hello, Method: get } }
Outputs:
  Api: { Value: !Sub 'https://\${ServerlessRestApi}.execute-api.\${AWS::Region}.amazonaws.com/Prod/hello/' }
  Role: { Value: !GetAtt HelloFunctionRole.Arn }
  Alias: { Value: !Ref HelloFunction.Alias }
  Deployment: { Value: !Ref ServerlessDeploymentApplication }
`;

/** Functions of networks, whose values only CloudFormation knows, inside other functions. */
const NETWORK = `
Parameters:
  Range: { Type: String, Default: 10.1.0.0/16 }
  Image: { Type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>', Default: /aws/service/ami }
Mappings: { Sizes: { eu-west-3: { Size: t3.nano } } }
Resources:
  Vpc: { Type: AWS::EC2::VPC, Properties: { CidrBlock: !Ref Range } }
  Subnet:
    Type: AWS::EC2::Subnet
    Properties:
      VpcId: !Ref Vpc
      AvailabilityZone: !Select [1, !GetAZs '']
      CidrBlock: !Select [2, !Cidr [!GetAtt Vpc.CidrBlock, 8, 8]]
  Machine:
    Type: AWS::EC2::Instance
    Properties: { ImageId: !Ref Image, InstanceType: !FindInMap [Sizes, !Ref AWS::Region, Size], SubnetId: !Ref Subnet }
  Database: { Type: AWS::RDS::DBInstance, Properties: { DBInstanceClass: db.t3.micro, Engine: mysql } }
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: database
      SecurityGroupIngress: [{ IpProtocol: tcp, FromPort: !GetAtt Database.Endpoint.Port, ToPort: !GetAtt Database.Endpoint.Port }]
Outputs:
  Host: { Value: !Select [2, !Split ['/', !GetAtt Database.Endpoint.Address]] }
  Arn: { Value: { Fn::GetAtt: Database.DBInstanceArn } }
  Imported: { Value: !Join ['-', [!ImportValue Name, '{{resolve:ssm:/name}}']] }
`;

/** No SAM: a function whose code is a directory, as \`aws cloudformation package\` accepts it, and an OpenAPI Body. */
const PACKAGED = `
Resources:
  Plain:
    Type: AWS::Lambda::Function
    Properties: { Handler: index.handler, Runtime: nodejs22.x, Code: ./src, Role: 'arn:aws:iam::123456789012:role/x' }
  Permission:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !Ref Plain, Principal: apigateway.amazonaws.com }
  Api:
    Type: AWS::ApiGateway::RestApi
    Properties:
      Body:
        swagger: '2.0'
        paths:
          /all:
            x-amazon-apigateway-any-method:
              x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${LAMBDA_URI('Plain')} }
  Deployment: { Type: AWS::ApiGateway::Deployment, Properties: { RestApiId: !Ref Api, StageName: dev } }
`;

const MOCK_PARAMETERS = (prefix: string) => `
              ${prefix}Access-Control-Allow-Origin: "'*'"
              ${prefix}Access-Control-Allow-Methods: "'OPTIONS,POST'"
              ${prefix}Access-Control-Allow-Headers: "'Content-Type'"`;

/** What the AWS CDK synthesizes: a MOCK with status 204, metadata, and a parameter of SSM. */
const CDK = `
Resources:
  Api70: { Type: AWS::ApiGateway::RestApi, Properties: { Name: Api } }
  Resource1: { Type: AWS::ApiGateway::Resource, Properties: { RestApiId: !Ref Api70, ParentId: !GetAtt Api70.RootResourceId, PathPart: items } }
  Options1:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api70
      ResourceId: !Ref Resource1
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      ApiKeyRequired: false
      Integration:
        Type: MOCK
        RequestTemplates: { application/json: '{ statusCode: 200 }' }
        IntegrationResponses:
          - StatusCode: '204'
            ResponseParameters:${MOCK_PARAMETERS('method.response.header.')}
      MethodResponses:
        - StatusCode: '204'
          ResponseParameters:${MOCK_PARAMETERS('method.response.header.').replaceAll(/"'.*'"/g, 'true')}
  Post1:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api70
      ResourceId: !Ref Resource1
      HttpMethod: POST
      AuthorizationType: NONE
      Integration:
        Type: AWS_PROXY
        IntegrationHttpMethod: POST
        Uri: !Join ['', ['arn:', !Ref AWS::Partition, ':apigateway:', !Ref AWS::Region, ':lambda:path/2015-03-31/functions/', !GetAtt Fn1.Arn, /invocations]]
  Deployment1: { Type: AWS::ApiGateway::Deployment, DependsOn: [Options1, Post1, Resource1], Properties: { RestApiId: !Ref Api70 } }
  Stage1: { Type: AWS::ApiGateway::Stage, Properties: { RestApiId: !Ref Api70, DeploymentId: !Ref Deployment1, StageName: prod } }
  Permission1:
    Type: AWS::Lambda::Permission
    Properties: { Action: lambda:InvokeFunction, FunctionName: !GetAtt Fn1.Arn, Principal: apigateway.amazonaws.com, SourceArn: !Sub 'arn:aws:execute-api:*:*:\${Api70}/*' }
  Fn1:
    Type: AWS::Lambda::Function
    Metadata: { 'aws:asset:path': asset.1f0c, 'aws:asset:property': Code }
    Properties: { Handler: index.handler, Runtime: nodejs22.x, Role: 'arn:aws:iam::123456789012:role/x', Code: { S3Bucket: !Sub 'cdk-assets-\${AWS::Region}', S3Key: 1f0c.zip } }
  CDKMetadata: { Type: 'AWS::CDK::Metadata', Condition: CDKMetadataAvailable, Properties: { Analytics: v2 } }
Conditions: { CDKMetadataAvailable: !Or [!Equals [!Ref AWS::Region, us-east-1], !Equals [!Ref AWS::Region, eu-west-1]] }
Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: /cdk-bootstrap/version } }
`;

/** A definition in the template, with its own MOCK, and an event that gives the function its permission. */
const DEFINITION = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: dev
      DefinitionBody:
        openapi: 3.0.1
        info: { title: login, version: '1' }
        paths:
          /login:
            post: { responses: {}, x-amazon-apigateway-integration: { type: aws_proxy, httpMethod: POST, uri: ${LAMBDA_URI('Fn')} } }
            options:
              responses:
                '200':
                  description: preflight
                  headers: { Access-Control-Allow-Origin: {}, Access-Control-Allow-Methods: {}, Access-Control-Allow-Headers: {} }
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: { application/json: '{"statusCode": 200}' }
                responses:
                  default:
                    statusCode: '200'
                    responseParameters:${MOCK_PARAMETERS('        method.response.header.')}
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Handler: index.handler, Runtime: nodejs22.x, CodeUri: ., Events: { E: { Type: Api, Properties: { RestApiId: !Ref Api, Path: /login, Method: post } } } }
`;

/** \`quick create\` of an HTTP API: one route that a Target defines. */
const QUICK_CREATE = `
Resources:
  Fn: { Type: AWS::Lambda::Function, Properties: { Code: { ZipFile: x }, Handler: index.handler, Runtime: nodejs22.x, Role: 'arn:aws:iam::123456789012:role/x' } }
  Api: { Type: AWS::ApiGatewayV2::Api, Properties: { Name: quick, ProtocolType: HTTP, Target: !GetAtt Fn.Arn } }
`;

it.each([
  ['the template of sam init', SAM_INIT, '/Prod/hello'],
  ['functions of networks', NETWORK, 'declares no API'],
  ['a packaged function and an OpenAPI Body', PACKAGED, '/dev/all'],
  ['the output of the CDK', CDK, '204, allows *'],
  ['a definition with a MOCK', DEFINITION, '200, allows *'],
  ['an HTTP API that a Target creates', QUICK_CREATE, 'response of Fn'],
  [
    'a WebSocket API',
    QUICK_CREATE.replace('ProtocolType: HTTP, Target: !GetAtt Fn.Arn', 'ProtocolType: WEBSOCKET'),
    '(web-socket-api)',
  ],
])('finds no error in %s', async (_what, template, expected) => {
  const { code, output } = await examineFile(template);
  expect(output).toContain('no errors.');
  expect(output).toContain(expected);
  expect(code).toBe(0);
});
