/** Checks redirects, and builds the request that follows. No I/O. */
import { normalizeHeaderValue, parseUrl } from 'cors-policy';
import type { Header } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { isSameOrigin, type BrowserRequest } from './browserRequest';
import { preflightReason } from './outgoing';
import { fartherSite, siteOf } from './site';

const REDIRECT_STATUS = [301, 302, 303, 307, 308];

/**
 * Returns the `Location` of a redirect, or several if its header lines differ. Empty if the response is not a
 * redirect. As in Chromium, a missing or empty Location makes it an ordinary response.
 */
export function locationsOf({ status, headers }: HttpResponse): readonly string[] {
  if (!REDIRECT_STATUS.includes(status)) return [];
  const lines = headers.filter(([name]) => name.toLowerCase() === 'location');
  const locations = [...new Set(lines.map(([, value]) => normalizeHeaderValue(value)))];
  return locations.join('') === '' ? [] : locations;
}

const MAX_REDIRECTS = 20;

/**
 * Checks whether a browser follows the `Location` of a response.
 *
 * @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
 */
export function redirectChecks(
  request: BrowserRequest,
  pageOrigin: string,
  locations: readonly string[],
): Check[] {
  const [location = ''] = locations;
  const url = parseUrl(location, request.url);
  const received = printable(locations.join(' and '));
  const single = locations.length === 1;
  const credentials = url !== undefined && (url.username !== '' || url.password !== '');
  const foreign = url !== undefined && (request.cors || !isSameOrigin(pageOrigin, url));
  const count = request.redirects + 1;
  return untilFailure([
    redirectStep('redirect: Location', single && url !== undefined, received, 'one URL'),
    redirectStep('redirect: number', count <= MAX_REDIRECTS, String(count), `at most ${MAX_REDIRECTS}`),
    check(redirectStep('redirect: user and password', !(credentials && foreign), received, 'none'), {
      name: 'RedirectContainsCredentials',
    }),
  ]);
}

/** Schemes that Chromium blocks in redirects without a CORS error. */
const UNSAFE_SCHEME = /^(?:about|blob|chrome|chrome-extension|data|file|filesystem|view-source|wss?):$/;

/** Checks whether a redirect leads to an http or https URL. */
export function schemeCheck({ protocol }: URL): Check {
  return check(
    redirectStep('redirect: scheme', /^https?:$/.test(protocol), protocol, 'http: or https:'),
    UNSAFE_SCHEME.test(protocol) ? undefined : { name: 'CorsDisabledScheme' },
  );
}

function redirectStep(name: string, passed: boolean, received: string, needed: string): Check {
  return { name, passed, received, needed, link: SECTION.redirect };
}

/** Headers that describe a body, dropped together with it. https://fetch.spec.whatwg.org/#request-body-header-name */
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type'];

/** Returns the request that follows a redirect. The checks must have passed. */
export function redirectedRequest(
  request: BrowserRequest,
  pageOrigin: string,
  status: number,
  location: string,
): BrowserRequest {
  const url = new URL(location, request.url);
  url.hash = '';
  const elsewhere = url.origin !== request.url.origin;
  const becomesGet =
    ([301, 302].includes(status) && request.method === 'POST') ||
    (status === 303 && !['GET', 'HEAD'].includes(request.method));
  const dropped = [...(becomesGet ? BODY_HEADERS : []), ...(elsewhere ? ['authorization'] : [])];
  // From one other origin to another, the browser hides the origin of the web page.
  const tainted = elsewhere && !isSameOrigin(pageOrigin, request.url);
  const next = {
    ...request,
    url,
    method: becomesGet ? 'GET' : request.method,
    headers: request.headers.filter(([name]: Header) => !dropped.includes(name.toLowerCase())),
    body: becomesGet ? undefined : request.body,
    origin: tainted ? 'null' : request.origin,
    cors: request.cors || !isSameOrigin(pageOrigin, url),
    redirects: request.redirects + 1,
  };
  // Browsers start a request with a preflight anew.
  const site = siteOf(pageOrigin, url);
  return { ...next, site: preflightReason(next) === undefined ? fartherSite(request.site, site) : site };
}
