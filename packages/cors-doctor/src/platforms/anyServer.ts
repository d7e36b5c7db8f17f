/** The fix for servers that no platform knows: the headers that they must send. No I/O. */
import type { Finding } from 'sam-template';
import { responseHeaders, preflightHeaders } from '../corsRequirements';
import { failsAtPreflight } from '../evidence';
import { finding } from '../finding';
import { viteProxy } from '../causes/readable';
import type { Evidence } from '../evidence';
import { requiredBy } from './lines';
import type { Platform } from './platform';

export const anyServer = {
  name: 'any server',
  detect: () => 'certain',
  allow(evidence) {
    const { call } = evidence;
    const required = requiredBy(evidence);
    const atPreflight = failsAtPreflight(evidence);
    const headers = atPreflight
      ? [...new Map([...preflightHeaders(required), ...responseHeaders(required)])]
      : responseHeaders(required);
    return {
      description: atPreflight
        ? `Respond to OPTIONS on this path with 200 or 204 and these headers, before any check of credentials. Send the first one with every response to ${call.method} too.`
        : `Send these headers with every response to ${call.method}, errors included.`,
      lines: headers.map(([name, value]) => `${name}: ${value}`),
    };
  },
  deduplicate: () => ({
    description:
      'Find both places, and delete one: usually one is in the code of the application, and the other one in the configuration of a proxy, a load balancer or a CDN. In the project, this finds them.',
    lines: ['grep -rniE "access-control-allow-|cors" --exclude-dir=node_modules .'],
  }),
} as const satisfies Platform;

/** During development, a web page needs no CORS if its own development server forwards the requests. */
export function developmentProxy({ call, diagnosis }: Evidence): Finding[] {
  const isLocal = /^http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]):/.test(call.origin);
  if (!isLocal || diagnosis.verdict !== 'blocked') return [];
  return [
    finding(
      'development-proxy',
      'note',
      'Not needed if you can change the server. Otherwise, during development, the web page can call it without CORS through the proxy of its development server.',
      `If you use Vite, put these lines into vite.config.js, and call fetch('${new URL(call.url).pathname}') without the host.`,
      viteProxy(call.url, new URL(call.url).origin),
    ),
  ];
}
