/** The HTTP server of the emulated gateway: finds the API and the method, and sends the response. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import {
  evaluateMock,
  gatewayErrorResult,
  GatewayError,
  header,
  route,
  type Api,
  type Call,
  type GatewayResult,
  type GatewayRequest,
  type IdentitySource,
} from 'sam-template';
import { escapeControlCharacters } from 'command-line';
import { hostNameOf, isRebindableHost, parseUrl } from 'cors-policy';
import type { FunctionPool } from './lambda/pool';
import { lambdaResponse } from './lambdaProxy';

/** The size of the largest request body. https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

const INTERNAL_ERROR = '{"message":"Internal server error"}';

export interface Gateway {
  apis: readonly Api[];
  /** By logical ID. */
  functions: ReadonlyMap<string, FunctionPool>;
  accountId: string;
  /** Receives the reasons for failures, which clients do not see. */
  log: (line: string) => void;
}

/** Creates a server with each API under the path of its stage: `/prod/scanRecords`. */
export function gatewayServer(gateway: Gateway): Server {
  const server = createServer((request, response) => {
    // After DNS rebinding, a web page must not run functions with the user's AWS credentials.
    if (isRebindableHost(hostNameOf(request.headers.host ?? 'localhost'))) {
      // As API Gateway does for a host that it does not know.
      response.writeHead(403, { 'Content-Type': 'application/json' }).end('{"message":"Forbidden"}');
      return;
    }
    // The base is prepended because URL would parse a path that starts with two slashes as a host.
    const url = parseUrl((request.url ?? '/').replace(/^\//, 'http://gateway.invalid/'));
    if (url === undefined) {
      response.writeHead(400, { 'Content-Type': 'application/json' }).end('{"message":"Bad Request"}');
      return;
    }
    handleRequest(gateway, request, url, response).catch((error: unknown) => {
      // The client disconnected, the function returned a header that Node.js cannot send, or the gateway has a bug.
      gateway.log((error as Error).stack ?? String(error));
      if (response.headersSent) {
        response.destroy();
        return;
      }
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      response.writeHead(502, { 'Content-Type': 'application/json' }).end(INTERNAL_ERROR);
    });
  });
  server.on('checkContinue', (request, response) => {
    response.writeContinue();
    server.emit('request', request, response);
  });
  return server;
}

async function handleRequest(
  gateway: Gateway,
  incoming: IncomingMessage,
  url: URL,
  response: ServerResponse,
): Promise<void> {
  const api = gateway.apis.find(({ stage }) => `${url.pathname}/`.startsWith(`/${stage}/`));
  const body = await readBody(incoming);
  const request = toGatewayRequest(incoming, url, api, body ?? Buffer.alloc(0));
  let result: GatewayResult;
  try {
    if (body === undefined) throw new GatewayError('REQUEST_TOO_LARGE', 'the body is larger than 10 MB');
    result = await integrationResult(gateway, api, request);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    gateway.log(
      `${request.method} ${JSON.stringify(request.path)}: ${error.type}: ${escapeControlCharacters(error.message)}`,
    );
    result = gatewayErrorResult(error, request, api);
  }
  await send(result, incoming, response);
}

async function integrationResult(
  gateway: Gateway,
  api: Api | undefined,
  request: GatewayRequest,
): Promise<GatewayResult> {
  // API Gateway ignores a slash at the end.
  const found = api && route(api, request.method, request.resourcePath.replace(/(?<=.)\/$/, ''));
  if (api === undefined || found === undefined) {
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', noRouteReason(gateway.apis, api, request));
  }
  const call: Call = { ...found, api, request };
  requireCredentials(call);
  const { type, functionId = '' } = call.method.integration;
  if (type === 'MOCK') return evaluateMock(call);
  const lambda = gateway.functions.get(functionId);
  if (type !== 'AWS_PROXY' || lambda === undefined) {
    throw new GatewayError(
      'API_CONFIGURATION_ERROR',
      `${call.method.logicalId} has an integration that is not emulated`,
    );
  }
  return lambdaResponse(call, lambda, gateway.accountId);
}

/** Says what to correct: the stage, the path, or the method. */
function noRouteReason(apis: readonly Api[], api: Api | undefined, request: GatewayRequest): string {
  if (api === undefined) {
    const stages = [...new Set(apis.map(({ stage }) => `/${stage}`))].join(', ');
    return `the path does not start with a stage: ${stages}`;
  }
  const { method, resourcePath } = request;
  const others = [...new Set(api.methods.map(({ httpMethod }) => httpMethod))].filter(
    (other) => route(api, other, resourcePath) !== undefined,
  );
  if (others.length === 0) return `no method of ${api.logicalId} has this path`;
  const hint = method === 'OPTIONS' ? '. A browser cannot send a preflight, here and in AWS: add Cors' : '';
  return `this path has ${others.join(', ')}, but not ${method}${hint}`;
}

/** Rejects requests without credentials. Only AWS could check whether credentials are valid. */
function requireCredentials({ method, request }: Call): void {
  const authorization = header(request, 'Authorization');
  if (method.authorizationType === 'AWS_IAM' && authorization?.startsWith('AWS4-HMAC-SHA256 ') !== true) {
    throw new GatewayError('MISSING_AUTHENTICATION_TOKEN', `${method.logicalId} requires an AWS signature`);
  }
  if (!['NONE', 'AWS_IAM'].includes(method.authorizationType)) {
    const sources = method.authorizer?.identitySources ?? [{ in: 'header', name: 'Authorization' }];
    const missing = sources.find((source) => !identityOf(source, request));
    if (missing !== undefined) {
      const kind = missing.in === 'header' ? 'header' : 'query parameter';
      throw new GatewayError('UNAUTHORIZED', `${method.logicalId} requires the ${kind} ${missing.name}`);
    }
  }
  if (method.apiKeyRequired && header(request, 'X-Api-Key') === undefined) {
    throw new GatewayError('INVALID_API_KEY', `${method.logicalId} requires an API key`);
  }
}

/** An empty value counts as missing. */
function identityOf({ in: place, name }: IdentitySource, request: GatewayRequest): string | null | undefined {
  return place === 'header' ? header(request, name) : request.query.get(name);
}

function toGatewayRequest(
  incoming: IncomingMessage,
  url: URL,
  api: Api | undefined,
  body: Buffer,
): GatewayRequest {
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

/** Returns undefined if the body is too large. The excess is read and discarded. */
async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  }
  return size <= MAX_BODY_BYTES ? Buffer.concat(chunks) : undefined;
}

async function send(
  { statusCode, headers, body }: GatewayResult,
  incoming: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.statusCode = statusCode;
  if (Buffer.isBuffer(body) || incoming.method === 'HEAD') {
    if (Buffer.isBuffer(body)) response.setHeader('Content-Length', body.byteLength);
    else body.resume();
    response.end(Buffer.isBuffer(body) ? body : undefined);
    return;
  }
  response.flushHeaders();
  // Rejects when the client disconnects or the function fails. The function's own log has the reason.
  await pipeline(body, response).catch(() => undefined);
}
