/** Warns of requests that one browser allows and another blocks. No I/O. */
import type { Diagnosis, PageCall } from './diagnosis';
import type { Finding } from 'sam-template';
import { finding } from './finding';
import { headerOf, listContains } from './headers';

const ALLOW_HEADERS = 'Access-Control-Allow-Headers';

/**
 * Finds a preflight that allows Authorization only with `*`, which Chromium and Firefox still accept.
 *
 * @see https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name
 */
export function browserDifferences({ headers }: PageCall, { verdict, exchanges }: Diagnosis): Finding[] {
  const isSent = headers.some(([name]) => name.toLowerCase() === 'authorization');
  const isNamed = exchanges.every(({ sent, received }) => {
    if (sent.purpose !== 'preflight' || received.kind !== 'response') return true;
    return listContains(headerOf(received, ALLOW_HEADERS), 'Authorization');
  });
  if (verdict !== 'allowed' || !isSent || isNamed) return [];
  return [
    finding(
      'wildcard-authorization',
      'warning',
      `${ALLOW_HEADERS}: * does not cover Authorization in the Fetch standard. Chromium and Firefox still accept it, with a warning in the console. Other browsers can block the request.`,
      'Name the header in the response to the preflight.',
      [`${ALLOW_HEADERS}: *, Authorization`],
    ),
  ];
}
