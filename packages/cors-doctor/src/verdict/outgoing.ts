/** Builds the HTTP requests of a browser. No I/O. */
import type { Header, OutgoingRequest } from '../diagnosis';
import { preflightHeaders, requestHeaders } from './browserHeaders';
import type { BrowserRequest } from './browserRequest';
import { printable } from './check';
import { isSafelistedMethod, unsafeHeaderNames } from './safelist';

/** Says why the request needs a preflight. Returns undefined if it needs none. */
export function preflightReason({
  cors,
  method,
  headers,
  browser,
}: Pick<BrowserRequest, 'cors' | 'method' | 'headers' | 'browser'>): string | undefined {
  if (!cors) return undefined;
  const names = unsafeHeaderNames(headers, browser);
  const reasons = [
    ...(isSafelistedMethod(method) ? [] : [`method ${method}`]),
    ...(names.length === 0 ? [] : [`header ${names.join(', ')}`]),
  ];
  return reasons.length === 0 ? undefined : printable(reasons.join(' and '));
}

/** The preflight as browsers send it. https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
export function preflightOf(request: BrowserRequest): OutgoingRequest {
  const names = unsafeHeaderNames(request.headers, request.browser);
  const requested: Header[] = [['Access-Control-Request-Method', request.method]];
  if (names.length > 0) requested.push(['Access-Control-Request-Headers', names.join(',')]);
  return {
    purpose: 'preflight',
    url: request.url.href,
    method: 'OPTIONS',
    headers: preflightHeaders(request, requested),
    body: undefined,
  };
}

/** The request as browsers send it, without cookies. */
export function requestOf(request: BrowserRequest): OutgoingRequest {
  const { url, method, body } = request;
  return { purpose: 'request', url: url.href, method, headers: requestHeaders(request), body };
}
