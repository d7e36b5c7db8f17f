/** The CORS headers that a request needs. Every fix lists them. No I/O. */
import type { Header, PageCall } from './diagnosis';

/** Without Content-Type, which depends on its value. https://fetch.spec.whatwg.org/#cors-safelisted-request-header */
const SAFELISTED = ['accept', 'accept-language', 'content-language', 'range'];

/** Only servers send these headers. A web page that sends them must stop. */
export const RESPONSE_HEADER = /^access-control-(?:allow-|expose-|max-age)/i;

/** The parts of a request that a server must allow. */
export interface CorsRequirements {
  origin: string;
  method: string;
  /** The methods to allow: that of the request, and those that the server allows today. */
  methods: readonly string[];
  /** Names of request headers, as the web page spells them. */
  headers: readonly string[];
  credentials: boolean;
  /** Names of the response headers that the web page reads. */
  exposed: readonly string[];
}

/** Returns the CORS requirements of a request. */
export function requirementsOf({ origin, method, headers, credentials, reads }: PageCall): CorsRequirements {
  return {
    origin,
    method,
    methods: [method],
    headers: headers
      .map(([name]) => name)
      .filter((name) => !SAFELISTED.includes(name.toLowerCase()) && !RESPONSE_HEADER.test(name)),
    credentials: credentials === 'include',
    exposed: reads,
  };
}

/** Returns the CORS headers for the response itself. */
export function responseHeaders({ origin, credentials, exposed }: CorsRequirements): Header[] {
  return [
    ['Access-Control-Allow-Origin', origin],
    ...(credentials ? [['Access-Control-Allow-Credentials', 'true'] as const] : []),
    ...(exposed.length > 0 ? [['Access-Control-Expose-Headers', exposed.join(',')] as const] : []),
  ];
}

/** Returns the CORS headers for the preflight response. */
export function preflightHeaders(required: CorsRequirements): Header[] {
  return [
    ...responseHeaders({ ...required, exposed: [] }),
    ['Access-Control-Allow-Methods', [...new Set([...required.methods, 'OPTIONS'])].join(',')],
    ...(required.headers.length > 0
      ? [['Access-Control-Allow-Headers', required.headers.join(',')] as const]
      : []),
  ];
}
