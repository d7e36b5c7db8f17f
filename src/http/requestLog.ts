/** Assigns request ids and writes one log line per request. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

declare module 'express-serve-static-core' {
  interface Request {
    /** The id of this request in the log and in the response. */
    id: string;
  }
  interface Response {
    /** The error that the log line reports. */
    err?: Error;
  }
}

/** Limit for text that a client can make arbitrarily long. */
const MAX_LOGGED_CHARS = 200;

/** Ids that are accepted from a proxy: letters, digits, `_`, `.` and `-`, at most 64. */
const SAFE_ID = /^[\w.-]{1,64}$/;

/**
 * Gives each request an id, returns it as `X-Request-Id`, and logs the request when its response ends.
 *
 * A safe `X-Request-Id` of the client is kept. The log contains only the Origin of the request headers,
 * and neither the query string nor the body.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    request.id = requestId(request);
    response.set('X-Request-Id', request.id);
    // Without a listener the event would terminate the process.
    response.on('error', (error) => {
      response.err ??= error;
    });
    response.once('close', () => {
      const milliseconds = Math.round(performance.now() - start);
      logger[levelOf(response)](logFields(request, response, milliseconds), message(request, response));
    });
    next();
  };
}

function requestId(request: Request): string {
  const id = request.headers['x-request-id'];
  return typeof id === 'string' && SAFE_ID.test(id) ? id : randomUUID();
}

function levelOf({ statusCode, err }: Response): 'info' | 'warn' | 'error' {
  if (statusCode >= 400 && statusCode < 500) return 'warn';
  return statusCode >= 500 || err !== undefined ? 'error' : 'info';
}

function logFields(request: Request, response: Response, milliseconds: number): object {
  return {
    requestId: request.id,
    method: request.method,
    path: pathOf(request),
    origin: request.headers.origin?.slice(0, MAX_LOGGED_CHARS),
    client: request.principal?.name.slice(0, MAX_LOGGED_CHARS),
    status: response.headersSent ? response.statusCode : undefined,
    milliseconds,
    error: response.err && describe(response.err),
  };
}

function message(request: Request, response: Response): string {
  const outcome = isReset(response)
    ? 'connection reset'
    : response.writableFinished
      ? ''
      : 'client disconnected';
  const status = response.headersSent ? response.statusCode : '';
  return [request.method, pathOf(request), status, outcome].filter(Boolean).join(' ');
}

/** Whether the response failed after it had begun. */
function isReset(response: Response): boolean {
  return response.err !== undefined && response.headersSent && !response.writableFinished;
}

function pathOf({ originalUrl }: Request): string {
  const [path = ''] = originalUrl.split('?');
  return path.slice(0, MAX_LOGGED_CHARS);
}

/** Describes an error and its causes. Other properties are left out because they may contain anything. */
function describe(error: Error): object {
  const { name, message, stack, cause } = error;
  const { details, requestId } = error as { details?: { code?: string }; requestId?: string };
  return {
    name,
    message,
    // A problem is a normal response, so its stack trace is of no use.
    ...(details === undefined ? { stack } : { code: details.code }),
    ...(requestId !== undefined && { dynamodbRequestId: requestId }),
    ...(cause instanceof Error && { cause: describe(cause) }),
  };
}
