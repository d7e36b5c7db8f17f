/** Calls from the internet into a machine or a network of its own, for which browsers ask the user. No I/O. */
import { isIPv4 } from 'node:net';
import type { PageCall } from './diagnosis';
import { finding, type Finding } from './finding';

/** From the least public on. https://wicg.github.io/local-network-access/#ip-address-space-heading */
const SPACES = ['loopback', 'local', 'public'] as const;

type Space = (typeof SPACES)[number];

/**
 * Chromium asks the user before a page reaches a less public address than its own, and does not even ask
 * for a page that is not secure. Names count as public here, but for those that are local by themselves:
 * they are not looked up.
 *
 * @see https://wicg.github.io/local-network-access/
 */
export function localNetwork({ url, origin }: Pick<PageCall, 'url' | 'origin'>): Finding[] {
  if (!URL.canParse(url) || !URL.canParse(origin)) return [];
  const page = new URL(origin);
  const [from, to] = [spaceOf(page.hostname), spaceOf(new URL(url).hostname)];
  if (SPACES.indexOf(to) >= SPACES.indexOf(from)) return [];
  const secure = page.protocol === 'https:';
  const cause = `The page is ${from}, the server ${to}: Chromium ${
    secure ? 'asks the user first (Local Network Access), and refuses if they decline' : 'refuses that'
  }. No CORS header helps.`;
  const words = secure
    ? 'While you develop, open the page from localhost as well; for others, give the server a public address.'
    : 'Serve the page over https, so that Chromium asks the user; or open it from localhost as well.';
  return [finding('local-network-access', 'warning', cause, words)];
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
