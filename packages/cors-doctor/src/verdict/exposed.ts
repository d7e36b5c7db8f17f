/** Determines the response headers that a web page can read. No I/O. */
import { isForbiddenResponseHeader } from 'cors-policy';
import type { Header, PageCall } from '../diagnosis';
import { SECTION, shown, type Check } from './check';
import { headerOf, parseNameList } from '../headers';
import type { BrowserRequest } from './browserRequest';

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
 * Returns the names of the headers that a web page can read, in lower case and sorted. These are all headers of
 * a response from the same origin, otherwise the safelisted and the exposed ones.
 *
 * @see https://fetch.spec.whatwg.org/#concept-filtered-response-cors
 */
export function exposedHeaders(
  headers: readonly Header[],
  { cors }: Pick<BrowserRequest, 'cors'>,
  credentials: PageCall['credentials'],
): string[] {
  const names = [...new Set(headers.map(([name]) => name.toLowerCase()))].sort();
  const readable = names.filter((name) => !isForbiddenResponseHeader(name));
  if (!cors) return readable;
  const exposed = (parseNameList(headerOf({ headers }, EXPOSE)) ?? []).map((name) => name.toLowerCase());
  if (exposed.includes('*') && credentials !== 'include') return readable;
  return readable.filter((name) => SAFELISTED.includes(name) || exposed.includes(name));
}

/** Checks for each header that the web page reads whether it can. */
export function readChecks(
  headers: readonly Header[],
  exposed: readonly string[],
  { reads, credentials }: PageCall,
): Check[] {
  return reads.map((name) => {
    const present = headerOf({ headers }, name) !== undefined;
    return {
      name: `response: the web page reads ${name}`,
      passed: exposed.includes(name.toLowerCase()),
      received: present ? `${EXPOSE}: ${shown(headerOf({ headers }, EXPOSE))}` : `no ${name} in the response`,
      needed: `${EXPOSE}: ${name}${credentials === 'include' ? '' : ' or *'}`,
      link: SECTION.corsResponse,
    };
  });
}
