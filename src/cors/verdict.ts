/** What the policy says of one request: a named verdict, before any header is written. No I/O. */
import { admits, isOrigin } from './origin';
import { CORS_SETTINGS, type CorsPolicy } from './policy';

/** What of a request the decision needs; header values as received. */
export interface CorsRequest {
  method: string;
  origin: string | undefined;
  requestMethod: string | undefined;
  requestHeaders: string | undefined;
}

interface Answer {
  /** The value of Access-Control-Allow-Origin; undefined where it is not sent. */
  allowOrigin: string | undefined;
  preflight: boolean;
}

/** The decision on one request. What a browser will refuse says which setting would admit it. */
export type Verdict = Answer &
  (
    | { name: 'NotCors' }
    | { name: 'Allowed' }
    | { name: 'OriginNotAllowed'; origin: string; mend: string }
    | { name: 'MethodNotAllowed'; method: string; mend: string }
    | { name: 'HeadersNotAllowed'; headers: string[]; mend: string }
  );

/** https://fetch.spec.whatwg.org/#cors-safelisted-method: allowed whatever the policy lists. */
const SAFELISTED_METHODS = ['GET', 'HEAD', 'POST'];

/**
 * Decides on a request: does its origin have access, and would its preflight pass?
 *
 * A request without `Origin` is no CORS request; an OPTIONS without `Access-Control-Request-Method`
 * is no preflight.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function decide(policy: CorsPolicy, request: CorsRequest): Verdict {
  const { origin } = request;
  const anyOrigin = policy.origins === '*' ? '*' : undefined;
  if (origin === undefined) return { name: 'NotCors', allowOrigin: anyOrigin, preflight: false };

  const preflight = request.method === 'OPTIONS' && request.requestMethod !== undefined;
  const allowOrigin = anyOrigin ?? (isListed(policy, origin) ? origin : undefined);
  const answer = { allowOrigin, preflight };
  if (allowOrigin === undefined) {
    return { ...answer, name: 'OriginNotAllowed', origin, mend: originMend(origin) };
  }
  return preflight ? decidePreflight(policy, request, answer) : { ...answer, name: 'Allowed' };
}

/** Whether the answer's headers differ from origin to origin, so that caches must be told. */
export function variesByOrigin(policy: CorsPolicy): boolean {
  return policy.origins !== '*';
}

function decidePreflight(policy: CorsPolicy, request: CorsRequest, answer: Answer): Verdict {
  const method = request.requestMethod ?? '';
  if (!SAFELISTED_METHODS.includes(method) && !policy.methods.includes(method)) {
    const mend = `Send one of ${policy.methods.join(', ')}`;
    return { ...answer, name: 'MethodNotAllowed', method, mend };
  }
  const headers = refusedHeaders(policy, request.requestHeaders ?? '');
  if (headers.length > 0) {
    const mend = `Add it to ${CORS_SETTINGS.allowHeaders}`;
    return { ...answer, name: 'HeadersNotAllowed', headers, mend };
  }
  return { ...answer, name: 'Allowed' };
}

/** `*` stands for any header but Authorization, which must be named. */
function refusedHeaders(policy: CorsPolicy, requestHeaders: string): string[] {
  const allowed = new Set(policy.allowHeaders.map((name) => name.toLowerCase()));
  return requestHeaders
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '' && !allowed.has(name))
    .filter((name) => !allowed.has('*') || name === 'authorization');
}

function isListed({ origins }: CorsPolicy, origin: string): boolean {
  return origins !== '*' && origins.some((pattern) => admits(pattern, origin));
}

function originMend(origin: string): string {
  return isOrigin(origin)
    ? `Add it to ${CORS_SETTINGS.origins}`
    : `No entry of ${CORS_SETTINGS.origins} but * admits it`;
}
