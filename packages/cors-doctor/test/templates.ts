/** Templates with typical errors. */

/** A function with an event, and an incomplete MOCK integration for OPTIONS that sam local ignores. */
export const TUTORIAL = `
AWSTemplateFormatVersion: '2010-09-09'
Transform: AWS::Serverless-2016-10-31
Resources:
  ScanFunction:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: src/
      Events:
        Scan:
          Type: Api
          Properties:
            Path: /scanRecords
            Method: post
  ScanOptions:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref RecordsApi
      ResourceId: !Ref RecordsResource
      HttpMethod: OPTIONS
      AuthorizationType: NONE
      Integration:
        Type: MOCK
        IntegrationResponses:
          - StatusCode: 200
            ResponseParameters:
              method.response.header.Access-Control-Allow-Origin: "'*'"
              method.response.header.Access-Control-Allow-Headers: "'Content-Type'"
              method.response.header.Access-Control-Allow-Methods: "'POST,OPTIONS'"
`;

/** Creates a template with a SAM API. @param api its properties in YAML flow style. */
export function samTemplate(api: string, event = ''): string {
  return `
Transform: AWS::Serverless-2016-10-31
Globals:
  Api: { ${api} }
Resources:
  Scan:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs20.x
      CodeUri: .
      Events:
        Post: { Type: Api, Properties: { Path: /records, Method: post${event} } }
`;
}
