/** The CORS headers that a request needs. Every fix lists them. No I/O. */
import type { Header, PageCall } from './diagnosis';

/** https://fetch.spec.whatwg.org/#cors-safelisted-request-header, Content-Type apart, which depends on its value. */
const SAFELISTED = ['accept', 'accept-language', 'content-language', 'range'];

/** What a server has to allow. */
export interface Needs {
  origin: string;
  method: string;
  /** Request headers, as the page spells them. */
  headers: readonly string[];
  credentials: boolean;
  /** Response headers that the page means to read. */
  exposed: readonly string[];
}

export function needsOf({ origin, method, headers, credentials, reads }: PageCall): Needs {
  return {
    origin,
    method,
    headers: headers.map(([name]) => name).filter((name) => !SAFELISTED.includes(name.toLowerCase())),
    credentials: credentials === 'include',
    exposed: reads,
  };
}

/** The headers of the response itself. */
export function responseHeaders({ origin, credentials, exposed }: Needs): Header[] {
  return [
    ['Access-Control-Allow-Origin', origin],
    ...(credentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
    ...(exposed.length > 0 ? [['Access-Control-Expose-Headers', exposed.join(',')] as const] : []),
  ];
}

/** The headers of the preflight's response. */
export function preflightHeaders(needs: Needs): Header[] {
  return [
    ...responseHeaders({ ...needs, exposed: [] }),
    ['Access-Control-Allow-Methods', [...new Set([needs.method, 'OPTIONS'])].join(',')],
    ...(needs.headers.length > 0 ? [['Access-Control-Allow-Headers', needs.headers.join(',')] as const] : []),
  ];
}
