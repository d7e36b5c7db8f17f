/** Checks a response's headers, including the CORS headers that every response needs. No I/O. */
import type { Expected, HeaderExpectation, HeaderExpectations } from './case';
import { headerOf, tokensOf, type Response } from './http';
import { allowsOrigin, type Policy } from './policy';

/** Checks the headers that a case lists. Returns one clause per violation. */
export function checkHeaders(response: Response, expectations: HeaderExpectations = {}): string[] {
  return Object.entries(expectations).flatMap(([name, expectation]) => {
    const value = headerOf(response, name);
    const received = value === undefined ? 'none' : `"${value}"`;
    return meets(value, expectation)
      ? []
      : [`expected ${name} ${describe(expectation)}, received ${received}`];
  });
}

/**
 * Checks the headers from which a browser decides whether a web page may read the response. Returns one clause per
 * violation.
 *
 * @param origin the request's `Origin`; undefined if it had none.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function checkCors(
  response: Response,
  { corsHeaders }: Expected,
  policy: Policy,
  origin: string | undefined,
): string[] {
  const anyOrigin = policy.origins === '*';
  const isAllowed = anyOrigin || (origin !== undefined && allowsOrigin(policy, origin));
  const allowOrigin = isAllowed ? (anyOrigin ? '*' : (origin ?? '*')) : null;
  return checkHeaders(response, {
    'Access-Control-Allow-Origin': allowOrigin,
    // Without it, a cache would serve one origin's response to another. Fetch, section 3.3.5.
    ...(!anyOrigin && { Vary: { has: ['Origin'] } }),
    ...(isAllowed && { 'Access-Control-Allow-Credentials': policy.credentials ? 'true' : null }),
    ...(isAllowed && origin !== undefined && corsHeaders),
  });
}

function meets(value: string | undefined, expectation: HeaderExpectation): boolean {
  if (expectation === null) return value === undefined;
  if (value === undefined) return false;
  if (typeof expectation === 'string') return value === expectation;
  if (expectation instanceof RegExp) return expectation.test(value);
  const tokens = tokensOf(value);
  const isListed = (name: string) => tokens.includes(name.toLowerCase());
  if ('exactly' in expectation) {
    return tokens.join() === tokensOf(expectation.exactly.join()).join();
  }
  return expectation.has.every(isListed) && !expectation.hasNot?.some(isListed);
}

function describe(expectation: HeaderExpectation): string {
  if (expectation === null) return 'to be absent';
  if (typeof expectation === 'string') return `"${expectation}"`;
  if (expectation instanceof RegExp) return `to match ${String(expectation)}`;
  if ('exactly' in expectation) return `to list ${expectation.exactly.join(', ')} and nothing else`;
  const { has, hasNot = [] } = expectation;
  return [
    ...(has.length > 0 ? [`to list ${has.join(', ')}`] : []),
    ...(hasNot.length > 0 ? [`not to list ${hasNot.join(', ')}`] : []),
  ].join(' and ');
}
