/** Answers to methods and paths that there are no routes for. */
import type { RequestHandler, Response } from 'express';
import { corsDecision } from '../cors/middleware';
import { Problem } from './problem';

/**
 * Answers a preflight on any path: 200 and no body, whatever the CORS verdict. Its headers, which are
 * set by now, are all that a browser looks at. It then sends the request itself, and the page can read
 * what is wrong with that.
 *
 * @param allowed the value of `Allow`, on a path that has methods.
 */
export function answerPreflight(response: Response, allowed?: string): void {
  if (allowed !== undefined) response.set('Allow', allowed);
  response.status(200).set('Content-Length', '0').end();
}

/**
 * Refuses a method on a path that has others.
 *
 * @param allowed the value of `Allow`.
 */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (request, response) => {
    if (corsDecision(response).preflight) {
      answerPreflight(response, allowed);
      return;
    }
    const detail = `${request.path} takes ${allowed}, not ${request.method}.`;
    throw new Problem(405, 'MethodNotAllowed', detail, { Allow: allowed });
  };
}

/** The end of all routes: preflights get 200 here too, everything else a 404. */
export const notFound: RequestHandler = (_request, response) => {
  if (corsDecision(response).preflight) {
    answerPreflight(response);
    return;
  }
  throw new Problem(404, 'NotFound', 'There is nothing here. The records: POST /scanRecords.');
};
