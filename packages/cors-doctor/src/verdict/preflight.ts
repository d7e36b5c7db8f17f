/** The question that a browser sends ahead, and what the answer allows. No I/O. */
import type { Header, PageCall, Sent } from '../diagnosis';
import type { HttpResponse } from '../headers';
import { allowListChecks } from './allowLists';
import { check, printable, SECTION, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import type { Hop } from './hop';
import { locationsOf } from './redirect';
import { isSafelistedMethod, unsafeHeaderNames } from './safelist';

/** Why the request needs a preflight; undefined where it needs none. */
export function preflightReason({ cors, method, headers }: Hop): string | undefined {
  if (!cors) return undefined;
  const names = unsafeHeaderNames(headers);
  const reasons = [
    ...(isSafelistedMethod(method) ? [] : [`method ${method}`]),
    ...(names.length === 0 ? [] : [`header ${names.join(', ')}`]),
  ];
  return reasons.length === 0 ? undefined : printable(reasons.join(' and '));
}

/** The preflight as browsers send it. https://fetch.spec.whatwg.org/#cors-preflight-fetch-0 */
export function preflightOf({ url, method, headers, origin }: Hop): Sent {
  const names = unsafeHeaderNames(headers);
  const question: Header[] = [
    ['Accept', '*/*'],
    ['Origin', origin],
    ['Access-Control-Request-Method', method],
  ];
  if (names.length > 0) question.push(['Access-Control-Request-Headers', names.join(',')]);
  return { purpose: 'preflight', url: url.href, method: 'OPTIONS', headers: question, body: undefined };
}

/**
 * The checks of a preflight's answer, up to the first that fails. A redirect is found before anything
 * else, as in Chromium; by the standard it fails for its status.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
 */
export function preflightChecks(
  hop: Hop,
  answer: HttpResponse,
  credentials: PageCall['credentials'],
): Check[] {
  const redirected = locationsOf(answer).length > 0;
  const { status, headers } = answer;
  const name = 'preflight: status';
  const statusStep = { received: String(status), needed: '200 to 299', link: SECTION.preflight };
  return untilFailure([
    ...(redirected
      ? [check({ name, passed: false, ...statusStep }, { name: 'PreflightDisallowedRedirect' })]
      : []),
    ...corsCheck(headers, { purpose: 'preflight', origin: hop.origin, credentials }),
    check(
      { name, passed: status >= 200 && status <= 299, ...statusStep },
      { name: 'PreflightInvalidStatus' },
    ),
    ...allowListChecks(hop, headers, credentials === 'include'),
  ]);
}
