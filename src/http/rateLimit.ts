/** Limits how many requests each client may send. */
import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { HttpProblem } from './problem';

const WINDOW_MS = 60_000;

/** One household or office usually has a whole network of IPv6 addresses. */
const IPV6_PREFIX_BITS = 56;

/**
 * Counts requests by API key or subject, otherwise by address. OPTIONS is not counted.
 *
 * Sends `RateLimit` and `RateLimit-Policy` (https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/).
 */
export function limitRequests(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: WINDOW_MS,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // Its checks warn about X-Forwarded-For in the console. TRUST_PROXY says what to trust.
    validate: false,
    skip: ({ method }) => method === 'OPTIONS',
    keyGenerator: clientOf,
    handler: (_request, _response, next) => {
      // The library has set Retry-After.
      const detail = `One client may send ${perMinute} requests per minute. Try again later.`;
      next(new HttpProblem('TooManyRequests', detail));
    },
  });
}

/** Some proxies write the client's port into X-Forwarded-For, which changes with each connection. */
function withoutPort(address: string): string {
  return address.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1').replace(/^\[(.+)\](?::\d+)?$/, '$1');
}

function clientOf({ principal, ip = '' }: Request): string {
  return principal === undefined
    ? `address ${ipKeyGenerator(withoutPort(ip), IPV6_PREFIX_BITS)}`
    : `client ${principal.name}`;
}
