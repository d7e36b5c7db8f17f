/** Classifies hosts by who can reach them: this machine, the local network, or everybody. No I/O. */
import { isIPv4 } from 'node:net';

/** https://wicg.github.io/local-network-access/#ip-address-space-heading */
export type Space = 'loopback' | 'local' | 'public';

/**
 * Returns undefined if only a DNS lookup can tell, for a name such as `intranet` or `app.test`. Other host names count
 * as public.
 */
export function spaceOf(hostname: string): Space | undefined {
  if (/^(?:(?:.+\.)?localhost\.?|\[::1\])$/.test(hostname)) return 'loopback';
  if (/\.local\.?$|^\[(?:f[cd]|fe[89ab])[0-9a-f]*:/.test(hostname)) return 'local';
  if (isIPv4(hostname)) return spaceOfIPv4(hostname);
  return PRIVATE_NAME.test(hostname) ? undefined : 'public';
}

/** Names without a dot, and domains that no public DNS server knows. */
const PRIVATE_NAME = /^[^.[]*\.?$|\.(?:test|internal|home\.arpa|lan|corp|home|invalid)\.?$/;

function spaceOfIPv4(address: string): Space {
  const [first = 0, second = 0] = address.split('.').map(Number);
  if (first === 127) return 'loopback';
  const isLocal =
    first === 0 ||
    first === 10 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && second === 168) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128);
  return isLocal ? 'local' : 'public';
}

/**
 * Returns whether the network cannot change what is sent: https, or a server on this machine.
 *
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isTrustworthy({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || spaceOf(hostname) === 'loopback';
}
