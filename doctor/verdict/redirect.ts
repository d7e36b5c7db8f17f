/** Where an answer sends the browser on, and with which request. No I/O. */
import type { Header, Received } from '../diagnosis';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { valueOf } from './headerList';
import { isSameOrigin, type Hop } from './hop';

type Answer = Extract<Received, { kind: 'answer' }>;

const REDIRECT_STATUS = [301, 302, 303, 307, 308];

/** The `Location` of a redirect; undefined where it is none. A redirect without one is an ordinary answer. */
export function locationOf({ status, headers }: Answer): string | undefined {
  return REDIRECT_STATUS.includes(status) ? valueOf(headers, 'Location') : undefined;
}

const MOST_REDIRECTS = 20;

/** @see https://fetch.spec.whatwg.org/#concept-http-redirect-fetch */
export function redirectChecks(hop: Hop, pageOrigin: string, location: string): Check[] {
  const url = URL.canParse(location, hop.url.href) ? new URL(location, hop.url) : undefined;
  const received = printable(location);
  const credentials = url !== undefined && (url.username !== '' || url.password !== '');
  const foreign = url !== undefined && (hop.cors || !isSameOrigin(pageOrigin, url));
  return untilFailure([
    redirectStep('redirect: Location', url !== undefined, received, 'a URL'),
    redirectStep('redirect: scheme', /^https?:$/.test(url?.protocol ?? ''), received, 'http or https'),
    redirectStep(
      'redirect: number',
      hop.redirects < MOST_REDIRECTS,
      String(hop.redirects + 1),
      `at most ${MOST_REDIRECTS}`,
    ),
    check(redirectStep('redirect: user and password', !(credentials && foreign), received, 'none'), {
      name: 'RedirectContainsCredentials',
      hint: url?.href ?? '',
    }),
  ]);
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
