/** Which headers of an answer the page can read. No I/O. */
import { isForbiddenResponseHeader } from 'cors-policy';
import type { Header, PageCall } from '../diagnosis';
import { SECTION, shown, type Check } from './check';
import { headerOf, parseNameList } from '../headers';
import type { Hop } from './hop';

/** https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name */
const SAFELISTED = [
  'cache-control',
  'content-language',
  'content-length',
  'content-type',
  'expires',
  'last-modified',
  'pragma',
];

const EXPOSE = 'Access-Control-Expose-Headers';

/**
 * The names of the headers that a page can read, in lower case and sorted: all from its own origin,
 * else the safelisted and the exposed ones.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-cors
 */
export function exposedHeaders(
  headers: readonly Header[],
  { cors }: Pick<Hop, 'cors'>,
  credentials: PageCall['credentials'],
): string[] {
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))].sort();
  const readable = names.filter((name) => !isForbiddenResponseHeader(name));
  if (!cors) return readable;
  const exposed = (parseNameList(headerOf({ headers }, EXPOSE)) ?? []).map((name) => name.toLowerCase());
  if (exposed.includes('*') && credentials !== 'include') return readable;
  return readable.filter((name) => SAFELISTED.includes(name) || exposed.includes(name));
}

/** For each header that the page means to read, whether it can. */
export function readChecks(
  headers: readonly Header[],
  exposed: readonly string[],
  { reads, credentials }: PageCall,
): Check[] {
  return reads.map((name) => {
    const there = headerOf({ headers }, name) !== undefined;
    return {
      name: `response: the page reads ${name}`,
      passed: exposed.includes(name.toLowerCase()),
      received: there ? `${EXPOSE}: ${shown(headerOf({ headers }, EXPOSE))}` : `no ${name} in the answer`,
      needed: `${EXPOSE}: ${name}${credentials === 'include' ? '' : ' or *'}`,
      link: SECTION.corsResponse,
    };
  });
}
