/** API Gateway's proxy event, as the HTTP request that it was made from. No I/O. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { LoopbackRequest } from './loopback';

/** Between API Gateway and its client, or said anew: https://httpwg.org/specs/rfc9110.html#field.connection */
const OF_ONE_HOP =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

/**
 * Reads an event of a REST API's Lambda proxy integration.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyRequest(event: APIGatewayProxyEvent): LoopbackRequest {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const headers = headersOf(event);
  // One id from the gateway's log to this one's.
  headers['x-request-id'] ??= [event.requestContext.requestId];
  if (body.byteLength > 0) headers['content-length'] = [String(body.byteLength)];
  return { method: event.httpMethod, path: pathOf(event) + queryOf(event), headers, body };
}

function headersOf({ multiValueHeaders, headers }: APIGatewayProxyEvent): Record<string, string[]> {
  const entries = Object.entries({ ...headers, ...multiValueHeaders });
  return Object.fromEntries(
    entries
      .map(([name, values]) => [name.toLowerCase(), [values ?? []].flat().map(bytesOf)] as const)
      .filter(([name, values]) => !OF_ONE_HOP.test(name) && values.length > 0),
  );
}

/** Node.js writes one byte a character. */
function bytesOf(value: string): string {
  return Buffer.from(value).toString('latin1');
}

/**
 * The path as the API's resources have it. `event.path` may begin with what a custom domain maps to the
 * API.
 */
function pathOf({ resource, pathParameters }: APIGatewayProxyEvent): string {
  const path = resource.replace(/\{([^}+]+)\+?\}/g, (_whole, name: string) => pathParameters?.[name] ?? '');
  return path.replace(/[^\w\-.~!$&'()*+,;=:@%/]/gu, encodeURIComponent);
}

function queryOf({ multiValueQueryStringParameters: parameters }: APIGatewayProxyEvent): string {
  const pairs = Object.entries(parameters ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
