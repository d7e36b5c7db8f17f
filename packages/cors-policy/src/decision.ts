/** Decides whether a policy allows a request. Does not write headers. No I/O. */
import { splitNameList } from './names';
import { matchesOrigin } from './origin';
import type { CorsPolicy } from './policy';

/** The parts of a request that the decision depends on; header values as received. */
export interface CorsRequest {
  method: string;
  origin: string | undefined;
  /** Access-Control-Request-Method. */
  requestMethod: string | undefined;
  /** Access-Control-Request-Headers. */
  requestHeaders: string | undefined;
}

interface Outcome {
  /** The value of Access-Control-Allow-Origin; undefined if the header is not sent. */
  allowOrigin: string | undefined;
  /** Whether the request is a CORS preflight. */
  preflight: boolean;
}

/** A decision that makes the browser block the request. */
export type BlockingDecision = Outcome &
  (
    | { name: 'OriginNotAllowed'; origin: string }
    | { name: 'MethodNotAllowed'; method: string }
    | { name: 'HeadersNotAllowed'; headers: string[] }
  );

/** The decision for one request. */
export type CorsDecision = (Outcome & { name: 'NotCors' | 'Allowed' }) | BlockingDecision;

/** https://fetch.spec.whatwg.org/#cors-safelisted-method: allowed even if the policy does not list them. */
const SAFELISTED_METHODS = ['GET', 'HEAD', 'POST'];

/**
 * Decides whether the origin of a request has access, and whether its preflight passes.
 *
 * A request without `Origin` is not a CORS request. An OPTIONS request without
 * `Access-Control-Request-Method` is not a preflight.
 *
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function decide(policy: CorsPolicy, request: CorsRequest): CorsDecision {
  const { origin } = request;
  const anyOrigin = policy.origins === '*' ? '*' : undefined;
  if (origin === undefined) return { name: 'NotCors', allowOrigin: anyOrigin, preflight: false };

  const preflight = request.method === 'OPTIONS' && request.requestMethod !== undefined;
  const allowOrigin = anyOrigin ?? (isListed(policy, origin) ? origin : undefined);
  const outcome = { allowOrigin, preflight };
  if (allowOrigin === undefined) return { ...outcome, name: 'OriginNotAllowed', origin };
  return preflight ? decidePreflight(policy, request, outcome) : { ...outcome, name: 'Allowed' };
}

/** Returns whether the response headers depend on the origin. Such responses need `Vary: Origin` for caches. */
export function variesByOrigin(policy: CorsPolicy): boolean {
  return policy.origins !== '*';
}

/** Returns whether a browser blocks the request because of this decision. */
export function isBlocking(decision: CorsDecision): decision is BlockingDecision {
  return decision.name !== 'Allowed' && decision.name !== 'NotCors';
}

function decidePreflight(policy: CorsPolicy, request: CorsRequest, outcome: Outcome): CorsDecision {
  const method = request.requestMethod ?? '';
  if (!SAFELISTED_METHODS.includes(method) && !policy.methods.includes(method)) {
    return { ...outcome, name: 'MethodNotAllowed', method };
  }
  const headers = rejectedHeaders(policy, request.requestHeaders ?? '');
  if (headers.length > 0) return { ...outcome, name: 'HeadersNotAllowed', headers };
  return { ...outcome, name: 'Allowed' };
}

/** `*` allows every header except Authorization, which must be listed by name. */
function rejectedHeaders(policy: CorsPolicy, requestHeaders: string): string[] {
  const allowed = new Set(policy.allowHeaders.map((name) => name.toLowerCase()));
  return splitNameList(requestHeaders.toLowerCase())
    .filter((name) => !allowed.has(name))
    .filter((name) => !allowed.has('*') || name === 'authorization');
}

function isListed({ origins }: CorsPolicy, origin: string): boolean {
  return origins !== '*' && origins.some((pattern) => matchesOrigin(pattern, origin));
}
