/** Detects CORS preflights and responds to them. */
import type { Request, Response } from 'express';

/** Whether the request is a CORS preflight. https://fetch.spec.whatwg.org/#cors-preflight-request */
export function isPreflight(request: Request): boolean {
  return (
    request.method === 'OPTIONS' &&
    request.get('Origin') !== undefined &&
    request.get('Access-Control-Request-Method') !== undefined
  );
}

/**
 * Responds to a preflight on any path with 200 and an empty body, whatever the CORS decision.
 *
 * The status must be 2xx, or the browser blocks the request. The CORS headers, already set, contain the decision. After
 * a successful preflight the browser sends the request itself, and the web page can read its error.
 *
 * @param allowed the value of `Allow`, if the path has methods.
 */
export function sendPreflightResponse(response: Response, allowed?: string): void {
  if (allowed !== undefined) response.set('Allow', allowed);
  response.status(200).set('Content-Length', '0').end();
}
