/** Requests from a public web page into a private network, for which Chromium asks the user. No I/O. */
import { parseUrl } from 'cors-policy';
import type { PageCall } from './diagnosis';
import type { Finding } from 'sam-template';
import { finding } from './finding';
import { spaceOf } from './verdict/addressSpace';

/**
 * Warns of a request that Chromium may block: the doctor does not know the address of the web page, or it examines
 * another browser. The check of the request itself blocks one that Chromium blocks certainly.
 *
 * @see https://wicg.github.io/local-network-access/
 */
export function localNetwork({
  url,
  origin,
  browser,
}: Pick<PageCall, 'url' | 'origin' | 'browser'>): Finding[] {
  const target = parseUrl(url);
  if (target === undefined || !/^https?:/.test(origin)) return [];
  const page = new URL(origin);
  const [from, to] = [spaceOf(page.hostname), spaceOf(target.hostname)];
  if (to === undefined || to === 'public' || from === 'loopback' || from === 'local') return [];
  if (from === 'public' && (browser ?? 'chromium') === 'chromium') return [];
  const message = `The server has a ${to} address. If the web page has a public address, Chromium ${
    page.protocol === 'https:'
      ? 'asks the user for permission (Local Network Access), and blocks the request if they decline'
      : 'blocks the request, because the web page is not secure'
  }. No CORS header changes that.`;
  const description =
    'During development, open the web page from localhost too. For other users, give the server a public address.';
  return [finding('local-network-access', 'warning', message, description)];
}
