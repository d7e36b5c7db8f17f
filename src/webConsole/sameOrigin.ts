/** Rejects requests that a browser sends for another page than the console itself. */
import type { RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';

/**
 * Rejects requests whose `Sec-Fetch-Site` is not `same-origin`. Programs do not send it. An old browser does not either,
 * but it shows the response to no other page, because the response has no CORS headers.
 *
 * @see https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header
 */
export const rejectOtherSites: RequestHandler = (request, _response, next) => {
  const site = request.get('Sec-Fetch-Site');
  if (site !== undefined && site !== 'same-origin') {
    const detail = `${request.path} is only for the console of this server. Use the API instead.`;
    throw new HttpProblem('CrossOriginRead', detail);
  }
  next();
};
