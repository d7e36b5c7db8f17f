/** The question that a browser sends ahead, and what the answer allows. No I/O. */
import type { Header, PageCall, Received, Sent } from '../diagnosis';
import { check, printable, SECTION, shown, untilFailure, type Check } from './check';
import { corsCheck } from './corsCheck';
import { namesIn, valueOf } from './headerList';
import type { Hop } from './hop';
import { locationsOf } from './redirect';
import { isSafelistedMethod, unsafeHeaderNames } from './safelist';

type Answer = Extract<Received, { kind: 'answer' }>;

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
export function preflightChecks(hop: Hop, answer: Answer, credentials: PageCall['credentials']): Check[] {
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
    ...listChecks(hop, headers, credentials === 'include'),
  ]);
}

const METHODS = 'Access-Control-Allow-Methods';
const HEADERS = 'Access-Control-Allow-Headers';

function listChecks(hop: Hop, answered: readonly Header[], included: boolean): Check[] {
  const methods = namesIn(valueOf(answered, METHODS));
  const names = namesIn(valueOf(answered, HEADERS));
  // Both lists are read before either is compared.
  const unreadable = [
    ...(methods === undefined ? [unreadableCheck(METHODS, valueOf(answered, METHODS))] : []),
    ...(names === undefined ? [unreadableCheck(HEADERS, valueOf(answered, HEADERS))] : []),
  ];
  if (methods === undefined || names === undefined) return unreadable;
  return [
    methodCheck(hop.method, methods, included),
    headersCheck(unsafeHeaderNames(hop.headers), hop, names, included),
  ];
}

function unreadableCheck(name: typeof METHODS | typeof HEADERS, value: string | undefined): Check {
  const list = name === METHODS ? 'Methods' : 'Headers';
  return check(
    {
      name: `preflight: ${name}`,
      passed: false,
      received: shown(value),
      needed: 'names, separated by commas',
      link: 'https://fetch.spec.whatwg.org/#extract-header-list-values',
    },
    { name: `InvalidAllow${list}PreflightResponse` },
  );
}

function methodCheck(method: string, allowed: readonly string[], included: boolean): Check {
  const wildcard = !included && allowed.includes('*');
  return check(
    {
      name: `preflight: ${METHODS}`,
      passed: isSafelistedMethod(method) || allowed.includes(method) || wildcard,
      received: allowed.length === 0 ? shown(undefined) : allowed.join(', '),
      needed: isSafelistedMethod(method) ? `nothing: ${method} is always allowed` : orAny(method, included),
      link: SECTION.preflight,
    },
    { name: 'MethodDisallowedByPreflightResponse', hint: method },
  );
}

/** Authorization must be named: `*` does not cover it. */
function headersCheck(
  asked: readonly string[],
  { headers }: Hop,
  allowed: readonly string[],
  included: boolean,
): Check {
  const lowerCase = allowed.map((name) => name.toLowerCase());
  const wildcard = !included && lowerCase.includes('*');
  const authorization = headers.some(([name]) => name.toLowerCase() === 'authorization');
  const needed = wildcard ? (authorization ? ['authorization'] : []) : asked;
  const refused = needed.find((name) => !lowerCase.includes(name));
  return check(
    {
      name: `preflight: ${HEADERS}`,
      passed: refused === undefined,
      received: allowed.length === 0 ? shown(undefined) : allowed.join(', '),
      needed: asked.length === 0 ? 'nothing' : orAny(asked.join(', '), included || authorization),
      link: SECTION.preflight,
    },
    { name: 'HeaderDisallowedByPreflightResponse', hint: refused ?? '' },
  );
}

function orAny(needed: string, noWildcard: boolean): string {
  return noWildcard ? needed : `${needed} or *`;
}
