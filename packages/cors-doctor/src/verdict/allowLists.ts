/** Checks the methods and headers that a preflight response allows. No I/O. */
import type { Header } from '../diagnosis';
import { check, SECTION, shown, type Check } from './check';
import { headerOf, parseNameList } from '../headers';
import type { BrowserRequest } from './browserRequest';
import { isSafelistedMethod, unsafeHeaderNames } from './safelist';

const METHODS = 'Access-Control-Allow-Methods';
const HEADERS = 'Access-Control-Allow-Headers';

/**
 * Checks whether the preflight response allows the method and the headers of the request.
 *
 * @see https://fetch.spec.whatwg.org/#cors-preflight-fetch-0
 */
export function allowListChecks(
  request: BrowserRequest,
  headers: readonly Header[],
  included: boolean,
): Check[] {
  const methods = parseNameList(headerOf({ headers }, METHODS));
  const names = parseNameList(headerOf({ headers }, HEADERS));
  // Browsers parse both lists before they compare either.
  const unreadable = [
    ...(methods === undefined ? [unreadableCheck(METHODS, headerOf({ headers }, METHODS))] : []),
    ...(names === undefined ? [unreadableCheck(HEADERS, headerOf({ headers }, HEADERS))] : []),
  ];
  if (methods === undefined || names === undefined) return unreadable;
  return [
    methodCheck(request.method, methods, included),
    headersCheck(unsafeHeaderNames(request.headers, request.browser), request, names, included),
  ];
}

function unreadableCheck(name: typeof METHODS | typeof HEADERS, value: string | undefined): Check {
  const list = name === METHODS ? 'Methods' : 'Headers';
  return check(
    {
      name: `preflight: ${name}`,
      passed: false,
      received: shown(value),
      needed: 'names separated by commas',
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
      needed: isSafelistedMethod(method)
        ? `nothing, because ${method} is always allowed`
        : orAny(method, included) + caseHint(method, allowed),
      link: SECTION.preflight,
    },
    { name: 'MethodDisallowedByPreflightResponse', hint: method },
  );
}

/** Only some methods are converted to upper case. https://fetch.spec.whatwg.org/#concept-method-normalize */
function caseHint(method: string, allowed: readonly string[]): string {
  const upperCase = method.toUpperCase();
  return method !== upperCase && allowed.includes(upperCase)
    ? ` (methods are case-sensitive: the web page must write ${upperCase})`
    : '';
}

/**
 * In the standard, Authorization must be listed by name because `*` does not cover it. Chromium and Firefox still accept
 * `*`, with a warning.
 *
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
function headersCheck(
  requested: readonly string[],
  { headers, browser }: BrowserRequest,
  allowed: readonly string[],
  included: boolean,
): Check {
  const lowerCase = allowed.map((name) => name.toLowerCase());
  const wildcard = !included && lowerCase.includes('*');
  const authorization = headers.some(([name]) => name.toLowerCase() === 'authorization');
  const needsName = authorization && browser === 'safari';
  const needed = wildcard ? (needsName ? ['authorization'] : []) : requested;
  const missing = needed.find((name) => !lowerCase.includes(name));
  return check(
    {
      name: `preflight: ${HEADERS}`,
      passed: missing === undefined,
      received: allowed.length === 0 ? shown(undefined) : allowed.join(', '),
      needed:
        requested.length === 0
          ? 'nothing'
          : wildcard && authorization
            ? 'authorization by name: in the standard * does not cover it, although Chromium and Firefox still accept it'
            : orAny(requested.join(', '), included || authorization),
      link: SECTION.preflight,
    },
    { name: 'HeaderDisallowedByPreflightResponse', hint: missing ?? '' },
  );
}

function orAny(needed: string, noWildcard: boolean): string {
  return noWildcard ? needed : `${needed} or *`;
}
