/** The address of a client, as rate limits and scan slots count it. */
import type { Request } from 'express';
import { ipKeyGenerator } from 'express-rate-limit';

/** One household or office usually has a whole network of IPv6 addresses. */
const IPV6_PREFIX_BITS = 56;

/** Returns an IPv4 address, or the network of an IPv6 address. TRUST_PROXY says whose X-Forwarded-For counts. */
export function clientAddress({ ip = '' }: Request): string {
  return ipKeyGenerator(withoutPort(ip), IPV6_PREFIX_BITS);
}

/** Some proxies write the client's port into X-Forwarded-For, which changes with each connection. */
function withoutPort(address: string): string {
  return address.replace(/^(\d+(?:\.\d+){3}):\d+$/, '$1').replace(/^\[(.+)\](?::\d+)?$/, '$1');
}
