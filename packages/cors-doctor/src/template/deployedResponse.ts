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
  route,
} from 'sam-template';
import type { PageCall, RequestResult, OutgoingRequest } from '../diagnosis';

/** The template does not show what the function returns, so this assumes that it allows the request. */
const FUNCTION_RESPONSE = { kind: 'response', status: 200, body: '' } as const;

/** Returns the response of a deployed API. Assumes that functions return every CORS header that the request needs. */
export function deployedResponse(
  api: Api,
  sent: OutgoingRequest,
  { origin, method, headers }: PageCall,
): RequestResult {
  const request = requestOf(api, sent);
  const found = route(api, sent.method, request.resourcePath);
  try {
    if (found === undefined) {
      throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'this path has no method');
    }
    const call: Call = { ...found, api, request };
    // The web page is assumed to have the credentials that the method requires. A preflight never has them.
    if (sent.method === 'OPTIONS') requireNoCredentials(found.method);
    if (found.method.integration.type === 'MOCK') return toRequestResult(evaluateMock(call));
    return {
      ...FUNCTION_RESPONSE,
      headers: [
        ['Access-Control-Allow-Origin', origin],
        ['Access-Control-Allow-Methods', method],
        ['Access-Control-Allow-Headers', headers.map(([name]) => name).join(',')],
      ],
    };
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    return toRequestResult(gatewayErrorResult(error, request, api));
  }
}

function requireNoCredentials({ authorizationType, apiKeyRequired }: ApiMethod): void {
  if (authorizationType === 'AWS_IAM') throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', 'no signature');
  if (authorizationType !== 'NONE') throw new GatewayError('UNAUTHORIZED', 'no token');
  if (apiKeyRequired) throw new GatewayError('INVALID_API_KEY', 'no key');
}

function requestOf({ stage }: Api, sent: OutgoingRequest): GatewayRequest {
  const { pathname, searchParams } = new URL(sent.url);
  return {
    requestId: randomUUID(),
    method: sent.method,
    path: pathname,
    resourcePath: pathname.slice(stage.length + 1) || '/',
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
  return `https://api.invalid/${stage}${path.replace(/\{([^}+]+)\+?\}/g, '$1')}`;
}
