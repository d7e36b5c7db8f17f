/** Turns the CORS decision for each request into headers. No other file writes CORS headers. */
import cors, { type CorsOptions } from 'cors';
import {
  type BlockingDecision,
  type CorsDecision,
  type CorsPolicy,
  type CorsRequest,
  decide,
  isBlocking,
  variesByOrigin,
} from 'cors-policy';
import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';

/**
 * Sets the CORS headers of every response before anything else can respond.
 *
 * The `cors` package only renders the decision. On its own it treats every OPTIONS request as a
 * preflight and responds to it, and it omits `Vary` for a rejected origin.
 *
 * @param onBlocked called with each decision that makes the browser block the request.
 */
export function corsHeaders(
  policy: CorsPolicy,
  onBlocked: (decision: BlockingDecision, request: Request) => void,
): RequestHandler {
  return (request, response, next) => {
    const decision = decide(policy, toCorsRequest(request));
    response.locals.corsDecision = decision;
    if (variesByOrigin(policy)) response.vary('Origin');
    if (isBlocking(decision)) onBlocked(decision, request);
    cors(optionsFor(policy, decision))(request, response, next);
  };
}

/** Rejects requests, except OPTIONS, from an origin that could not read the response. */
export const rejectOrigins: RequestHandler = (request, response, next) => {
  const decision = response.locals.corsDecision as CorsDecision;
  if (decision.name === 'OriginNotAllowed' && request.method !== 'OPTIONS') {
    throw new HttpProblem('OriginNotAllowed', 'This origin is not allowed to read from this server.');
  }
  next();
};

function toCorsRequest(request: Request): CorsRequest {
  return {
    method: request.method,
    origin: request.get('Origin'),
    requestMethod: request.get('Access-Control-Request-Method'),
    requestHeaders: request.get('Access-Control-Request-Headers'),
  };
}

function optionsFor(policy: CorsPolicy, { allowOrigin }: CorsDecision): CorsOptions {
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
