/** Template lines that make API Gateway allow a request. No I/O. */
import type { Header } from '../diagnosis';
import { responseHeaders, preflightHeaders, type CorsRequirements } from '../corsRequirements';

/** The lines without which a MOCK integration fails. */
export const MOCK_LINES: readonly string[] = [
  `RequestTemplates: { application/json: '{"statusCode": 200}' }`,
  'ContentHandling: CONVERT_TO_TEXT',
];

/** A whole OPTIONS method. */
export function optionsMethod(required: CorsRequirements): string[] {
  return [
    'RecordsOptions:',
    '  Type: AWS::ApiGateway::Method',
    '  Properties:',
    '    RestApiId: !Ref Api # your RestApi',
    '    ResourceId: !Ref Records # the Resource of this path',
    '    HttpMethod: OPTIONS',
    '    AuthorizationType: NONE',
    '    Integration:',
    '      Type: MOCK',
    ...MOCK_LINES.map((line) => `      ${line}`),
    '      IntegrationResponses:',
    "        - StatusCode: '200'",
    '          ResponseParameters:',
    ...parameters(preflightHeaders(required), 'method.response.header').map((line) => `            ${line}`),
    '    MethodResponses:',
    "      - StatusCode: '200'",
    '        ResponseParameters:',
    ...declared(preflightHeaders(required)).map((line) => `          ${line}`),
  ];
}

/** The headers that an existing OPTIONS method must map and declare. */
export function preflightParameters(required: CorsRequirements): string[] {
  const headers = preflightHeaders(required);
  return [
    'ResponseParameters: # of IntegrationResponses',
    ...parameters(headers, 'method.response.header').map((line) => `  ${line}`),
    'ResponseParameters: # of MethodResponses',
    ...declared(headers).map((line) => `  ${line}`),
  ];
}

/** Gateway responses with CORS headers, so that web pages can read the gateway's own errors. */
export function gatewayResponses(required: CorsRequirements): string[] {
  return ['4XX', '5XX'].flatMap((type) => [
    `GatewayResponse${type}:`,
    '  Type: AWS::ApiGateway::GatewayResponse',
    '  Properties:',
    '    RestApiId: !Ref Api # your RestApi',
    `    ResponseType: DEFAULT_${type}`,
    '    ResponseParameters:',
    ...parameters(responseHeaders(required), 'gatewayresponse.header').map((line) => `      ${line}`),
  ]);
}

/** `Cors` of an AWS::Serverless::Api. */
export function samCors(required: CorsRequirements): string[] {
  const { origin, credentials, headers } = required;
  return [
    'Cors:',
    `  AllowOrigin: "'${origin}'"`,
    `  AllowMethods: "'${[...new Set([...required.methods, 'OPTIONS'])].join(',')}'"`,
    ...(headers.length > 0 ? [`  AllowHeaders: "'${headers.join(',')}'"`] : []),
    ...(credentials ? ['  AllowCredentials: true'] : []),
  ];
}

/** `CorsConfiguration` of an HTTP API. */
export function httpApiCors({ origin, methods, headers, credentials, exposed }: CorsRequirements): string[] {
  return [
    'CorsConfiguration:',
    `  AllowOrigins: ['${origin}']`,
    `  AllowMethods: [${methods.filter((method) => method !== 'OPTIONS').join(', ')}]`,
    ...(headers.length > 0 ? [`  AllowHeaders: [${headers.join(', ')}]`] : []),
    ...(exposed.length > 0 ? [`  ExposeHeaders: [${exposed.join(', ')}]`] : []),
    ...(credentials ? ['  AllowCredentials: true'] : []),
  ];
}

/** The headers that a function must return. */
export function functionHeaders(required: CorsRequirements): string[] {
  return [
    'headers: {',
    ...responseHeaders(required).map(([name, value]) => `  '${name}': '${value}',`),
    '},',
  ];
}

function parameters(headers: readonly Header[], prefix: string): string[] {
  return headers.map(([name, value]) => `${prefix}.${name}: "'${value}'"`);
}

function declared(headers: readonly Header[]): string[] {
  return headers.map(([name]) => `method.response.header.${name}: true`);
}
