/** Where an answer sends the browser on, and with which request. No I/O. */
import { normalizeHeaderValue } from 'cors-policy';
import type { Header } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { isSameOrigin, type Hop } from './hop';

const REDIRECT_STATUS = [301, 302, 303, 307, 308];

/**
 * The `Location` of a redirect, once; several where its header lines differ. None where it is no
 * redirect: without a place to go to, as in Chromium an empty one, it is an ordinary answer.
 */
export function locationsOf({ status, headers }: HttpResponse): readonly string[] {
  if (!REDIRECT_STATUS.includes(status)) return [];
  const lines = headers.filter(([name]) => name.toLowerCase() === 'location');
  const locations = [...new Set(lines.map(([, value]) => normalizeHeaderValue(value)))];
  return locations.join('') === '' ? [] : locations;
}

const MOST_REDIRECTS = 20;

/**
 * Whether an answer may send the browser to its `Location`.
 *
 * @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch
 */
export function redirectChecks(hop: Hop, pageOrigin: string, locations: readonly string[]): Check[] {
  const [location = ''] = locations;
  const url = URL.canParse(location, hop.url.href) ? new URL(location, hop.url) : undefined;
  const received = printable(locations.join(' and '));
  const single = locations.length === 1;
  const credentials = url !== undefined && (url.username !== '' || url.password !== '');
  const foreign = url !== undefined && (hop.cors || !isSameOrigin(pageOrigin, url));
  const count = hop.redirects + 1;
  return untilFailure([
    redirectStep('redirect: Location', single && url !== undefined, received, 'one URL'),
    redirectStep('redirect: number', count <= MOST_REDIRECTS, String(count), `at most ${MOST_REDIRECTS}`),
    check(redirectStep('redirect: user and password', !(credentials && foreign), received, 'none'), {
      name: 'RedirectContainsCredentials',
    }),
  ]);
}

/** Schemes that Chromium refuses as redirects without speaking of CORS. */
const UNSAFE_SCHEME = /^(?:about|blob|chrome|chrome-extension|data|file|filesystem|view-source|wss?):$/;

/** Whether it is a web page's kind of URL that a redirect leads to. */
export function schemeCheck({ protocol }: URL): Check {
  return check(
    redirectStep('redirect: scheme', /^https?:$/.test(protocol), protocol, 'http: or https:'),
    UNSAFE_SCHEME.test(protocol) ? undefined : { name: 'CorsDisabledScheme' },
  );
}

function redirectStep(name: string, passed: boolean, received: string, needed: string): Check {
  return { name, passed, received, needed, link: SECTION.redirect };
}

/** What tells about a body, and goes with it. https://fetch.spec.whatwg.org/#request-body-header-name */
const BODY_HEADERS = ['content-encoding', 'content-language', 'content-location', 'content-type'];

/** The request that a redirect leads to, whose checks have passed. */
export function redirectedHop(hop: Hop, pageOrigin: string, status: number, location: string): Hop {
  const url = new URL(location, hop.url);
  url.hash = '';
  const elsewhere = url.origin !== hop.url.origin;
  const becomesGet =
    ([301, 302].includes(status) && hop.method === 'POST') ||
    (status === 303 && !['GET', 'HEAD'].includes(hop.method));
  const dropped = [...(becomesGet ? BODY_HEADERS : []), ...(elsewhere ? ['authorization'] : [])];
  // From one other origin to another: neither may learn for whom the browser asks.
  const tainted = elsewhere && !isSameOrigin(pageOrigin, hop.url);
  return {
    url,
    method: becomesGet ? 'GET' : hop.method,
    headers: hop.headers.filter(([name]: Header) => !dropped.includes(name.toLowerCase())),
    body: becomesGet ? undefined : hop.body,
    origin: tainted ? 'null' : hop.origin,
    cors: hop.cors || !isSameOrigin(pageOrigin, url),
    redirects: hop.redirects + 1,
  };
}
