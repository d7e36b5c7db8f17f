/** The CORS policy of the server under test, and the origins that cases derive from it. No I/O. */
import { parseUrl } from './http';

/** The server's configured policy: a list of allowed origins, or `*` for any origin. */
export interface Policy {
  origins: '*' | readonly string[];
  credentials: boolean;
}

/** Derives origins from the policy, each one once. Returns none if no entry is suitable. */
export type OriginsOf = (policy: Policy) => readonly string[];

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
  const url = parseOrigin(origin);
  return entry.endsWith(':*') && `${url?.protocol}//${url?.hostname}` === entry.slice(0, -':*'.length);
}

/** Returns whether the entry `https://*.example.com` allows the origin: any subdomain, same scheme and port. */
function isSubdomain(entry: string, origin: string): boolean {
  const [scheme, parent] = entry.split('://*.');
  if (scheme === undefined || parent === undefined || parseOrigin(origin) === undefined) return false;
  return origin.startsWith(`${scheme}://`) && origin.endsWith(`.${parent}`);
}

/** Parses an origin as browsers serialize it; undefined if it is anything else. */
function parseOrigin(text: string): URL | undefined {
  const url = parseUrl(text);
  return url?.origin === text ? url : undefined;
}

/** One origin that the policy allows: its first entry, or an example of it if it has a wildcard. */
export const allowedOrigin: OriginsOf = (policy) =>
  entriesOf(policy)
    .slice(0, 1)
    .map((entry) => entry.replace('://*.', '://app.').replace(/:\*$/, ':5173'));

/** All entries of the policy without a wildcard. */
export const listedOrigins: OriginsOf = (policy) => entriesOf(policy).filter((entry) => !entry.includes('*'));

/** Derives a similar but different origin from each listed one. */
export function lookalikes(change: (origin: string) => string): OriginsOf {
  return (policy) =>
    listedOrigins(policy).flatMap((origin) => (change(origin) === origin ? [] : change(origin)));
}

/** Builds an origin from the scheme and the parent domain of each entry such as `https://*.example.com`. */
export function fromSubdomainWildcards(build: (scheme: string, parent: string) => string): OriginsOf {
  return (policy) =>
    entriesOf(policy).flatMap((entry) => {
      const [scheme, parent] = entry.split('://*.');
      return scheme === undefined || parent === undefined ? [] : build(scheme, parent);
    });
}

/** Builds an origin from the scheme and the host of each entry such as `http://localhost:*`. */
export function fromPortWildcards(build: (scheme: string, host: string) => string): OriginsOf {
  return (policy) =>
    entriesOf(policy).flatMap((entry) => {
      const { scheme, host } = /^(?<scheme>[^:]+):\/\/(?<host>.+):\*$/.exec(entry)?.groups ?? {};
      return scheme === undefined || host === undefined ? [] : build(scheme, host);
    });
}

function entriesOf({ origins }: Policy): readonly string[] {
  return origins === '*' ? EXAMPLE_ORIGINS : [...new Set(origins)];
}
