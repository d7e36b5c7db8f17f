/** Limits how many requests each client may send. */
import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { clientAddress } from './clientAddress';
import { HttpProblem } from './problem';

const WINDOW_MS = 60_000;

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

function clientOf(request: Request): string {
  const { principal } = request;
  return principal === undefined ? `address ${clientAddress(request)}` : `client ${principal.name}`;
}
