/** Turns the CORS decision for each request into headers. No other file writes CORS headers. */
import cors, { type CorsOptions } from 'cors';
import { type CorsDecision, type CorsPolicy, type CorsRequest, decide, variesByOrigin } from 'cors-policy';
import type { Request, RequestHandler } from 'express';
import { HttpProblem } from '../http/problem';

/**
 * Sets the CORS headers of every response before anything else can respond.
 *
 * The `cors` package only renders the decision. On its own it treats every OPTIONS request as a
 * preflight and responds to it, and it omits `Vary` for a rejected origin.
 *
 * @param onDecision called with each decision about another page.
 */
export function corsHeaders(
  policy: CorsPolicy,
  onDecision: (decision: CorsDecision, request: Request) => void,
): RequestHandler {
  return (request, response, next) => {
    const decision = decide(policy, toCorsRequest(request));
    response.locals.corsDecision = decision;
    if (variesByOrigin(policy)) response.vary('Origin');
    if (!isOwnPage(request)) onDecision(decision, request);
    cors(optionsFor(policy, decision, request.method))(request, response, next);
  };
}

/**
 * Rejects requests, except OPTIONS, from an origin that could not read the response. The server's own page, the console,
 * sends its origin with a POST, but CORS does not apply to it.
 */
export const rejectOrigins: RequestHandler = (request, response, next) => {
  const decision = response.locals.corsDecision as CorsDecision;
  if (decision.name === 'OriginNotAllowed' && request.method !== 'OPTIONS' && !isOwnPage(request)) {
    throw new HttpProblem('OriginNotAllowed', 'This origin is not allowed to read from this server.');
  }
  next();
};

/** Whether a page of this server sends the request. Browsers set the header, and pages cannot. */
function isOwnPage(request: Request): boolean {
  return request.get('Sec-Fetch-Site') === 'same-origin';
}

function toCorsRequest(request: Request): CorsRequest {
  return {
    method: request.method,
    origin: request.get('Origin'),
    requestMethod: request.get('Access-Control-Request-Method'),
    requestHeaders: request.get('Access-Control-Request-Headers'),
  };
}

function optionsFor(policy: CorsPolicy, { name, allowOrigin }: CorsDecision, method: string): CorsOptions {
  // An empty list allows no origin, but unlike `false` it sends the other headers: `curl -X OPTIONS` shows the policy.
  const noOrigin = method === 'OPTIONS' && name === 'NotCors' ? [] : false;
  return {
    origin: allowOrigin ?? noOrigin,
    methods: [...policy.methods],
    allowedHeaders: [...policy.allowHeaders],
    exposedHeaders: [...policy.exposeHeaders],
    credentials: policy.credentials,
    maxAge: policy.maxAge,
    preflightContinue: true,
  };
}
