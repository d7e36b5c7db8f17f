/** Answers to methods and paths that there are no routes for. */
import type { RequestHandler } from 'express';
import { corsVerdict } from './cors/middleware';
import { Problem } from './problems';

/**
 * Refuses a method on a path that has others. A preflight passes on to `notFound`: its 200 lets the
 * browser send the request itself, whose problem the page can then read.
 *
 * @param allowed the value of `Allow`.
 */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (request, response, next) => {
    if (corsVerdict(response).preflight) {
      next();
      return;
    }
    const detail = `${request.path} takes ${allowed}, not ${request.method}.`;
    throw new Problem(405, 'MethodNotAllowed', detail, { Allow: allowed });
  };
}

/** The end of all routes: preflights get 200 here too, everything else a 404. */
export const notFound: RequestHandler = (_request, response) => {
  if (corsVerdict(response).preflight) {
    response.status(200).set('Content-Length', '0').end();
    return;
  }
  throw new Problem(404, 'NotFound', 'There is nothing here. The records: POST /scanRecords.');
};
