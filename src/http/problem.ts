/** Sends errors to clients as application/problem+json (RFC 9457). */
import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';
import { PROBLEM_STATUSES, type ProblemCode } from './problemCodes';
import { resetConnection } from './resetConnection';

/** The content of a problem. Clients can read all of it. */
export interface ProblemDetails {
  /** Determines the status. */
  code: ProblemCode;
  detail: string;
  headers?: Readonly<Record<string, string>>;
}

/** An error that is sent to the client as it is. */
export class HttpProblem extends Error {
  override name = 'HttpProblem';
  readonly details: ProblemDetails;

  constructor(code: ProblemCode, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.details = { code, detail, headers };
  }
}

/**
 * The error handler: sends the problem, or resets the connection if the response has begun.
 *
 * The log reads the error from `response.err`. For an unexpected error, clients get a generic message and the requestId.
 */
export function problemHandler(translate: TranslateError): ErrorRequestHandler {
  return (error: Error, _request, response, _next) => {
    if (response.headersSent) {
      abortResponse(response, error);
      return;
    }
    response.err = error;
    sendProblem(response, problemOf(error, translate));
  };
}

/** Returns the problem for an error of another layer; undefined if it does not know the error. */
type TranslateError = (error: Error) => ProblemDetails | undefined;

function problemOf(error: Error, translate: TranslateError): ProblemDetails {
  if (error instanceof HttpProblem) return error.details;
  return translate(error) ?? bodyProblem(error) ?? UNEXPECTED;
}

function sendProblem(response: Response, { code, detail, headers = {} }: ProblemDetails): void {
  const status = PROBLEM_STATUSES[code];
  const title = STATUS_CODES[status];
  const requestId = response.getHeader('X-Request-Id');
  const body = { type: 'about:blank', title, status, detail, code, requestId };
  response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(body));
}

/**
 * Resets the connection of a response that has begun, so that no client treats it as complete.
 *
 * An orderly close is not enough: for an HTTP/1.0 client it marks the end of the body.
 */
export function abortResponse(response: Response, error: unknown): void {
  response.err = error instanceof Error ? error : new Error(String(error));
  if (response.socket !== null) resetConnection(response.socket);
  response.destroy();
}

const UNEXPECTED: ProblemDetails = {
  code: 'InternalError',
  detail: "Unexpected error. The server's log has the details under this requestId.",
};

interface BodyParserError extends Error {
  status?: unknown;
  type?: unknown;
  limit?: unknown;
}

/** Maps the errors of Express's body parsers, identified by their `type`. */
function bodyProblem(error: BodyParserError): ProblemDetails | undefined {
  switch (error.type) {
    case 'entity.too.large':
      return {
        code: 'BodyTooLarge',
        detail: `The body exceeds the limit of ${String(error.limit)} bytes.`,
      };
    case 'encoding.unsupported':
      return {
        code: 'UnsupportedContentEncoding',
        detail: 'Send the body uncompressed, or compressed with gzip, deflate or br.',
      };
    case 'request.aborted':
    case 'request.size.invalid':
      return { code: 'IncompleteBody', detail: 'The body does not match its Content-Length.' };
    default:
      if (error.status !== 400) return undefined;
      return {
        code: 'InvalidBody',
        detail: 'The body cannot be decoded with its Content-Encoding.',
      };
  }
}
