/** Origins: the entries of an allow-list, and what a browser's `Origin` is compared with. No I/O. */

/** An allow-list entry: one origin, or with `subdomains` every origin below its host. */
export interface OriginPattern {
  scheme: string;
  host: string;
  port: string;
  subdomains: boolean;
}

/** Why an allow-list entry is refused, and how to mend it. */
export interface OriginFault {
  reason: string;
  mend: string;
}

const WILDCARD_LABEL = '*.';
const WILDCARD_ENTRY = /^[a-z][a-z0-9+.-]*:\/\/\*\./i;
const NO_ORIGIN: OriginFault = {
  reason: 'it is no origin',
  mend: 'Write scheme, host and, where it is not the default, port: http://localhost:5173',
};
const ORIGIN =
  /^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?<host>\[[0-9a-f:.]+\]|[^/?#@:[\]\s]+)(?::(?<port>\d{1,5}))?$/i;

/**
 * Parses an allow-list entry: an origin as browsers serialise it (`https://example.com`,
 * `http://localhost:5173`), or one with `*` as its leftmost label (`https://*.example.com`), which
 * admits subdomains at any depth but not `example.com` itself.
 *
 * @see https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin
 */
export function parseOriginPattern(entry: string): OriginPattern | OriginFault {
  if (entry.toLowerCase() === 'null') {
    return {
      reason: 'any sandboxed page or local file can send the origin null',
      mend: 'Serve the page over http and allow its origin',
    };
  }
  const subdomains = WILDCARD_ENTRY.test(entry);
  const origin = subdomains ? entry.replace(WILDCARD_LABEL, '') : entry;
  const [beforePath = ''] = /^[^/?#]*(?:\/\/[^/?#]*)?/.exec(origin) ?? [];
  if (beforePath.includes('*')) {
    return {
      reason: 'a wildcard can only be the whole leftmost label',
      mend: 'Write https://*.example.com, or list each origin',
    };
  }
  const written = (text: string) => (subdomains ? text.replace('://', `://${WILDCARD_LABEL}`) : text);
  const parts = ORIGIN.exec(origin)?.groups;
  if (!URL.canParse(origin)) return NO_ORIGIN;
  const serialised = serialise(new URL(origin));
  if (parts?.scheme === undefined || parts.host === undefined) {
    if (new URL(origin).host === '') return NO_ORIGIN;
    const reason = 'an origin has no path, not even a trailing slash, no query and no user';
    return { reason, mend: `Write ${written(serialised)}` };
  }
  if (serialised !== origin) {
    return { reason: 'browsers write this origin differently', mend: `Write ${written(serialised)}` };
  }
  return { scheme: parts.scheme, host: parts.host, port: parts.port ?? '', subdomains };
}

/** Whether the pattern admits an `Origin` header: scheme, host and port compared exactly. */
export function admits(pattern: OriginPattern, origin: string): boolean {
  const { scheme, host, port, subdomains } = pattern;
  if (!subdomains) return origin === write(scheme, host, port);
  const parts = ORIGIN.exec(origin)?.groups;
  return (
    parts?.scheme === scheme &&
    (parts.port ?? '') === port &&
    parts.host?.endsWith(`.${host}`) === true &&
    URL.canParse(origin) &&
    serialise(new URL(origin)) === origin
  );
}

/** Whether the text is an origin that an allow-list can name. */
export function isOrigin(text: string): boolean {
  return 'scheme' in parseOriginPattern(text) && !text.includes('*');
}

/** As a browser would send it: lower case, ASCII (punycode), no default port. */
function serialise({ protocol, hostname, port }: URL): string {
  return write(protocol.slice(0, -1), hostname.toLowerCase(), port);
}

function write(scheme: string, host: string, port: string): string {
  return `${scheme}://${host}${port === '' ? '' : `:${port}`}`;
}
