/** Checks a request before anything is sent. No I/O. */
import { isForbiddenMethod, isToken, parseUrl } from 'cors-policy';
import type { PageCall } from '../diagnosis';
import { spaceOf } from './addressSpace';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { isForbiddenHeader } from './forbidden';
import { normalizeMethod } from './browserRequest';

/** https://fetch.spec.whatwg.org/#port-blocking, Chromium blocks all of them except 4190 and 6679. */
const BAD_PORTS = new Set(
  `0 1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115
   117 119 123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587
   601 636 989 990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669
   6679 6697 10080`.split(/\s+/),
);

/** NUL, line ends and characters above U+00FF are invalid in header values. https://fetch.spec.whatwg.org/#header-value */
// eslint-disable-next-line no-control-regex -- it matches control characters
const INVALID_VALUE = /[\0\r\n]|[^\x00-\xff]/;

/**
 * Checks everything that makes `fetch` throw or the browser block the request, regardless of the server.
 *
 * @see https://fetch.spec.whatwg.org/#dom-request
 */
export function callChecks(call: PageCall): Check[] {
  const url = parseUrl(call.url);
  if (url === undefined) return [step('URL', false, call.url, 'an absolute URL', SECTION.request)];
  const method = normalizeMethod(call.method);
  const bodyless = method === 'GET' || method === 'HEAD';
  const badHeader = call.headers.find(([name, value]) => !isToken(name) || INVALID_VALUE.test(value));
  return untilFailure([
    step(
      'URL: user and password',
      url.username === '' && url.password === '',
      url.username === '' && url.password === '' ? 'none' : 'given',
      'none',
      SECTION.request,
    ),
    step(
      'method',
      isToken(method) && !isForbiddenMethod(method),
      method,
      'a method that web pages can send',
      SECTION.request,
    ),
    step(
      'headers',
      badHeader === undefined,
      badHeader?.[0] ?? 'valid',
      'valid names and values',
      SECTION.request,
    ),
    step(
      'body',
      !(bodyless && call.body !== undefined),
      call.body === undefined ? 'none' : 'given',
      bodyless ? `none with ${method}` : 'any',
      SECTION.request,
    ),
    step('URL: scheme', /^https?:$/.test(url.protocol), url.protocol, 'http: or https:', SECTION.mainFetch),
    ...connectionChecks(call, url),
    ...droppedHeaders(call),
  ]);
}

/** Checks whether a browser opens a connection for this URL. Also used for redirects. */
export function connectionChecks(call: PageCall, url: URL): Check[] {
  const { origin, browser = 'chromium' } = call;
  const isSecurePage = origin.startsWith('https:');
  const space = spaceOf(url.hostname);
  // Chromium lets a secure web page call a local address without TLS, because it asks the user first.
  const isExempt = space === 'loopback' || (space === 'local' && browser === 'chromium');
  const mixed = isSecurePage && url.protocol === 'http:' && !isExempt;
  const port = url.port === '' ? 'default' : url.port;
  return untilFailure([
    step('URL: port', !BAD_PORTS.has(url.port), port, 'a port that browsers do not block', SECTION.badPort),
    step(
      'URL: mixed content',
      !mixed,
      url.protocol,
      isSecurePage ? 'https: or localhost, because the web page uses https:' : 'http: or https:',
      SECTION.mixedContent,
    ),
    ...localNetworkCheck(call, url),
  ]);
}

/**
 * Chromium blocks requests from a public web page to a less public address, unless the web page is secure and the user
 * has given permission. A host name of the web page counts as public unless it is local by definition.
 */
function localNetworkCheck(call: PageCall, url: URL): Check[] {
  const { origin, browser = 'chromium', allowsLocalNetwork = false } = call;
  const space = spaceOf(url.hostname);
  const isFromPublic = /^https?:/.test(origin) && spaceOf(new URL(origin).hostname) === 'public';
  if (browser !== 'chromium' || !isFromPublic || space === undefined || space === 'public') return [];
  const isSecure = origin.startsWith('https:');
  return [
    check(
      step(
        'URL: local network',
        isSecure && allowsLocalNetwork,
        `a ${space} address, from a web page with a public address`,
        isSecure
          ? 'a public address, or the permission of the user, for which Chromium asks (Local Network Access)'
          : 'a public address, or a web page with https:, for which Chromium asks the user for permission (Local Network Access)',
        SECTION.localNetwork,
      ),
      { name: isSecure ? 'LocalNetworkAccessPermissionDenied' : 'InsecureLocalNetwork', hint: space },
    ),
  ];
}

/** Browsers silently drop headers that web pages cannot set, so this reports them. */
function droppedHeaders({ headers, browser }: PageCall): Check[] {
  const dropped = headers.filter((header) => isForbiddenHeader(header, browser)).map(([name]) => name);
  if (dropped.length === 0) return [];
  const received = `dropped: ${dropped.join(', ')}`;
  return [step('headers: forbidden for web pages', true, received, 'nothing', SECTION.forbiddenHeader)];
}

function step(name: string, passed: boolean, received: string, needed: string, link: string): Check {
  return { name, passed, received: printable(received), needed, link };
}
