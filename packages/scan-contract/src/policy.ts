/** The CORS policy of the server under test, and what a page's origin is to get from it. No I/O. */

/** As the server is configured: its allow-list, or `*` for any origin. */
export interface Policy {
  origins: '*' | readonly string[];
  credentials: boolean;
}

/** Makes the `Origin` of a request; undefined where the policy has no entry to make it from. */
export type OriginOf = (policy: Policy) => string | undefined;

/** Where any origin is admitted, these stand for the allow-list. */
const STAND_INS = ['https://app.example.com', 'https://*.pages.example.com', 'http://localhost:5173'];

/** Whether a page of this origin may read the answers. */
export function admits({ origins }: Policy, origin: string): boolean {
  return origins === '*' || origins.some((entry) => entry === origin || isBelow(entry, origin));
}

/** Whether `https://*.example.com` admits the origin: any depth of subdomains, the same scheme and port. */
function isBelow(entry: string, origin: string): boolean {
  const [scheme, parent] = entry.split('://*.');
  if (scheme === undefined || parent === undefined || !URL.canParse(origin)) return false;
  return (
    new URL(origin).origin === origin && origin.startsWith(`${scheme}://`) && origin.endsWith(`.${parent}`)
  );
}

/** The first origin that the policy names in full. */
export const listed: OriginOf = (policy) => entries(policy).find((entry) => !entry.includes('*'));

/** The last origin that the policy names in full. */
export const lastListed: OriginOf = (policy) => entries(policy).findLast((entry) => !entry.includes('*'));

/** The first listed origin, changed: it looks much the same, and is another one. */
export function lookalike(change: (origin: string) => string): OriginOf {
  return (policy) => {
    const origin = listed(policy);
    return origin === undefined ? undefined : change(origin);
  };
}

/** An origin made from the scheme and the parent domain of the first wildcard entry. */
export function fromWildcard(write: (scheme: string, parent: string) => string): OriginOf {
  return (policy) => {
    const [scheme, parent] =
      entries(policy)
        .find((entry) => entry.includes('://*.'))
        ?.split('://*.') ?? [];
    return scheme === undefined || parent === undefined ? undefined : write(scheme, parent);
  };
}

function entries({ origins }: Policy): readonly string[] {
  return origins === '*' ? STAND_INS : origins;
}
