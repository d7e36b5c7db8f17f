/** Builds the preflight request, and checks its response. No I/O. */
import type { Header, PageCall, OutgoingRequest } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { allowListChecks } from './allowLists';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import type { BrowserRequest } from './browserRequest';
import { locationsOf } from './redirect';
import { isSafelistedMethod, unsafeHeaderNames } from './safelist';

/** Says why the request needs a preflight. Returns undefined if it needs none. */
export function preflightReason({ cors, method, headers }: BrowserRequest): string | undefined {
  if (!cors) return undefined;
  const names = unsafeHeaderNames(headers);
  const reasons = [
    ...(isSafelistedMethod(method) ? [] : [`method ${method}`]),
    ...(names.length === 0 ? [] : [`header ${names.join(', ')}`]),
  ];
  return reasons.length === 0 ? undefined : printable(reasons.join(' and '));
}

/** The preflight as browsers send it. https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
export function preflightOf({ url, method, headers, origin }: BrowserRequest): OutgoingRequest {
  const names = unsafeHeaderNames(headers);
  const preflightHeaders: Header[] = [
    ['Accept', '*/*'],
    ['Origin', origin],
    ['Access-Control-Request-Method', method],
  ];
  if (names.length > 0) preflightHeaders.push(['Access-Control-Request-Headers', names.join(',')]);
  return {
    purpose: 'preflight',
    url: url.href,
    method: 'OPTIONS',
    headers: preflightHeaders,
    body: undefined,
  };
}

/**
 * Checks a preflight response, up to the first failed check. Checks for a redirect first, as Chromium does. In the
 * standard a redirect fails because of its status.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
 */
export function preflightChecks(
  request: BrowserRequest,
  response: HttpResponse,
  credentials: PageCall['credentials'],
): Check[] {
  const redirected = locationsOf(response).length > 0;
  const { status, headers } = response;
  const name = 'preflight: status';
  const statusStep = { received: String(status), needed: '200 to 299', link: SECTION.preflight };
  return untilFailure([
    ...(redirected
      ? [check({ name, passed: false, ...statusStep }, { name: 'PreflightDisallowedRedirect' })]
      : []),
    ...corsCheck(headers, { purpose: 'preflight', origin: request.origin, credentials }),
    check(
      { name, passed: status >= 200 && status <= 299, ...statusStep },
      { name: 'PreflightInvalidStatus' },
    ),
    ...allowListChecks(request, headers, credentials === 'include'),
  ]);
}
