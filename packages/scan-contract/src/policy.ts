/** The CORS policy of the server under test, and the origins that cases derive from it. No I/O. */

/** The server's configured policy: a list of allowed origins, or `*` for any origin. */
export interface Policy {
  origins: '*' | readonly string[];
  credentials: boolean;
}

/** Derives the `Origin` of a request from the policy. Returns undefined if no entry is suitable. */
export type OriginOf = (policy: Policy) => string | undefined;

/** Replaces the list of allowed origins if the policy allows any origin. */
const EXAMPLE_ORIGINS = ['https://app.example.com', 'https://*.pages.example.com', 'http://localhost:5173'];

/** Returns whether a web page of this origin may read responses. */
export function allowsOrigin({ origins }: Policy, origin: string): boolean {
  return (
    origins === '*' ||
    origins.some((entry) => entry === origin || isSubdomain(entry, origin) || isOfAnyPort(entry, origin))
  );
}

/** Returns whether the entry `http://localhost:*` allows the origin: the same scheme and host, with any port or none. */
function isOfAnyPort(entry: string, origin: string): boolean {
  if (!entry.endsWith(':*') || !URL.canParse(origin) || new URL(origin).origin !== origin) return false;
  const { protocol, hostname } = new URL(origin);
  return `${protocol}//${hostname}` === entry.slice(0, -':*'.length);
}

/** Returns whether the entry `https://*.example.com` allows the origin: any subdomain, same scheme and port. */
function isSubdomain(entry: string, origin: string): boolean {
  const [scheme, parent] = entry.split('://*.');
  if (scheme === undefined || parent === undefined || !URL.canParse(origin)) return false;
  return (
    new URL(origin).origin === origin && origin.startsWith(`${scheme}://`) && origin.endsWith(`.${parent}`)
  );
}

/** The first entry of the policy without a wildcard. */
export const firstListed: OriginOf = (policy) => entriesOf(policy).find((entry) => !entry.includes('*'));

/** The last entry of the policy without a wildcard. */
export const lastListed: OriginOf = (policy) => entriesOf(policy).findLast((entry) => !entry.includes('*'));

/** Derives a similar but different origin from the first listed one. */
export function lookalike(change: (origin: string) => string): OriginOf {
  return (policy) => {
    const origin = firstListed(policy);
    return origin === undefined ? undefined : change(origin);
  };
}

/** Builds an origin from the scheme and the parent domain of the first wildcard entry. */
export function fromWildcard(build: (scheme: string, parent: string) => string): OriginOf {
  return (policy) => {
    const [scheme, parent] =
      entriesOf(policy)
        .find((entry) => entry.includes('://*.'))
        ?.split('://*.') ?? [];
    return scheme === undefined || parent === undefined ? undefined : build(scheme, parent);
  };
}

function entriesOf({ origins }: Policy): readonly string[] {
  return origins === '*' ? EXAMPLE_ORIGINS : origins;
}
