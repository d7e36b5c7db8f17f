/** Responses for methods and paths without a route of their own: preflights, 405 and 404. */
import type { Request, RequestHandler, Response } from 'express';
import { HttpProblem } from './problem';

/** Whether the request is a CORS preflight. https://fetch.spec.whatwg.org/#cors-preflight-request */
function isPreflight(request: Request): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.get('Origin') !== undefined &&
    request.get('Access-Control-Request-Method') !== undefined
  );
}

/**
 * Responds to a preflight on any path with 200 and an empty body, whatever the CORS decision.
 *
 * The status must be 2xx, or the browser blocks the request. The CORS headers, already set, contain the decision. After a successful preflight the browser
 * sends the request itself, and the web page can read its error.
 *
 * @param allowed the value of `Allow`, if the path has methods.
 */
export function sendPreflightResponse(response: Response, allowed?: string): void {
  if (allowed !== undefined) response.set('Allow', allowed);
  response.status(200).set('Content-Length', '0').end();
}

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
  throw new HttpProblem('NotFound', 'Unknown path. Get the items with POST /scanRecords.');
};
