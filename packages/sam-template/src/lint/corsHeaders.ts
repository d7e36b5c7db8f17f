/** Checks that a MOCK integration returns the CORS headers of the expected policy. */
import type { Api, ApiMethod } from '../api/api';
import { type CorsPolicy, decide, formatOrigin, variesByOrigin } from 'cors-policy';
import { finding, type Rule, type TemplateFinding } from './rule';
import { mockResponse, preflightResponse, type MockResponse } from './mockResponse';

export const corsHeaders: Rule = ({ apis, policy }) => (policy === undefined ? [] : compare(apis, policy));

function compare(apis: readonly Api[], policy: CorsPolicy): TemplateFinding[] {
  return apis
    .flatMap(({ methods }) => methods)
    .filter(({ httpMethod, integration }) => httpMethod === 'OPTIONS' && integration.type === 'MOCK')
    .filter((method) => preflightResponse(method) !== undefined)
    .flatMap((method) =>
      [...differences(method, policy)].map(([header, message]) =>
        finding('cors-headers', method, message, fixFor(header)),
      ),
    );
}

/** Returns a message for each header that differs from the policy, for the first origin where it differs. */
function differences(method: ApiMethod, policy: CorsPolicy): Map<string, string> {
  const found = new Map<string, string>();
  for (const origin of probes(policy)) {
    let response: MockResponse;
    try {
      response = mockResponse(method, origin === undefined ? {} : { Origin: origin });
    } catch (error) {
      return new Map([
        ['', `the response template is not valid Velocity: ${String(error).split('\n', 1).join('')}`],
      ]);
    }
    const expected = expectedHeaders(policy, origin);
    const request = origin === undefined ? 'without an Origin' : `from ${origin}`;
    for (const header of new Set([...response.headers.keys(), ...expected.keys()])) {
      const [actual, wanted] = [response.headers.get(header), expected.get(header)];
      if (!isSame(header, actual, wanted) && !found.has(header)) {
        found.set(
          header,
          `a preflight ${request} gets ${headerLine(header, actual)}, but the CORS policy requires ${headerLine(header, wanted)}`,
        );
      }
    }
    if (response.body !== '' && response.body.trim() === '')
      found.set('body', 'the response body contains only whitespace instead of being empty');
  }
  return found;
}

/** Returns the headers of a preflight response by the policy, by name in lower case. */
function expectedHeaders(policy: CorsPolicy, origin: string | undefined): Map<string, string> {
  const preflight = { method: 'OPTIONS', origin, requestMethod: 'POST', requestHeaders: undefined };
  const { allowOrigin } = decide(policy, preflight);
  const headers = new Map<string, string>();
  if (variesByOrigin(policy)) headers.set('vary', 'Origin');
  // Without an Origin, for example from curl, the response describes the policy but allows no origin.
  if (allowOrigin === undefined && origin !== undefined) return headers;
  if (allowOrigin !== undefined) headers.set('access-control-allow-origin', allowOrigin);
  headers.set('access-control-allow-methods', policy.methods.join(','));
  headers.set('access-control-allow-headers', policy.allowHeaders.join(','));
  headers.set('access-control-max-age', String(policy.maxAge));
  if (policy.credentials) headers.set('access-control-allow-credentials', 'true');
  if (policy.exposeHeaders.length > 0)
    headers.set('access-control-expose-headers', policy.exposeHeaders.join(','));
  return headers;
}

/**
 * Returns origins that reveal a difference from the policy: none at all, allowed and similar ones for each entry,
 * and some that no entry allows.
 */
function probes({ origins }: CorsPolicy): (string | undefined)[] {
  const similar = (origins === '*' ? [] : origins).flatMap(({ scheme, host, port, subdomains }) => {
    const portToTry = port === '*' ? '5173' : port;
    const origin = (name: string) => formatOrigin(scheme, name, portToTry);
    const allowed = subdomains ? [origin(`a.${host}`), origin(`a.b.${host}`)] : [origin(host)];
    return [...allowed, origin(`a${host}`), origin(host), `${scheme}://evil.example/.${host}`];
  });
  return [undefined, ...similar, 'https://stranger.example', 'null'];
}

function isSame(header: string, actual: string | undefined, wanted: string | undefined): boolean {
  if (header === 'vary') return wanted === undefined || mentions(actual, wanted);
  // The policy says nothing about headers other than CORS headers.
  return !header.startsWith('access-control-') || actual === wanted;
}

function mentions(list: string | undefined, name: string): boolean {
  return (list ?? '').split(',').some((item) => item.trim().toLowerCase() === name.toLowerCase());
}

function headerLine(header: string, value: string | undefined): string {
  return value === undefined ? `no ${header}` : `${header}: ${value}`;
}

function fixFor(header: string): string {
  if (header === 'body')
    return 'Remove spaces and line breaks between the directives of the response template';
  return header === ''
    ? 'Correct the syntax of the ResponseTemplates'
    : `Change ${header} in the ResponseParameters or the response template to match the CORS policy`;
}
