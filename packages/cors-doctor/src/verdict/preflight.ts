/** Checks the response to a preflight. No I/O. */
import type { PageCall } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { allowListChecks } from './allowLists';
import { check, SECTION, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import type { BrowserRequest } from './browserRequest';
import { locationsOf } from './redirect';

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
