/** What API Gateway will answer once a template is deployed, as a transport for the diagnosis. No I/O. */
import { randomUUID } from 'node:crypto';
import type { Api, ApiMethod } from 'sam-template';
import { route } from 'sam-template';
import type { Call, GatewayRequest } from 'sam-template';
import { failureAnswer, GatewayFailure } from 'sam-template';
import { answerMock } from 'sam-template';
import type { PageCall, Received, Sent } from '../diagnosis';

/** What the function sends is not in the template: it is taken to let everything pass. */
const FUNCTION_ANSWERS = { kind: 'response', status: 200, body: '' } as const;

/** Answers a request for an API; a function's answer carries every CORS header that the call needs. */
export function deployedAnswer(api: Api, sent: Sent, { origin, method, headers }: PageCall): Received {
  const request = requestOf(api, sent);
  const found = route(api, sent.method, request.resourcePath);
  try {
    if (found === undefined) {
      throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN', 'no method is on this path');
    }
    const call: Call = { ...found, api, request };
    // The page is taken to have what the method asks for; its preflight never has.
    if (sent.method === 'OPTIONS') refuseStrangers(found.method);
    if (found.method.integration.type === 'MOCK') return received(answerMock(call));
    return {
      ...FUNCTION_ANSWERS,
      headers: [
        ['Access-Control-Allow-Origin', origin],
        ['Access-Control-Allow-Methods', method],
        ['Access-Control-Allow-Headers', headers.map(([name]) => name).join(',')],
      ],
    };
  } catch (error) {
    if (!(error instanceof GatewayFailure)) throw error;
    return received(failureAnswer(error, request, api));
  }
}

function refuseStrangers({ authorizationType, apiKeyRequired }: ApiMethod): void {
  if (authorizationType === 'AWS_IAM')
    throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN', 'no signature');
  if (authorizationType !== 'NONE') throw new GatewayFailure('UNAUTHORIZED', 'no token');
  if (apiKeyRequired) throw new GatewayFailure('INVALID_API_KEY', 'no key');
}

function requestOf({ stage }: Api, sent: Sent): GatewayRequest {
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

function received({ statusCode, headers, body }: ReturnType<typeof answerMock>): Received {
  return {
    kind: 'response',
    status: statusCode,
    headers,
    body: Buffer.isBuffer(body) ? body.toString() : '',
  };
}

/** A URL below an API whose path parameters have some value. */
export function urlOf({ stage }: Api, path: string): string {
  return `https://api.invalid/${stage}${path.replace(/\{([^}+]+)\+?\}/g, '$1')}`;
}
