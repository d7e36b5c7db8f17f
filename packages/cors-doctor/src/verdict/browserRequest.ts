/** The next request: first the one of the web page, then one for each redirect. No I/O. */
import type { BrowserName, Header, PageCall } from '../diagnosis';
import { headerOf } from '../headers';
import { isForbiddenHeader } from './forbidden';
import { siteOf, type Site } from './site';

export interface BrowserRequest {
  url: URL;
  method: string;
  /** The headers that the web page set. Repeated headers are combined, forbidden ones are dropped. */
  headers: readonly Header[];
  body: string | undefined;
  /** The `Origin` header: that of the web page, or `null` after a redirect from one other origin to another. */
  origin: string;
  /** Whether CORS applies: true for the first request to another origin and for all later ones. */
  cors: boolean;
  redirects: number;
  browser: BrowserName;
  /** The origin of the web page, also after redirects. */
  page: string;
  credentials: PageCall['credentials'];
  /** The farthest site on the way, since the last preflight. */
  site: Site;
}

const NORMALIZED_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

/** Converts these six methods to upper case. `patch` stays in lower case. https://fetch.spec.whatwg.org/#concept-method-normalize */
export function normalizeMethod(method: string): string {
  const upperCase = method.toUpperCase();
  return NORMALIZED_METHODS.includes(upperCase) ? upperCase : method;
}

/** Returns the first request. The URL must be valid. */
export function firstRequest(call: PageCall): BrowserRequest {
  const url = new URL(call.url);
  url.hash = '';
  return {
    url,
    method: normalizeMethod(call.method),
    headers: headersOf(call),
    body: call.body,
    origin: call.origin,
    cors: !isSameOrigin(call.origin, url),
    redirects: 0,
    browser: call.browser ?? 'chromium',
    page: call.origin,
    credentials: call.credentials,
    site: siteOf(call.origin, url),
  };
}

/** Returns whether a URL has this origin. No URL has the origin `null`. */
export function isSameOrigin(origin: string, url: URL): boolean {
  return origin !== 'null' && url.origin === origin;
}

/** `fetch` adds this header to a text body. https://fetch.spec.whatwg.org/#concept-bodyinit-extract */
const TEXT_TYPE: Header = ['Content-Type', 'text/plain;charset=UTF-8'];

function headersOf({ headers, body, browser }: PageCall): Header[] {
  const kept = headers.filter((header) => !isForbiddenHeader(header, browser));
  const names = new Map(kept.map(([name]) => [name.toLowerCase(), name]));
  const combined = [...names.values()].map((name): Header => [name, headerOf({ headers: kept }, name) ?? '']);
  return body === undefined || names.has('content-type') ? combined : [...combined, TEXT_TYPE];
}
