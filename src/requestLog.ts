/** Request ids, and one log line for each request. */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';

/** Characters of what a client can make as long as it likes. */
const LONGEST = 200;

/** Ids that a proxy may hand down: nothing that could mean something in a header or a log. */
const SAFE_ID = /^[\w.-]{1,64}$/;

/**
 * Gives each request an id, its caller's `X-Request-Id` where that is harmless, sends it back, and
 * logs the request when its answer has ended: of its headers the Origin alone, of its query nothing.
 */
export function requestLog(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    genReqId: requestId,
    customAttributeKeys: { reqId: 'requestId' },
    quietReqLogger: true,
    quietResLogger: true,
    customLogLevel: (_request, response) => {
      if (response.statusCode >= 500 || isBroken(response)) return 'error';
      return response.statusCode >= 400 ? 'warn' : 'info';
    },
    customSuccessObject: line,
    customErrorObject: (request, response, error, value) => ({
      ...line(request, response, value as Timing),
      error: describe(error),
    }),
    customSuccessMessage: message,
    customErrorMessage: message,
  });
}

interface Timing {
  responseTime: number;
}

function requestId(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
  response.setHeader('X-Request-Id', id);
  return id;
}

function line(request: IncomingMessage, response: ServerResponse, { responseTime }: Timing) {
  return {
    method: request.method,
    path: pathOf(request),
    origin: request.headers.origin?.slice(0, LONGEST),
    status: response.headersSent ? response.statusCode : undefined,
    milliseconds: responseTime,
  };
}

function message(request: IncomingMessage, response: ServerResponse): string {
  const outcome = isBroken(response) ? 'broken off' : response.writableFinished ? '' : 'client left';
  const status = response.headersSent ? response.statusCode : '';
  return [request.method, pathOf(request), status, outcome].filter(Boolean).join(' ');
}

/** An answer that failed after it had begun. */
function isBroken(response: ServerResponse & { err?: unknown }): boolean {
  return response.err !== undefined && response.headersSent && !response.writableFinished;
}

function pathOf(request: IncomingMessage & { originalUrl?: string }): string {
  const [path = ''] = (request.originalUrl ?? request.url ?? '').split('?');
  return path.slice(0, LONGEST);
}

/** What an error says, and its causes; of its other properties, which may be anything, nothing. */
function describe(error: Error): object {
  const { name, message, stack, cause } = error;
  const { details, $metadata } = error as { details?: { code?: string }; $metadata?: { requestId?: string } };
  return {
    name,
    message,
    // A problem is a normal answer: where it was thrown says nothing.
    ...(details === undefined ? { stack } : { code: details.code }),
    ...($metadata?.requestId !== undefined && { dynamodbRequestId: $metadata.requestId }),
    ...(cause instanceof Error && { cause: describe(cause) }),
  };
}
