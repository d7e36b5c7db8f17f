/** Creates the event of a Lambda proxy integration from a request. No I/O. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { header, isBinary, type Call, type GatewayRequest } from 'sam-template';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
export function proxyEvent(call: Call, accountId: string): APIGatewayProxyEvent {
  const { api, method, request, pathParameters } = call;
  const multiValueHeaders = groupByName(forwardedHeaders(request));
  const multiValueQuery = groupByName([...request.query]);
  return {
    resource: method.path,
    path: request.resourcePath,
    httpMethod: request.method,
    headers: lastOf(multiValueHeaders),
    multiValueHeaders,
    queryStringParameters: orNull(lastOf(multiValueQuery)),
    multiValueQueryStringParameters: orNull(multiValueQuery),
    pathParameters: orNull(pathParameters),
    stageVariables: null,
    requestContext: requestContext(call, accountId),
    ...bodyOf(request, api.binaryMediaTypes),
  };
}

function bodyOf(request: GatewayRequest, binaryMediaTypes: readonly string[]) {
  if (request.body.byteLength === 0) return { body: null, isBase64Encoded: false };
  const isBase64Encoded = isBinary(binaryMediaTypes, header(request, 'Content-Type') ?? 'application/json');
  return { body: request.body.toString(isBase64Encoded ? 'base64' : 'utf8'), isBase64Encoded };
}

function requestContext(
  { api, method, request }: Call,
  accountId: string,
): APIGatewayProxyEvent['requestContext'] {
  return {
    accountId,
    apiId: api.logicalId,
    authorizer: null,
    protocol: 'HTTP/1.1',
    httpMethod: request.method,
    identity: {
      ...ANONYMOUS,
      sourceIp: request.sourceIp,
      userAgent: header(request, 'User-Agent') ?? null,
    },
    path: request.path,
    stage: api.stage,
    requestId: request.requestId,
    requestTimeEpoch: Date.now(),
    resourceId: method.logicalId,
    resourcePath: method.path,
  };
}

const ANONYMOUS = {
  accessKey: null,
  accountId: null,
  apiKey: null,
  apiKeyId: null,
  caller: null,
  clientCert: null,
  cognitoAuthenticationProvider: null,
  cognitoAuthenticationType: null,
  cognitoIdentityId: null,
  cognitoIdentityPoolId: null,
  principalOrgId: null,
  user: null,
  userArn: null,
};

/** Removes the connection headers and adds the client address and protocol, as API Gateway does. */
function forwardedHeaders({ headers, sourceIp }: GatewayRequest): [string, string][] {
  const kept = headers.filter(
    ([name]) => !/^(?:connection|keep-alive|te|transfer-encoding|upgrade)$/i.test(name),
  );
  return [
    // API Gateway decodes header bytes as UTF-8.
    ...kept.map(([name, value]): [string, string] => [name, Buffer.from(value, 'latin1').toString()]),
    ['X-Forwarded-For', sourceIp],
    ['X-Forwarded-Proto', 'http'],
  ];
}

/** Groups values by case-insensitive name. The first spelling becomes the key. */
function groupByName(pairs: readonly (readonly [string, string])[]): Record<string, string[]> {
  const spellings = new Map<string, string>();
  // A map, because a client can send names such as constructor or __proto__.
  const groups = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const first = spellings.get(name.toLowerCase()) ?? name;
    spellings.set(name.toLowerCase(), first);
    groups.set(first, [...(groups.get(first) ?? []), value]);
  }
  return Object.fromEntries(groups);
}

function lastOf(groups: Record<string, string[]>): Record<string, string> {
  return Object.fromEntries(Object.entries(groups).map(([name, values]) => [name, values.at(-1) ?? '']));
}

function orNull<Value>(values: Record<string, Value>): Record<string, Value> | null {
  return Object.keys(values).length === 0 ? null : values;
}
