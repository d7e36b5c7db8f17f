/** A MOCK answers preflights by the same policy as the app. */
import type { Api, ApiMethod } from '../api/api';
import type { CorsPolicy } from 'cors-policy';
import { decide, variesByOrigin } from 'cors-policy';
import { finding, type Rule, type TemplateFinding } from './finding';
import { preflightMockResponse, preflightResponse, type MockAnswer } from './mockAnswer';

export const corsHeaders: Rule = ({ apis, policy }) => (policy === undefined ? [] : compared(apis, policy));

function compared(apis: readonly Api[], policy: CorsPolicy): TemplateFinding[] {
  return apis
    .flatMap(({ methods }) => methods)
    .filter(({ httpMethod, integration }) => httpMethod === 'OPTIONS' && integration.type === 'MOCK')
    .filter((method) => preflightResponse(method) !== undefined)
    .flatMap((method) =>
      [...differences(method, policy)].map(([header, reason]) =>
        finding('cors-headers', method, reason, mendOf(header)),
      ),
    );
}

/** What differs, by header, with the first origin that shows it. */
function differences(method: ApiMethod, policy: CorsPolicy): Map<string, string> {
  const found = new Map<string, string>();
  for (const origin of probes(policy)) {
    let answer: MockAnswer;
    try {
      answer = preflightMockResponse(method, origin === undefined ? {} : { Origin: origin });
    } catch (error) {
      return new Map([
        ['', `its response template is no Velocity: ${String(error).split('\n', 1).join('')}`],
      ]);
    }
    const expected = expectedHeaders(policy, origin);
    const asked = origin === undefined ? 'without an Origin' : `from ${origin}`;
    for (const header of new Set([...answer.headers.keys(), ...expected.keys()])) {
      const [is, should] = [answer.headers.get(header), expected.get(header)];
      if (!isSame(header, is, should) && !found.has(header)) {
        found.set(
          header,
          `a request ${asked} is answered with ${told(header, is)}, by the policy with ${told(header, should)}`,
        );
      }
    }
    if (answer.body !== '' && answer.body.trim() === '')
      found.set('body', 'its body is blank instead of empty');
  }
  return found;
}

/** The headers of a preflight's answer by the policy, by name in lower case. */
function expectedHeaders(policy: CorsPolicy, origin: string | undefined): Map<string, string> {
  const asked = { method: 'OPTIONS', origin, requestMethod: 'POST', requestHeaders: undefined };
  const { allowOrigin } = decide(policy, asked);
  const headers = new Map<string, string>();
  if (variesByOrigin(policy)) headers.set('vary', 'Origin');
  if (allowOrigin === undefined) return headers;
  headers.set('access-control-allow-origin', allowOrigin);
  headers.set('access-control-allow-methods', policy.methods.join(','));
  headers.set('access-control-allow-headers', policy.allowHeaders.join(','));
  headers.set('access-control-max-age', String(policy.maxAge));
  if (policy.credentials) headers.set('access-control-allow-credentials', 'true');
  if (policy.exposeHeaders.length > 0)
    headers.set('access-control-expose-headers', policy.exposeHeaders.join(','));
  return headers;
}

/** Origins that tell policies apart: none, of each entry one that it admits and one near it, a stranger. */
function probes({ origins }: CorsPolicy): (string | undefined)[] {
  const near = (origins === '*' ? [] : origins).flatMap(({ scheme, host, port, subdomains }) => {
    const origin = (name: string) => `${scheme}://${name}${port === '' ? '' : `:${port}`}`;
    const admitted = subdomains ? [origin(`a.${host}`), origin(`a.b.${host}`)] : [origin(host)];
    return [...admitted, origin(`a${host}`), origin(host), `${scheme}://evil.example/.${host}`];
  });
  return [undefined, ...near, 'https://stranger.example', 'null'];
}

function isSame(header: string, is: string | undefined, should: string | undefined): boolean {
  if (header === 'vary') return should === undefined || mentions(is, should);
  // What is no CORS header is the template's own business.
  return !header.startsWith('access-control-') || is === should;
}

function mentions(list: string | undefined, name: string): boolean {
  return (list ?? '').split(',').some((item) => item.trim().toLowerCase() === name.toLowerCase());
}

function told(header: string, value: string | undefined): string {
  return value === undefined ? `no ${header}` : `${header}: ${value}`;
}

function mendOf(header: string): string {
  if (header === 'body')
    return 'Leave no blanks and line breaks between the directives of its response template';
  return header === ''
    ? 'Mend its ResponseTemplates'
    : `Let its ResponseParameters, or its response template, set ${header} as the policy says`;
}
