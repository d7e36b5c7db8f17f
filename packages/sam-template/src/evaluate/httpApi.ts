/**
 * The CORS behavior of HTTP APIs and function URLs: AWS replies to preflights itself, and replaces the headers of
 * functions.
 */
import type { Api, HttpCors } from '../api/api';
import { route, type Route } from '../api/route';
import { KNOWN_AT_DEPLOYMENT } from '../template/unknown';
import { header, type GatewayRequest, type GatewayResult } from './gatewayRequest';

/**
 * Returns the response of API Gateway to a preflight; undefined if a route of the API handles the request.
 *
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html
 */
export function httpPreflight(api: Api, request: GatewayRequest): GatewayResult | undefined {
  if (api.cors === undefined || request.method !== 'OPTIONS') return undefined;
  if (header(request, 'Origin') === undefined) return undefined;
  if (header(request, 'Access-Control-Request-Method') === undefined) return undefined;
  const isUrl = api.kind === 'FUNCTION_URL';
  if (!isUrl && catchesPreflight(route(api, 'OPTIONS', request.resourcePath))) return undefined;
  return {
    statusCode: isUrl ? 200 : 204,
    headers: [...httpCorsHeaders(api.cors, request), ...preflightHeaders(api.cors, request)],
    body: Buffer.alloc(0),
  };
}

/** A route for OPTIONS comes first, and so does a guarded `$default`: it rejects preflights. */
function catchesPreflight(found: Route | undefined): boolean {
  if (found === undefined) return false;
  const { httpMethod, path, authorizationType } = found.method;
  return httpMethod === 'OPTIONS' || (path === '$default' && authorizationType !== 'NONE');
}

/** Returns the headers that every response to a cross-origin request gets; none if its origin is not allowed. */
export function httpCorsHeaders(cors: HttpCors, request: GatewayRequest): [string, string][] {
  const allowed = allowedOrigin(cors, header(request, 'Origin'));
  if (allowed === undefined) return [];
  return [
    ['access-control-allow-origin', allowed],
    ...(cors.allowCredentials ? [['access-control-allow-credentials', 'true'] as [string, string]] : []),
    ...listHeader('access-control-expose-headers', cors.exposeHeaders),
  ];
}

function preflightHeaders(cors: HttpCors, request: GatewayRequest): [string, string][] {
  if (allowedOrigin(cors, header(request, 'Origin')) === undefined) return [];
  return [
    ...listHeader('access-control-allow-methods', cors.allowMethods),
    ...listHeader('access-control-allow-headers', cors.allowHeaders),
    ...(cors.maxAge === undefined ? [] : [['access-control-max-age', cors.maxAge] as [string, string]]),
  ];
}

function listHeader(name: string, values: readonly string[]): [string, string][] {
  return values.length === 0 ? [] : [[name, values.join(',')]];
}

/**
 * An entry is `*`, an origin, or a scheme with any host: `https://*`. An entry that is known only at deployment is
 * assumed to be the origin of the request.
 */
function allowedOrigin({ allowOrigins }: HttpCors, origin: string | undefined): string | undefined {
  if (origin === undefined) return undefined;
  if (allowOrigins.includes('*')) return '*';
  const isAllowed = allowOrigins.some(
    (entry) =>
      entry === origin ||
      entry === KNOWN_AT_DEPLOYMENT ||
      (entry.endsWith('://*') && origin.startsWith(entry.slice(0, -1))),
  );
  return isAllowed ? origin : undefined;
}
