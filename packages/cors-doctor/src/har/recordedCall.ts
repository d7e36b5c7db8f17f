/** Finds the requests of web pages to other origins in a recording, and reads the settings of fetch from them. No I/O. */
import { parseUrl } from 'cors-policy';
import type { BrowserName, Header, PageCall } from '../diagnosis';
import { headerOf } from '../headers';
import { isForbiddenHeader } from '../verdict/forbidden';
import { isSafelistedHeader } from '../verdict/safelist';
import type { HarEntry } from './readHar';

export interface RecordedCall {
  entry: HarEntry;
  call: PageCall;
}

/** Returns a header of the recorded request. */
export function requestHeader({ requestHeaders }: HarEntry, name: string): string | undefined {
  return headerOf({ headers: requestHeaders }, name);
}

export function isPreflight(entry: HarEntry): boolean {
  return entry.method === 'OPTIONS' && requestHeader(entry, 'Access-Control-Request-Method') !== undefined;
}

/**
 * Returns the entries that are the first requests of cross-origin calls, as calls.
 *
 * @param preflightOf returns the preflight of an entry, if it is recorded.
 */
export function recordedCalls(
  entries: readonly HarEntry[],
  preflightOf: (entry: HarEntry) => HarEntry | undefined,
): RecordedCall[] {
  return entries.flatMap((entry) => {
    const origin = originOf(entry, preflightOf(entry));
    if (origin === undefined || !isCall(entry) || !leavesOrigin(entry, origin)) return [];
    return [{ entry, call: callOf(entry, origin, preflightOf(entry)) }];
  });
}

function originOf(entry: HarEntry, preflight: HarEntry | undefined): string | undefined {
  const recorded = requestHeader(entry, 'Origin') ?? (preflight && requestHeader(preflight, 'Origin'));
  return recorded ?? (entry.pageUrl === undefined ? undefined : new URL(entry.pageUrl).origin);
}

/** Returns whether the request or its redirect goes to another origin. */
function leavesOrigin({ url, responseHeaders }: HarEntry, origin: string): boolean {
  const location = headerOf({ headers: responseHeaders }, 'Location');
  const target = location === undefined ? undefined : parseUrl(location, url);
  return [new URL(url), target].some((one) => one !== undefined && one.origin !== origin);
}

/** Returns whether CORS applies: not to navigations, images without `crossorigin`, or WebSockets. */
function isCall(entry: HarEntry): boolean {
  if (isPreflight(entry) || !/^https?:/.test(entry.url)) return false;
  const mode = requestHeader(entry, 'Sec-Fetch-Mode');
  if (mode !== undefined) return mode === 'cors';
  if (entry.resourceType !== undefined)
    return ['xhr', 'fetch', 'eventsource', 'font'].includes(entry.resourceType);
  // A form sends Origin too, but only with POST and one of its own types.
  const isForm = /^(?:application\/x-www-form-urlencoded|multipart\/form-data)/.test(
    requestHeader(entry, 'Content-Type') ?? '',
  );
  return requestHeader(entry, 'Origin') !== undefined && !(entry.method === 'POST' && isForm);
}

/** Browsers add these headers, and web pages rarely set them. */
const BROWSER_HEADERS =
  /^(?:user-agent|accept|accept-language|cache-control|pragma|priority|if-none-match|if-modified-since|x-client-data|upgrade-insecure-requests)$/i;

function callOf(entry: HarEntry, origin: string, preflight: HarEntry | undefined): PageCall {
  return {
    url: entry.url,
    origin,
    method: entry.method,
    headers: pageHeaders(entry, preflight),
    // The Content-Type is among the headers.
    body: undefined,
    credentials: requestHeader(entry, 'Cookie') === undefined ? 'same-origin' : 'include',
    reads: [],
    browser: browserOf(requestHeader(entry, 'User-Agent') ?? ''),
    // Whether the user allowed it is not recorded. If the request was sent, they did.
    allowsLocalNetwork: true,
  };
}

function browserOf(userAgent: string): BrowserName {
  if (userAgent.includes('Firefox/')) return 'firefox';
  return /\bVersion\/\S+ .*Safari\//.test(userAgent) ? 'safari' : 'chromium';
}

/**
 * Returns the headers that the web page has set. A preflight lists them, also those that a sanitized recording does not
 * have, such as Authorization.
 */
function pageHeaders(entry: HarEntry, preflight: HarEntry | undefined): Header[] {
  const own = entry.requestHeaders.filter((header) => !isForbiddenHeader(header));
  const list = preflight && requestHeader(preflight, 'Access-Control-Request-Headers');
  if (preflight === undefined) return own.filter(([name]) => !BROWSER_HEADERS.test(name));
  const listed = (list ?? '').split(',').flatMap((name) => name.trim().toLowerCase() || []);
  const missing = listed.filter((name) => !own.some(([recorded]) => recorded.toLowerCase() === name));
  return [
    ...own.filter((header) => {
      const [name] = header;
      return (
        listed.includes(name.toLowerCase()) || (isSafelistedHeader(header) && !BROWSER_HEADERS.test(name))
      );
    }),
    // A value that makes a preflight necessary.
    ...missing.map((name): Header => [name, name === 'content-type' ? 'application/json' : NOT_RECORDED]),
  ];
}

const NOT_RECORDED = '(not recorded)';
