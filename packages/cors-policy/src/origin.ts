/** Origins: allow-list entries, and how an `Origin` header is matched against them. No I/O. */

import { isLoopbackHost } from './host';
import { parseUrl } from './url';

/** An allow-list entry: one origin, or with `subdomains` every origin below its host. */
export interface OriginPattern {
  scheme: string;
  host: string;
  /** Empty means the default port of the scheme, and `*` any port. */
  port: string;
  subdomains: boolean;
}

/** Why an allow-list entry is invalid, and how to fix it. */
export interface OriginIssue {
  reason: string;
  fix: string;
}

const WILDCARD_LABEL = '*.';
const ANY_PORT = '*';
const WILDCARD_ENTRY = /^[a-z][a-z0-9+.-]*:\/\/\*\./i;
const NOT_AN_ORIGIN: OriginIssue = {
  reason: 'not a valid origin',
  fix: 'Use scheme, host and optional port, for example http://localhost:5173',
};
const ORIGIN =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<host>\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(?<port>\d{1,5}))?$/i;

/**
 * Parses an allow-list entry.
 *
 * An entry is an origin as browsers serialize it (`https://example.com`, `http://localhost:5173`), or
 * an origin with `*` as its leftmost label. `https://*.example.com` allows subdomains at any depth but
 * not `https://example.com` itself. The port of a loopback host can be `*`: `http://localhost:*`.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function parseOriginPattern(entry: string): OriginPattern | OriginIssue {
  if (entry.toLowerCase() === 'null') {
    return {
      reason: 'every sandboxed web page and every local file sends the origin null',
      fix: 'Serve the web page over http and allow its origin',
    };
  }
  if (entry.endsWith(`:${ANY_PORT}`)) return parseAnyPort(entry.slice(0, -ANY_PORT.length - 1));
  const subdomains = WILDCARD_ENTRY.test(entry);
  const origin = subdomains ? entry.replace(WILDCARD_LABEL, '') : entry;
  const [beforePath = ''] = /^[^/?#]*(?:\/\/[^/?#]*)?/.exec(origin) ?? [];
  if (beforePath.includes('*')) {
    return {
      reason: 'a wildcard must be the whole leftmost label, or the port of a loopback host',
      fix: 'Use https://*.example.com or http://localhost:*, or list each origin',
    };
  }
  const withWildcard = (text: string) => (subdomains ? text.replace('://', `://${WILDCARD_LABEL}`) : text);
  const parts = ORIGIN.exec(origin)?.groups;
  const url = parseUrl(origin);
  if (url === undefined) return NOT_AN_ORIGIN;
  const serialized = serialize(url);
  if (parts?.scheme === undefined || parts.host === undefined) {
    if (url.host === '') return NOT_AN_ORIGIN;
    const reason = 'an origin has no path, trailing slash, query or user name';
    return { reason, fix: `Use ${withWildcard(serialized)}` };
  }
  if (serialized !== origin) {
    return { reason: 'browsers write this origin differently', fix: `Use ${withWildcard(serialized)}` };
  }
  return { scheme: parts.scheme, host: parts.host, port: parts.port ?? '', subdomains };
}

/** Parses an entry without its `:*`. Every program on this machine has a port, so only loopback hosts may have any. */
function parseAnyPort(entry: string): OriginPattern | OriginIssue {
  const pattern = parseOriginPattern(entry);
  if (!('scheme' in pattern)) return pattern;
  if (pattern.port === '' && isLoopbackHost(pattern.host)) return { ...pattern, port: ANY_PORT };
  return {
    reason: 'any port is possible only for a loopback host',
    fix: 'Use http://localhost:*, or write the port',
  };
}

/** Returns whether the pattern matches an `Origin` header. Scheme, host and port are compared exactly. */
export function matchesOrigin(pattern: OriginPattern, origin: string): boolean {
  const { scheme, host, port, subdomains } = pattern;
  if (!subdomains && port !== ANY_PORT) return origin === formatOrigin(scheme, host, port);
  const parts = ORIGIN.exec(origin)?.groups;
  const url = parseUrl(origin);
  return (
    parts?.scheme === scheme &&
    (port === ANY_PORT || (parts.port ?? '') === port) &&
    (subdomains ? parts.host?.endsWith(`.${host}`) === true : parts.host === host) &&
    url !== undefined &&
    serialize(url) === origin
  );
}

/** Returns whether the text is a single origin that an allow-list can contain. */
export function isOrigin(text: string): boolean {
  return 'scheme' in parseOriginPattern(text) && !text.includes('*');
}

/** Formats an origin, or an entry with the port `*`; an empty port means the default port of the scheme. */
export function formatOrigin(scheme: string, host: string, port: string): string {
  return `${scheme}://${host}${port === '' ? '' : `:${port}`}`;
}

/** Serializes as a browser does: lower case, ASCII (punycode), no default port. */
function serialize({ protocol, hostname, port }: URL): string {
  return formatOrigin(protocol.slice(0, -1), hostname.toLowerCase(), port);
}
