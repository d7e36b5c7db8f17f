/** The HTTP server of the emulated gateway: finds the API and the method, and sends the answer. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import type { Api } from 'sam-template';
import { route } from 'sam-template';
import { header, type Call, type GatewayAnswer, type GatewayRequest } from 'sam-template';
import { failureAnswer, GatewayFailure } from 'sam-template';
import type { FunctionPool } from './lambda/pool';
import { answerLambda } from './lambdaProxy';
import { answerMock } from 'sam-template';

/** Bytes of the largest body. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const BODY_LIMIT = 10 * 1024 * 1024;

export interface Gateway {
  apis: readonly Api[];
  /** By logical id. */
  functions: ReadonlyMap<string, FunctionPool>;
  accountId: string;
  /** Told what a client is not: why a failure was answered. */
  log: (line: string) => void;
}

/** Serves every API below its stage: `/prod/scanRecords`. */
export function gatewayServer(gateway: Gateway): Server {
  const server = createServer((request, response) => {
    answer(gateway, request, response).catch((error: unknown) => {
      // Its client has left, or the gateway itself is at fault: either way there is no answer.
      gateway.log((error as Error).stack ?? String(error));
      response.destroy();
    });
  });
  server.on('checkContinue', (request, response) => server.emit('request', request, response));
  return server;
}

async function answer(gateway: Gateway, incoming: IncomingMessage, response: ServerResponse): Promise<void> {
  // A path may begin with two slashes, which by themselves are the beginning of a host.
  const url = new URL((incoming.url ?? '/').replace(/^\//, 'http://gateway.invalid/'));
  const api = gateway.apis.find(({ stage }) => `${url.pathname}/`.startsWith(`/${stage}/`));
  const body = await readBody(incoming);
  const request = requestOf(incoming, url, api, body ?? Buffer.alloc(0));
  let answer: GatewayAnswer;
  try {
    if (body === undefined) throw new GatewayFailure('REQUEST_TOO_LARGE', 'the body is over 10 MB');
    answer = await answerOf(gateway, api, request);
  } catch (error) {
    if (!(error instanceof GatewayFailure)) throw error;
    gateway.log(`${request.method} ${JSON.stringify(request.path)}: ${error.type}: ${error.message}`);
    answer = failureAnswer(error, request, api);
  }
  await send(answer, incoming, response);
}

async function answerOf(
  gateway: Gateway,
  api: Api | undefined,
  request: GatewayRequest,
): Promise<GatewayAnswer> {
  const found = api && route(api, request.method, request.resourcePath);
  if (api === undefined || found === undefined) {
    throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN', 'no method is on this path of a stage');
  }
  const call: Call = { ...found, api, request };
  authorize(call);
  const { type, functionId = '' } = call.method.integration;
  if (type === 'MOCK') return answerMock(call);
  const lambda = gateway.functions.get(functionId);
  if (type !== 'AWS_PROXY' || lambda === undefined) {
    throw new GatewayFailure(
      'API_CONFIGURATION_ERROR',
      `${call.method.logicalId} has no integration that is emulated`,
    );
  }
  return answerLambda(call, lambda, gateway.accountId);
}

/** Whether credentials are there; whether they are right, only AWS could say. */
function authorize({ method, request }: Call): void {
  const authorization = header(request, 'Authorization');
  if (method.authorizationType === 'AWS_IAM' && authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true) {
    throw new GatewayFailure('MISSING_AUTHENTICATION_TOKEN', `${method.logicalId} asks for an AWS signature`);
  }
  if (!['NONE', 'AWS_IAM'].includes(method.authorizationType) && authorization === undefined) {
    throw new GatewayFailure('UNAUTHORIZED', `${method.logicalId} asks for a token`);
  }
  if (method.apiKeyRequired && header(request, 'X-Api-Key') === undefined) {
    throw new GatewayFailure('INVALID_API_KEY', `${method.logicalId} asks for an API key`);
  }
}

function requestOf(incoming: IncomingMessage, url: URL, api: Api | undefined, body: Buffer): GatewayRequest {
  const { rawHeaders } = incoming;
  const headers = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? ''] as const] : [],
  );
  const path = url.pathname;
  return {
    requestId: randomUUID(),
    method: incoming.method ?? 'GET',
    path,
    resourcePath: api === undefined ? path : path.slice(api.stage.length + 1) || '/',
    query: url.searchParams,
    headers,
    body,
    sourceIp: incoming.socket.remoteAddress ?? '',
  };
}

/** Undefined where it is too large; what is left of it is not kept. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= BODY_LIMIT) chunks.push(chunk);
  }
  return size <= BODY_LIMIT ? Buffer.concat(chunks) : undefined;
}

async function send(
  { statusCode, headers, body }: GatewayAnswer,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const all = new Map<string, string[]>();
  for (const [name, value] of headers) all.set(name, [...(all.get(name) ?? []), value]);
  for (const [name, values] of all)
    response.setHeader(name, values.length === 1 ? (values[0] ?? '') : values);
  response.statusCode = statusCode;
  if (Buffer.isBuffer(body) || incoming.method === 'HEAD') {
    if (Buffer.isBuffer(body)) response.setHeader('Content-Length', body.byteLength);
    else body.resume();
    response.end(Buffer.isBuffer(body) ? body : undefined);
    return;
  }
  response.flushHeaders();
  // Either breaks the other off: a client that left, or a function that failed, which its own log tells.
  await pipeline(body, response).catch(() => undefined);
}
