/** The verdict on each request becomes headers here: the only writer of CORS headers. */
import cors, { type CorsOptions } from 'cors';
import type { Request, RequestHandler, Response } from 'express';
import { Problem } from '../problems';
import type { CorsPolicy } from './policy';
import { decide, variesByOrigin, type Verdict } from './verdict';

/**
 * Sets the CORS headers of every answer, before anything else can answer, and keeps the verdict for
 * `corsVerdict`.
 *
 * `cors` is told the outcome and only renders it: on its own it takes every OPTIONS for a preflight
 * and answers it, and where it refuses an origin it leaves out `Vary`.
 *
 * @param onRefusal called with each verdict that a browser will turn into a CORS error.
 */
export function corsHeaders(
  policy: CorsPolicy,
  onRefusal: (verdict: Verdict, request: Request) => void,
): RequestHandler {
  return (request, response, next) => {
    const verdict = decide(policy, corsRequest(request));
    response.locals.corsVerdict = verdict;
    if (variesByOrigin(policy)) response.vary('Origin');
    if (verdict.name !== 'Allowed' && verdict.name !== 'NotCors') onRefusal(verdict, request);
    cors(optionsFor(policy, verdict))(request, response, next);
  };
}

/** Refuses requests, preflights apart, of an origin that could not read the answer. */
export const refuseOrigins: RequestHandler = (request, response, next) => {
  const verdict = corsVerdict(response);
  if (verdict.name === 'OriginNotAllowed' && request.method !== 'OPTIONS') {
    throw new Problem(403, 'OriginNotAllowed', 'This origin may not read from this server.');
  }
  next();
};

/** The verdict on the request that this response answers. */
export function corsVerdict(response: Response): Verdict {
  return response.locals.corsVerdict as Verdict;
}

function corsRequest(request: Request) {
  return {
    method: request.method,
    origin: request.get('Origin'),
    requestMethod: request.get('Access-Control-Request-Method'),
    requestHeaders: request.get('Access-Control-Request-Headers'),
  };
}

function optionsFor(policy: CorsPolicy, { allowOrigin }: Verdict): CorsOptions {
  return {
    origin: allowOrigin ?? false,
    methods: [...policy.methods],
    allowedHeaders: [...policy.allowHeaders],
    exposedHeaders: [...policy.exposeHeaders],
    credentials: policy.credentials,
    maxAge: policy.maxAge,
    preflightContinue: true,
  };
}
