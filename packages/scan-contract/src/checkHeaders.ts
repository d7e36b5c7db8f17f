/** Whether an answer's headers are those expected, the CORS ones of every answer among them. No I/O. */
import type { Expected, HeaderExpectation, HeaderExpectations } from './case';
import { headerOf, tokensOf, type Answer } from './http';
import { admits, type Policy } from './policy';

/** Says what is wrong with the headers that a case lists, in a clause each. */
export function checkHeaders(answer: Answer, expectations: HeaderExpectations = {}): string[] {
  return Object.entries(expectations).flatMap(([name, expectation]) => {
    const value = headerOf(answer, name);
    return meets(value, expectation)
      ? []
      : [
          `expected ${name} ${described(expectation)}, received ${value === undefined ? 'none' : `"${value}"`}`,
        ];
  });
}

/**
 * Says what is wrong with the headers by which a browser decides whether a page may read the answer.
 *
 * @param origin the request's `Origin`; undefined where it had none.
 * @see https://fetch.spec.whatwg.org/#http-cors-protocol
 */
export function checkCors(
  answer: Answer,
  { corsHeaders }: Expected,
  policy: Policy,
  origin: string | undefined,
): string[] {
  const anyOrigin = policy.origins === '*';
  const admitted = anyOrigin || (origin !== undefined && admits(policy, origin));
  const allowOrigin = admitted ? (anyOrigin ? '*' : (origin ?? '*')) : null;
  return checkHeaders(answer, {
    'Access-Control-Allow-Origin': allowOrigin,
    // Without it, a cache would give one origin's answer to another. Fetch, section 3.3.5.
    ...(!anyOrigin && { Vary: { has: ['Origin'] } }),
    ...(admitted && { 'Access-Control-Allow-Credentials': policy.credentials ? 'true' : null }),
    ...(admitted && origin !== undefined && corsHeaders),
  });
}

function meets(value: string | undefined, expectation: HeaderExpectation): boolean {
  if (expectation === null) return value === undefined;
  if (value === undefined) return false;
  if (typeof expectation === 'string') return value === expectation;
  if (expectation instanceof RegExp) return expectation.test(value);
  const tokens = tokensOf(value);
  const among = (name: string) => tokens.includes(name.toLowerCase());
  if ('exactly' in expectation) {
    return tokens.join() === tokensOf(expectation.exactly.join()).join();
  }
  return expectation.has.every(among) && !expectation.hasNot?.some(among);
}

function described(expectation: HeaderExpectation): string {
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
