/** Converts an API Gateway proxy event back to the HTTP request it was made from. No I/O. */
import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { LoopbackRequest } from './loopback';

/** Headers of the client's connection, or set again here. https://httpwg.org/specs/rfc9110.html#field.connection */
const CONNECTION_HEADER =
  /^(?:connection|content-length|expect|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade)$/;

/**
 * Converts an event of a REST API's Lambda proxy integration.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 */
export function proxyRequest(event: APIGatewayProxyEvent): LoopbackRequest {
  const body = Buffer.from(event.body ?? '', event.isBase64Encoded ? 'base64' : 'utf8');
  const headers = headersOf(event);
  // The same id appears in the gateway's log and in this log.
  headers['x-request-id'] ??= [event.requestContext.requestId];
  // The address of the client as API Gateway saw it, because the client's own header can contain anything.
  const sourceIp = sourceIpOf(event);
  if (sourceIp === undefined) delete headers['x-forwarded-for'];
  else headers['x-forwarded-for'] = [sourceIp];
  if (body.byteLength > 0) headers['content-length'] = [String(body.byteLength)];
  return { method: event.httpMethod, path: pathOf(event) + queryOf(event), headers, body };
}

/** `sam local` may leave the identity out. */
function sourceIpOf({ requestContext }: APIGatewayProxyEvent): string | undefined {
  const identity = requestContext.identity as Partial<typeof requestContext.identity> | undefined;
  return identity?.sourceIp;
}

function headersOf({ multiValueHeaders, headers }: APIGatewayProxyEvent): Record<string, string[]> {
  const entries = Object.entries({ ...headers, ...multiValueHeaders });
  return Object.fromEntries(
    entries
      .map(([name, values]) => [name.toLowerCase(), [values ?? []].flat().map(toByteString)] as const)
      .filter(([name, values]) => !CONNECTION_HEADER.test(name) && values.length > 0),
  );
}

/** Node.js writes one byte per character of a header value. */
function toByteString(value: string): string {
  return Buffer.from(value).toString('latin1');
}

/**
 * Builds the path from the API's resource. `event.path` is not used because it may begin with the base
 * path of a custom domain.
 */
function pathOf({ resource, pathParameters }: APIGatewayProxyEvent): string {
  const path = resource.replace(/\{([^}+]+)\+?\}/g, (_match, name: string) => pathParameters?.[name] ?? '');
  return path.replace(/[^\w\-.~!$&'()*+,;=:@%/]/gu, encodeURIComponent);
}

function queryOf({ multiValueQueryStringParameters: parameters }: APIGatewayProxyEvent): string {
  const pairs = Object.entries(parameters ?? {}).flatMap(([name, values]) =>
    (values ?? []).map((value): [string, string] => [name, value]),
  );
  return pairs.length === 0 ? '' : `?${new URLSearchParams(pairs).toString()}`;
}
