/** Compares the sites of two URLs, for the header `Sec-Fetch-Site`. No I/O. */
import { isIP } from 'node:net';

/** From the nearest to the farthest. */
const SITES = ['same-origin', 'same-site', 'cross-site'] as const;

export type Site = (typeof SITES)[number];

/** Returns the farther one. A redirect back does not bring a request nearer. */
export function fartherSite(one: Site, other: Site): Site {
  return SITES.indexOf(one) > SITES.indexOf(other) ? one : other;
}

/**
 * Returns the relation of a URL to the origin of a web page.
 *
 * @see https://w3c.github.io/webappsec-fetch-metadata/#sec-fetch-site-header
 */
export function siteOf(pageOrigin: string, url: URL): Site {
  if (url.origin === pageOrigin) return 'same-origin';
  if (!/^https?:/.test(pageOrigin)) return 'cross-site';
  const page = new URL(pageOrigin);
  const isSameSite = page.protocol === url.protocol && domainOf(page.hostname) === domainOf(url.hostname);
  return isSameSite ? 'same-site' : 'cross-site';
}

/**
 * Domains under which anyone can register a name. Only the usual hosts of web pages and APIs: the whole list at
 * https://publicsuffix.org has ten thousand entries, and few servers look at this header.
 */
const SHARED_DOMAINS = new RegExp(
  `(?:^|\\.)(?:${[
    'github\\.io gitlab\\.io vercel\\.app netlify\\.app pages\\.dev workers\\.dev web\\.app firebaseapp\\.com run\\.app',
    'onrender\\.com fly\\.dev herokuapp\\.com surge\\.sh azurewebsites\\.net cloudfront\\.net amplifyapp\\.com',
    '(?:s3|s3-website|execute-api|lambda-url|elb)\\.[a-z0-9-]+\\.(?:amazonaws\\.com|on\\.aws) s3\\.amazonaws\\.com',
    // Such as co.uk, com.br and ac.jp.
    '(?:com?|net|org|edu|gov|ac|or|ne|go)\\.[a-z]{2} [a-z0-9-]+',
  ]
    .join(' ')
    .replaceAll(' ', '|')})$`,
);

/** Returns the domain that one owner registers, for example example.com for api.example.com. */
function domainOf(hostname: string): string {
  if (isIP(hostname.replace(/^\[|\]$/g, '')) !== 0) return hostname;
  const [suffix = ''] = SHARED_DOMAINS.exec(hostname) ?? [];
  const owned = hostname.slice(0, hostname.length - suffix.length);
  return `${owned.slice(owned.lastIndexOf('.') + 1)}${suffix}`;
}
