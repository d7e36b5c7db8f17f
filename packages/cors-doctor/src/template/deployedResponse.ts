/** Predicts the responses of API Gateway after a template is deployed. Used as the diagnosis transport. No I/O. */
import { randomUUID } from 'node:crypto';
import {
  type Api,
  type ApiMethod,
  type Call,
  evaluateMock,
  GatewayError,
  gatewayErrorResult,
  type GatewayRequest,
  header,
  httpCorsHeaders,
  httpPreflight,
  route,
  type Route,
} from 'sam-template';
import type { RequestResult, OutgoingRequest } from '../diagnosis';

/** The template does not show what the function returns, so this assumes that it allows the request. */
const FUNCTION_RESPONSE = { kind: 'response', status: 200, body: '' } as const;

/** Returns the response of a deployed API. Assumes that functions return every CORS header that the request needs. */
export function deployedResponse(api: Api, sent: OutgoingRequest): RequestResult {
  const request = requestOf(api, sent);
  const found = route(api, sent.method, request.resourcePath);
  if (api.kind !== 'REST') return httpResponse(api, found, request);
  try {
    if (found === undefined) {
      throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'this path has no method');
    }
    const call: Call = { ...found, api, request };
    // The web page is assumed to have the credentials that the method requires. A preflight never has them.
    if (sent.method === 'OPTIONS') requireNoCredentials(found.method);
    if (found.method.integration.type === 'MOCK') return toRequestResult(evaluateMock(call));
    return functionResponse(request);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return toRequestResult(gatewayErrorResult(error, request, api));
  }
}

/** Returns every CORS header that the request needs. */
function functionResponse(request: GatewayRequest): RequestResult {
  return {
    ...FUNCTION_RESPONSE,
    headers: [
      ['Access-Control-Allow-Origin', header(request, 'Origin') ?? '*'],
      ['Access-Control-Allow-Methods', header(request, 'Access-Control-Request-Method') ?? ''],
      ['Access-Control-Allow-Headers', header(request, 'Access-Control-Request-Headers') ?? ''],
    ],
  };
}

/** With a CORS configuration, API Gateway replaces the CORS headers of the function. */
function httpResponse(api: Api, found: Route | undefined, request: GatewayRequest): RequestResult {
  const preflight = httpPreflight(api, request);
  if (preflight !== undefined) return toRequestResult(preflight);
  if (found === undefined) return httpError(404, 'Not Found');
  if (request.method === 'OPTIONS' && found.method.authorizationType !== 'NONE') {
    return api.kind === 'HTTP' ? httpError(401, 'Unauthorized') : httpError(403, 'Forbidden');
  }
  if (api.cors === undefined) return functionResponse(request);
  return { ...FUNCTION_RESPONSE, headers: httpCorsHeaders(api.cors, request) };
}

function httpError(status: number, message: string): RequestResult {
  return { kind: 'response', status, headers: [], body: JSON.stringify({ message }) };
}

function requireNoCredentials({ authorizationType, apiKeyRequired }: ApiMethod): void {
  if (authorizationType === 'AWS_IAM') throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'no signature');
  if (authorizationType !== 'NONE') throw new GatewayError('UNAUTHORIZED', 'no token');
  if (apiKeyRequired) throw new GatewayError('INVALID_API_KEY', 'no key');
}

function requestOf(api: Api, sent: OutgoingRequest): GatewayRequest {
  const { pathname, searchParams } = new URL(sent.url);
  return {
    requestId: randomUUID(),
    method: sent.method,
    path: pathname,
    resourcePath: resourcePathOf(api, sent.url),
    query: searchParams,
    headers: sent.headers,
    body: Buffer.from(sent.body ?? ''),
    sourceIp: '127.0.0.1',
  };
}

function toRequestResult({ statusCode, headers, body }: ReturnType<typeof evaluateMock>): RequestResult {
  return {
    kind: 'response',
    status: statusCode,
    headers,
    body: Buffer.isBuffer(body) ? body.toString() : '',
  };
}

/** Returns a URL of an API, with the names of path parameters as their values. */
export function urlOf({ stage }: Api, path: string): string {
  const prefix = stage === '$default' ? '' : `/${stage}`;
  const name = path === '$default' ? '/$default' : path.replace(/^(?!\/)/, '/');
  return `https://api.invalid${prefix}${name.replace(/\{([^}+]+)\+?\}/g, '$1')}`;
}

/** Returns the path of a URL without the stage. The stage `$default` is not part of URLs. */
export function resourcePathOf({ stage }: Api, url: string): string {
  const { pathname } = new URL(url);
  return stage === '$default' ? pathname : pathname.slice(stage.length + 1) || '/';
}
