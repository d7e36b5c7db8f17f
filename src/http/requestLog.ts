/** Request ids, and one log line for each request. */
import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';

declare module 'express-serve-static-core' {
  interface Request {
    /** What the log and the answer call this request. */
    id: string;
  }
  interface Response {
    /** What went wrong, for the log. */
    err?: Error;
  }
}

/** Characters of what a client can make as long as it likes. */
const LONGEST = 200;

/** Ids that a proxy may hand down: nothing that could mean something in a header or a log. */
const SAFE_ID = /^[\w.-]{1,64}$/;

/**
 * Gives each request an id, its caller's `X-Request-Id` where that is harmless, sends it back, and
 * logs the request when its answer has ended: of its headers the Origin alone, of its query nothing.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    request.id = requestId(request);
    response.set('X-Request-Id', request.id);
    // Without a listener the event would end the process.
    response.on('error', (error) => {
      response.err ??= error;
    });
    response.once('close', () => {
      const milliseconds = Math.round(performance.now() - start);
      logger[levelOf(response)](line(request, response, milliseconds), message(request, response));
    });
    next();
  };
}

function requestId(request: Request): string {
  const given = request.headers['x-request-id'];
  return typeof given === 'string' && SAFE_ID.test(given) ? given : randomUUID();
}

function levelOf({ statusCode, err }: Response): 'info' | 'warn' | 'error' {
  if (statusCode >= 400 && statusCode < 500) return 'warn';
  return statusCode >= 500 || err !== undefined ? 'error' : 'info';
}

function line(request: Request, response: Response, milliseconds: number): object {
  return {
    requestId: request.id,
    method: request.method,
    path: pathOf(request),
    origin: request.headers.origin?.slice(0, LONGEST),
    status: response.headersSent ? response.statusCode : undefined,
    milliseconds,
    error: response.err && describe(response.err),
  };
}

function message(request: Request, response: Response): string {
  const outcome = isBroken(response) ? 'broken off' : response.writableFinished ? '' : 'client left';
  const status = response.headersSent ? response.statusCode : '';
  return [request.method, pathOf(request), status, outcome].filter(Boolean).join(' ');
}

/** An answer that failed after it had begun. */
function isBroken(response: Response): boolean {
  return response.err !== undefined && response.headersSent && !response.writableFinished;
}

function pathOf({ originalUrl }: Request): string {
  const [path = ''] = originalUrl.split('?');
  return path.slice(0, LONGEST);
}

/** What an error says, and its causes; of its other properties, which may be anything, nothing. */
function describe(error: Error): object {
  const { name, message, stack, cause } = error;
  const { details, requestId } = error as { details?: { code?: string }; requestId?: string };
  return {
    name,
    message,
    // A problem is a normal answer: where it was thrown says nothing.
    ...(details === undefined ? { stack } : { code: details.code }),
    ...(requestId !== undefined && { dynamodbRequestId: requestId }),
    ...(cause instanceof Error && { cause: describe(cause) }),
  };
}
