/** Detects requests from a public web page into a private network, for which browsers ask the user. No I/O. */
import { isIPv4 } from 'node:net';
import type { PageCall } from './diagnosis';
import type { Finding } from 'sam-template';
import { finding } from './finding';

/** From the least public to the most public. https://wicg.github.io/local-network-access/#ip-address-space-heading */
const SPACES = ['loopback', 'local', 'public'] as const;

type Space = (typeof SPACES)[number];

/**
 * Chromium asks the user before a web page reaches a less public address than its own. If the web page is not
 * secure, Chromium blocks the request without asking. Host names count as public unless they are local by
 * definition, because the doctor does not look them up.
 *
 * @see https://wicg.github.io/local-network-access/
 */
export function localNetwork({ url, origin }: Pick<PageCall, 'url' | 'origin'>): Finding[] {
  if (!URL.canParse(url) || !URL.canParse(origin)) return [];
  const page = new URL(origin);
  const [from, to] = [spaceOf(page.hostname), spaceOf(new URL(url).hostname)];
  if (SPACES.indexOf(to) >= SPACES.indexOf(from)) return [];
  const secure = page.protocol === 'https:';
  const message = `The web page has a ${from} address, the server a ${to} address. Chromium ${
    secure
      ? 'asks the user for permission (Local Network Access), and blocks the request if they decline'
      : 'blocks the request'
  }. No CORS header changes that.`;
  const description = secure
    ? 'During development, open the web page from localhost too. For other users, give the server a public address.'
    : 'Serve the web page over https, so that Chromium asks the user. Or open it from localhost too.';
  return [finding('local-network-access', 'warning', message, description)];
}

function spaceOf(hostname: string): Space {
  if (/^(?:(?:.+\.)?localhost\.?|\[::1\])$/.test(hostname)) return 'loopback';
  if (/\.local\.?$|^\[(?:f[cd]|fe[89ab])[0-9a-f]*:/.test(hostname)) return 'local';
  return isIPv4(hostname) ? spaceOfIPv4(hostname) : 'public';
}

function spaceOfIPv4(address: string): Space {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127) return 'loopback';
  const isLocal =
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isLocal ? 'local' : 'public';
}
