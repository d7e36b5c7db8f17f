/** Finds out who sends a request, or rejects it. Its responses have CORS headers, so that a web page can read them. */
import type { RequestHandler } from 'express';
import type { Config } from '../config/config';
import { apiKeyVerifier } from './apiKey';
import { tokenVerifier } from './token';
import type { Verify } from './verify';

/** Sets `request.principal`. A preflight never has credentials, so OPTIONS requests pass without. */
export function authenticate(auth: Exclude<Config['auth'], { kind: 'none' }>): RequestHandler {
  const verify: Verify = auth.kind === 'key' ? apiKeyVerifier(auth.keys) : tokenVerifier(auth);
  return async (request, _response, next) => {
    if (request.method !== 'OPTIONS') request.principal = await verify(request.headers);
    next();
  };
}
