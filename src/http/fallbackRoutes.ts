/** Responses for methods and paths without a route of their own: 405 and 404. */
import type { RequestHandler } from 'express';
import { isPreflight, sendPreflightResponse } from './preflight';
import { HttpProblem } from './problem';

/**
 * Rejects the methods that a path does not support.
 *
 * @param allowed the value of `Allow`.
 */
export function methodNotAllowed(allowed: string): RequestHandler {
  return (request, response) => {
    if (isPreflight(request)) {
      sendPreflightResponse(response, allowed);
      return;
    }
    const detail = `${request.path} accepts ${allowed}, not ${request.method}.`;
    throw new HttpProblem('MethodNotAllowed', detail, { Allow: allowed });
  };
}

/** Rejects unknown paths. Their preflights get 200, so that the web page can read the 404. */
export const notFound: RequestHandler = (request, response) => {
  if (isPreflight(request)) {
    sendPreflightResponse(response);
    return;
  }
  throw new HttpProblem('NotFound', 'Unknown path. Get the items with GET or POST /scanRecords.');
};
