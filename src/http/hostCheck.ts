/**
 * Rejects requests for a foreign host name, which stops DNS rebinding: a web page whose own host name suddenly means
 * this machine. For the browser its requests are same-origin, so CORS does not apply to them.
 */
import { hostNameOf, isRebindableHost } from 'cors-policy';
import type { RequestHandler } from 'express';
import { HttpProblem } from './problem';

/**
 * Checks the `Host` header. A loopback name, an IP address and the allowed names pass, because another site cannot
 * rebind them. Preflights pass too: their responses contain no items, and must always be 200.
 *
 * Without allowed names, only connections to a loopback address are checked. Behind a proxy or in a container, host
 * names are not known.
 *
 * @param allowedHosts names such as `api.example.com` or `*.example.com`.
 */
export function checkHost(allowedHosts: readonly string[]): RequestHandler {
  return (request, _response, next) => {
    const { host } = request.headers;
    const isChecked = allowedHosts.length > 0 || isLoopbackAddress(request.socket.localAddress);
    if (isChecked && host !== undefined && request.method !== 'OPTIONS' && !isAllowed(host, allowedHosts)) {
      throw new HttpProblem(
        'HostNotAllowed',
        'This server does not serve this host name. Use localhost or an IP address, or add the name to ALLOWED_HOSTS.',
      );
    }
    next();
  };
}

function isAllowed(host: string, allowedHosts: readonly string[]): boolean {
  const name = hostNameOf(host);
  return (
    !isRebindableHost(name) ||
    allowedHosts.some((allowed) =>
      allowed.startsWith('*.') ? name.endsWith(allowed.slice(1)) : name === allowed,
    )
  );
}

/** Also IPv4 addresses in the form that a dual-stack socket shows: `::ffff:127.0.0.1`. */
function isLoopbackAddress(address = ''): boolean {
  return /^(?:(?:::ffff:)?127\.|::1$)/.test(address);
}
