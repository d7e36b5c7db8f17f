/**
 * Rejects a GET that a web page of another origin causes without CORS, for example with an image, a script or a frame. The
 * page could not read the response, but it could cause reads, and measure them. See docs/adr/0010-get-without-forgery.md.
 */
import type { CorsDecision } from 'cors-policy';
import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';

const FOREIGN =
  'A web page of another origin caused this GET. Open the URL in a tab, or let the page use fetch from an origin in CORS_ALLOW_ORIGINS.';
const UNKNOWN =
  'The browser does not say which page caused this GET: it is old, or the server is reached by plain http at an address other than localhost. Use https or localhost, send a POST, or use a program that is not a browser.';

/** Rejects the request unless it comes from a program, from an allowed origin, or from the user. */
export const rejectForgedReads: RequestHandler = (request, response, next) => {
  const { name } = response.locals.corsDecision as CorsDecision;
  if (name !== 'Allowed') {
    const site = request.get('Sec-Fetch-Site');
    if (site === undefined && isBrowser(request)) throw new HttpProblem('CrossOriginRead', UNKNOWN);
    if (site !== undefined && !isByUser(request, site)) throw new HttpProblem('CrossOriginRead', FOREIGN);
  }
  next();
};

/** Every browser begins its User-Agent like this. A page cannot remove it. */
function isBrowser(request: Request): boolean {
  return /^Mozilla\//i.test(request.get('User-Agent') ?? '');
}

/**
 * Whether the user typed the URL, followed a link or opened a bookmark, or a page of this server made the request. Pages
 * cannot set these headers.
 *
 * @see https://www.w3.org/TR/fetch-metadata/
 */
function isByUser(request: Request, site: string): boolean {
  const isNavigation = request.get('Sec-Fetch-User') === '?1' && request.get('Sec-Fetch-Dest') === 'document';
  return site === 'none' || site === 'same-origin' || isNavigation;
}
