/** Every error that a client sees, as application/problem+json (RFC 9457). */
import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler, Response } from 'express';

/** What a problem says; every word of it is for the client to see. */
export interface ProblemDetails {
  status: number;
  /** DynamoDB's exception name where there is one. */
  code?: string;
  detail: string;
  headers?: Readonly<Record<string, string>>;
}

/** An answer that says what went wrong. */
export class Problem extends Error {
  override name = 'Problem';
  readonly details: ProblemDetails;

  constructor(status: number, code: string, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.details = { status, code, detail, headers };
  }
}

/**
 * The last handler: answers any error with its problem, or breaks the connection off where the
 * answer has begun.
 *
 * The error itself is left for the log as `response.err`; of an unexpected one the client learns
 * its status and nothing else.
 */
export function problemHandler(translate: TranslateError): ErrorRequestHandler {
  return (error: Error, _request, response, _next) => {
    if (response.headersSent) {
      breakOff(response, error);
      return;
    }
    response.err = error;
    answer(response, problemOf(error, translate));
  };
}

/** Returns the problem for an error of another layer; undefined if it does not know the error. */
type TranslateError = (error: Error) => ProblemDetails | undefined;

function problemOf(error: Error, translate: TranslateError): ProblemDetails {
  if (error instanceof Problem) return error.details;
  return translate(error) ?? bodyProblem(error) ?? UNEXPECTED;
}

function answer(response: Response, { status, code, detail, headers = {} }: ProblemDetails): void {
  const title = STATUS_CODES[status];
  const requestId = response.getHeader('X-Request-Id');
  const body = { type: 'about:blank', title, status, detail, code, requestId };
  response.status(status).set(headers).type('application/problem+json').send(JSON.stringify(body));
}

/**
 * Ends an answer that has begun, so that no reader can take it for whole.
 *
 * A reset and no orderly close: for an HTTP/1.0 reader the close is where the body ends.
 */
export function breakOff(response: Response, error: unknown): void {
  response.err = error instanceof Error ? error : new Error(String(error));
  response.socket?.resetAndDestroy();
  response.destroy();
}

const UNEXPECTED: ProblemDetails = {
  status: 500,
  code: 'InternalError',
  detail: "Something unexpected went wrong. The server's log says what, under this requestId.",
};

interface BodyParserError extends Error {
  status?: unknown;
  type?: unknown;
  limit?: unknown;
}

/** The errors of Express's body parsers, told by their `type`. */
function bodyProblem(error: BodyParserError): ProblemDetails | undefined {
  switch (error.type) {
    case 'entity.too.large':
      return { status: 413, code: 'BodyTooLarge', detail: `The body is over ${String(error.limit)} bytes.` };
    case 'encoding.unsupported':
      return {
        status: 415,
        code: 'UnsupportedContentEncoding',
        detail: 'Send the body as it is, or compressed with gzip, deflate or br.',
      };
    case 'request.aborted':
    case 'request.size.invalid':
      return { status: 400, code: 'IncompleteBody', detail: 'The body does not have its Content-Length.' };
    default:
      if (error.status !== 400) return undefined;
      return { status: 400, code: 'InvalidBody', detail: 'The body is not in its Content-Encoding.' };
  }
}
