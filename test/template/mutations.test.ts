import { all, inResource, remove, replace, toTheFront, withoutResource } from './mutations';
import { check, LISTED, TEMPLATE_TEXT, type Parameters } from './templates';

type Mutation = [ruleId: string, error: string, edit: (text: string) => string, parameters?: Parameters];

const options = (edit: (text: string) => string) => inResource('ScanRecordsOptions', edit);
const post = (edit: (text: string) => string) => inResource('ScanRecordsPost', edit);
const ofFunction = (edit: (text: string) => string) => inResource('Function', edit);

const MUTATIONS: Mutation[] = [
  ['references', 'a Ref to an unknown name', post(replace('!Ref Api', '!Ref Apis'))],
  [
    'references',
    'a GetAtt to an unknown resource',
    inResource('Permission', replace('!GetAtt Function.Arn', '!GetAtt Lambda.Arn')),
  ],
  ['references', 'a Sub with an unknown name', replace('/${Stage}/scanRecords', '/${Staging}/scanRecords')],
  [
    'references',
    'a DependsOn with an unknown name',
    replace('      - RootAny\n', '      - RootAny\n      - RootGet\n'),
  ],
  [
    'references',
    'an unknown condition',
    ofFunction(replace('!Ref TableName', '!If [Renamed, !Ref TableName, RecordsTable]')),
  ],
  [
    'references',
    'an unknown mapping',
    inResource('ClientErrors', replace('[Cors, Headers, ExposeHeaders]', '[Cors, Headers, Exposed]')),
  ],
  [
    'references',
    'an intrinsic function with invalid arguments',
    inResource('RootAny', replace('!GetAtt Api.RootResourceId', '{ Fn::GetAtt: Api }')),
  ],
  ['specification', 'a typo in a property', post(replace('TimeoutInMillis', 'TimeoutInMilis'))],
  ['specification', 'a typo in a property of the function', ofFunction(replace('MemorySize', 'Memory'))],
  [
    'specification',
    'a string instead of a number',
    inResource('Stage', replace('!Ref ThrottlingRateLimit', 'fast')),
  ],
  ['specification', 'a map instead of a list', replace('Types: [REGIONAL]', 'Types: { Kind: REGIONAL }')],
  [
    'specification',
    'a value that is not allowed',
    options(replace('PassthroughBehavior: NEVER', 'PassthroughBehavior: SOMETIMES')),
  ],
  ['specification', 'a missing required property', inResource('Permission', remove(/^ +Action: .*\n/m))],
  ['specification', 'an unknown resource type', replace('AWS::Logs::LogGroup', 'AWS::Logs::Group')],
  ['sam-local-order', 'the function before the API', toTheFront('Function')],
  [
    'sam-local-order',
    'events on the function',
    ofFunction(
      replace(
        '      Timeout: 900\n',
        '      Timeout: 900\n      Events: { Get: { Type: Api, Properties: { Path: /, Method: get } } }\n',
      ),
    ),
  ],
  [
    'reachable',
    'a resource without a parent in the API',
    inResource('AnyPath', replace('!GetAtt Api.RootResourceId', '!Ref Deployment')),
  ],
  [
    'preflight-route',
    'no OPTIONS on a path',
    all(withoutResource('ScanRecordsOptions'), withoutResource('ScanRecordsAny')),
  ],
  [
    'preflight-route',
    'ANY narrowed to GET',
    all(
      withoutResource('AnyPathOptions'),
      inResource('AnyPathAny', replace('HttpMethod: ANY', 'HttpMethod: GET')),
    ),
  ],
  [
    'preflight-open',
    'OPTIONS with AWS_IAM',
    options(replace('AuthorizationType: NONE', 'AuthorizationType: AWS_IAM')),
  ],
  [
    'preflight-open',
    'an API key for OPTIONS',
    options(replace('ApiKeyRequired: false', 'ApiKeyRequired: true')),
  ],
  [
    'preflight-open',
    'ANY with AWS_IAM and without OPTIONS',
    all(
      withoutResource('AnyPathOptions'),
      inResource('AnyPathAny', replace('!If [WithIam, AWS_IAM, NONE]', 'AWS_IAM')),
    ),
  ],
  ['mock-status', 'no request template', options(remove(/^ +RequestTemplates:\n.*\n/m))],
  [
    'mock-status',
    'a status code that is a string',
    options(replace('{"statusCode": 200}', '{"statusCode": "200"}')),
  ],
  ['mock-status', 'a request template without a status code', options(replace('{"statusCode": 200}', '{}'))],
  [
    'mock-status',
    'a request template for another type',
    options(replace("application/json: '{", "text/plain: '{")),
  ],
  ['mock-text', 'no CONVERT_TO_TEXT', options(remove('        ContentHandling: CONVERT_TO_TEXT\n'))],
  ['mock-text', 'CONVERT_TO_BINARY', options(replace('CONVERT_TO_TEXT', 'CONVERT_TO_BINARY'))],
  [
    'mock-response',
    'no response for the status code',
    options(
      replace(
        "          - StatusCode: '200'\n",
        "          - StatusCode: '200'\n            SelectionPattern: '204'\n",
      ),
    ),
  ],
  [
    'mock-response',
    'a preflight response with 403',
    options((text) => text.replaceAll("StatusCode: '200'", "StatusCode: '403'")),
  ],
  [
    'declared-responses',
    'an undeclared status code',
    options(replace("          - StatusCode: '200'\n", "          - StatusCode: '204'\n")),
  ],
  [
    'declared-headers',
    'an undeclared mapped header',
    options(remove(/^ +method\.response\.header\.Access-Control-Max-Age: true\n/m)),
  ],
  [
    'declared-headers',
    'an undeclared overridden header',
    options(remove(/^ +method\.response\.header\.Access-Control-Allow-Credentials: true\n/m)),
    LISTED,
  ],
  ['cors-headers', 'another list of headers', replace('X-Api-Key,', '')],
  ['cors-headers', 'another max age', replace(`"'7200'"`, `"'600'"`)],
  ['cors-headers', 'another max age, with a list', replace(`"'7200'"`, `"'600'"`), LISTED],
  ['cors-headers', 'other methods', replace("'POST,OPTIONS'", "'GET,POST,OPTIONS'")],
  ['cors-headers', 'a header that is not exposed', replace('X-Request-Id,', '')],
  [
    'cors-headers',
    'no origin',
    options(remove(/^ +method\.response\.header\.Access-Control-Allow-Origin: "'\*'"\n/m)),
  ],
  [
    'cors-headers',
    'no quotes around a literal',
    options(replace(`Allow-Origin: "'*'"`, `Allow-Origin: '*'`)),
  ],
  ['cors-headers', 'no Vary', options(remove(/^ +method\.response\.header\.Vary: "'Origin'"\n/m)), LISTED],
  ['cors-headers', 'no credentials', options(replace('WithCredentials', 'AnyOrigin')), LISTED],
  ['cors-headers', 'a host with the same ending', options(replace('$star + 4', '$star + 5')), LISTED],
  [
    'cors-headers',
    'subdomains that are not checked',
    options(replace('[a-z0-9_-]+([.][a-z0-9_-]+)*', '.*')),
    LISTED,
  ],
  ['cors-headers', 'every origin allowed', options(replace('$allowed = false', '$allowed = true')), LISTED],
  [
    'cors-headers',
    'a template that is not valid Velocity',
    options(replace("'#if($allowed)'", "'#if($allowed'")),
    LISTED,
  ],
  ['gateway-errors', 'no GatewayResponse for 4xx', withoutResource('ClientErrors')],
  ['gateway-errors', 'no GatewayResponse for 5xx', withoutResource('ServerErrors')],
  [
    'gateway-errors',
    'no CORS header in one',
    inResource(
      'ServerErrors',
      remove(/^ +gatewayresponse\.header\.Access-Control-Allow-Origin: !If\n(?: {10}.*\n)+/m),
    ),
  ],
  [
    'gateway-errors',
    'an origin repeated without Vary',
    inResource('ServerErrors', remove(/^ +gatewayresponse\.header\.Vary.*\n/m)),
    LISTED,
  ],
  [
    'streaming-uri',
    'the URI of buffered responses',
    post(
      replace(
        '2021-11-15/functions/${Function.Arn}/response-streaming-invocations',
        '2015-03-31/functions/${Function.Arn}/invocations',
      ),
    ),
  ],
  [
    'streaming-uri',
    'a streaming URI without streaming',
    post(replace('ResponseTransferMode: STREAM', 'ResponseTransferMode: BUFFERED')),
  ],
  [
    'streaming-timeout',
    'a function that is stopped earlier',
    ofFunction(replace('Timeout: 900', 'Timeout: 60')),
  ],
  [
    'deployment-complete',
    'a method that is missing in DependsOn',
    inResource('Deployment', remove('      - ScanRecordsOptions\n')),
  ],
  [
    'deployment-complete',
    'a gateway response that is missing in DependsOn',
    inResource('Deployment', remove('      - ServerErrors\n')),
  ],
  ['stage', 'a stage without a deployment', inResource('Stage', replace('!Ref Deployment', 'latest'))],
  ['permission', 'no permission', withoutResource('Permission')],
  ['permission', 'a permission for another service', replace('apigateway.amazonaws.com', 's3.amazonaws.com')],
  ['policy-actions', 'an action with a wildcard', ofFunction(replace('dynamodb:Scan,', "'dynamodb:*',"))],
  [
    'policy-actions',
    'a managed policy for everything',
    ofFunction(replace('      Policies:\n', '      Policies:\n        - AmazonDynamoDBFullAccess\n')),
  ],
  [
    'policy-resources',
    'every resource',
    ofFunction(replace(/!Sub arn:\$\{AWS::Partition\}:dynamodb:.*\n/, "'*'\n")),
  ],
  ['policy-resources', 'every table', ofFunction(replace('table/${TableName}', 'table/*'))],
  ['policy-resources', 'another table', ofFunction(replace('table/${TableName}', 'table/Secrets'))],
];

it.each(MUTATIONS)('reports with rule %s: %s', (name, _error, edit, parameters = {}) => {
  const findings = check(edit(TEMPLATE_TEXT), parameters);

  expect([...new Set(findings.map((found) => found.ruleId))]).toEqual([name]);
});

it('returns a finding with location, message and fix', () => {
  const text = options(remove('        ContentHandling: CONVERT_TO_TEXT\n'))(TEMPLATE_TEXT);

  expect(check(text, {})).toEqual([
    {
      ruleId: 'mock-text',
      severity: 'error',
      location: {
        resource: 'ScanRecordsOptions',
        line: TEMPLATE_TEXT.split('\n').indexOf('  ScanRecordsOptions:') + 1,
      },
      message: 'a MOCK integration returns 500 with BinaryMediaTypes */*',
      fix: { description: 'Set ContentHandling: CONVERT_TO_TEXT in its Integration', lines: [] },
    },
  ]);
});
