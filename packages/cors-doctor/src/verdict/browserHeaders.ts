/** The headers that a browser adds to a request, in its order. Firewalls reject requests without them. No I/O. */
import type { BrowserName, Header } from '../diagnosis';
import { isTrustworthy } from './addressSpace';
import type { BrowserRequest } from './browserRequest';
import { siteOf } from './site';

/** The values that differ between browsers, and the order in which they send all headers. */
interface BrowserProfile {
  /** `Accept-Encoding` for secure connections and for this machine. Other connections have only gzip and deflate. */
  encodings: string;
  /** Headers with the same value in every request. `sec-ch-` headers need a secure connection. */
  fixed: Readonly<Record<string, string>>;
  preflight: readonly string[];
  request: readonly string[];
}

/** The place of the headers that the web page sets. */
const PAGE = 'page';

const CHROMIUM: BrowserProfile = {
  encodings: 'gzip, deflate, br, zstd',
  fixed: {
    'User-Agent':
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36',
    'Accept-Language': 'en-US,en;q=0.9',
    'sec-ch-ua': '"Not:A-Brand";v="8", "Chromium";v="156", "Google Chrome";v="156"',
    'sec-ch-ua-mobile': '?0',
    'sec-ch-ua-platform': '"Windows"',
  },
  preflight:
    words(`Cache-Control Accept Access-Control-Request-Method Access-Control-Request-Headers Origin User-Agent
    Sec-Fetch-Mode Sec-Fetch-Site Sec-Fetch-Dest Referer Accept-Encoding Accept-Language`),
  request: words(`Cache-Control sec-ch-ua-platform User-Agent sec-ch-ua ${PAGE} sec-ch-ua-mobile Accept Origin
    Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest Sec-Fetch-Storage-Access Referer Accept-Encoding Accept-Language`),
};

const FIREFOX_ORDER = words(`User-Agent Accept Accept-Language Accept-Encoding Access-Control-Request-Method
  Access-Control-Request-Headers Referer ${PAGE} Origin Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Priority`);

const FIREFOX: BrowserProfile = {
  encodings: 'gzip, deflate, br, zstd',
  fixed: {
    'User-Agent': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:153.0) Gecko/20100101 Firefox/153.0',
    'Accept-Language': 'en-US,en;q=0.5',
    Priority: 'u=4',
  },
  preflight: FIREFOX_ORDER,
  request: FIREFOX_ORDER,
};

const SAFARI_ORDER = words(`${PAGE} Access-Control-Request-Method Access-Control-Request-Headers Accept Origin
  Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest User-Agent Referer Accept-Language Priority Accept-Encoding`);

const SAFARI: BrowserProfile = {
  encodings: 'gzip, deflate, br',
  fixed: {
    'User-Agent':
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15',
    'Accept-Language': 'en-US,en;q=0.9',
    Priority: 'u=3, i',
  },
  preflight: SAFARI_ORDER,
  request: SAFARI_ORDER,
};

const PROFILES: Readonly<Record<BrowserName, BrowserProfile>> = {
  chromium: CHROMIUM,
  firefox: FIREFOX,
  safari: SAFARI,
};

/** The headers of a preflight. `requested` are the `Access-Control-Request-*` headers. */
export function preflightHeaders(request: BrowserRequest, requested: readonly Header[]): Header[] {
  const { preflight } = PROFILES[request.browser];
  const values = new Map([...valuesOf(request), ...requested, ['Origin', request.origin] as const]);
  // Chromium sends the mode of a preflight to every server.
  if (request.browser === 'chromium') values.set('Sec-Fetch-Mode', 'cors');
  return inOrder(preflight, values, []);
}

/** The headers of the request itself, without cookies. A web page can replace the value of some. */
export function requestHeaders(request: BrowserRequest): Header[] {
  const { browser, cors, credentials, headers, method, origin, page, url } = request;
  const values = valuesOf(request);
  if (cors || !['GET', 'HEAD'].includes(method)) values.set('Origin', origin);
  // https://fetch.spec.whatwg.org/#http-network-or-cache-fetch
  if (headers.some(([name]) => name.toLowerCase() === 'range')) values.set('Accept-Encoding', 'identity');
  if (browser === 'chromium' && credentials === 'include') {
    const isCrossSite = isTrustworthy(url) && siteOf(page, url) === 'cross-site';
    // The doctor sends no cookies.
    if (isCrossSite) values.set('Sec-Fetch-Storage-Access', 'none');
  }
  return inOrder(PROFILES[browser].request, values, headers);
}

/** Headers of a web page that makes its own cache. */
const CONDITIONAL = /^if-(?:match|none-match|modified-since|unmodified-since|range)$/i;

/** The values of both kinds of requests. */
function valuesOf({ browser, headers, url, page, site }: BrowserRequest): Map<string, string> {
  const { fixed, encodings } = PROFILES[browser];
  const secure = isTrustworthy(url);
  const referrer = referrerOf(page, url);
  const isConditional = browser === 'chromium' && headers.some(([name]) => CONDITIONAL.test(name));
  return new Map([
    ...(isConditional ? ([['Cache-Control', 'max-age=0']] as const) : []),
    ...Object.entries(fixed).filter(([name]) => secure || !name.startsWith('sec-ch-')),
    ['Accept', '*/*'],
    ['Accept-Encoding', secure ? encodings : 'gzip, deflate'],
    ...(referrer === undefined ? [] : ([['Referer', referrer]] as const)),
    ...(secure
      ? ([
          ['Sec-Fetch-Site', site],
          ['Sec-Fetch-Mode', 'cors'],
          ['Sec-Fetch-Dest', 'empty'],
        ] as const)
      : []),
  ]);
}

/**
 * The default policy sends the origin to other origins. Requests to the same origin have the URL of the web page,
 * whose path the doctor does not know.
 *
 * @see https://w3c.github.io/webappsec-referrer-policy/#referrer-policy-strict-origin-when-cross-origin
 */
function referrerOf(page: string, url: URL): string | undefined {
  const isDowngrade = page.startsWith('https:') && url.protocol === 'http:';
  return /^https?:/.test(page) && !isDowngrade ? `${page}/` : undefined;
}

function inOrder(
  order: readonly string[],
  values: ReadonlyMap<string, string>,
  own: readonly Header[],
): Header[] {
  const replaced = new Set(own.map(([name]) => name.toLowerCase()));
  return order.flatMap((name): Header[] => {
    if (name === PAGE) return [...own];
    const value = values.get(name);
    return value === undefined || replaced.has(name.toLowerCase()) ? [] : [[name, value]];
  });
}

function words(text: string): string[] {
  return text.split(/\s+/);
}
