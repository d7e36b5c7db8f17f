/** Host names: those of this machine, and those that another site cannot make mean this machine. No I/O. */

/** Returns the host of a `Host` header: lower case, without the port and without a final dot. */
export function hostNameOf(header: string): string {
  return header.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/**
 * Returns whether a host always means this machine: `localhost`, its subdomains, 127.0.0.0/8 or `[::1]`.
 *
 * @param host in lower case, without a port; an IPv6 address in brackets.
 * @see https://w3c.github.io/webappsec-secure-contexts/#is-origin-trustworthy
 */
export function isLoopbackHost(host: string): boolean {
  return /^(?:(?:[a-z0-9_-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);
}

/**
 * Returns whether the owner of a host name can make it mean another machine, which DNS rebinding needs. Loopback
 * names and IP addresses have no such owner.
 *
 * @param host as for `isLoopbackHost`.
 */
export function isRebindableHost(host: string): boolean {
  return !isLoopbackHost(host) && !/^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/.test(host);
}
