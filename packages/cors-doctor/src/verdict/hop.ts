/** The request that a call makes next: at first the page's own, later where a redirect leads. No I/O. */
import type { Header, PageCall } from '../diagnosis';
import { headerOf } from '../headers';
import { isForbiddenHeader } from './forbidden';

export interface Hop {
  url: URL;
  method: string;
  /** As the page set them; each once, and none that is forbidden. */
  headers: readonly Header[];
  body: string | undefined;
  /** As the `Origin` header says it: the page's, or `null` after redirects from one other origin to another. */
  origin: string;
  /** Whether answers are checked: from the first request to another origin on. */
  cors: boolean;
  redirects: number;
}

const NORMALIZED_METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];

/** In upper case, but only these six: `patch` stays as it is. https://fetch.spec.whatwg.org/#concept-method-normalize */
export function normalizeMethod(method: string): string {
  const upperCase = method.toUpperCase();
  return NORMALIZED_METHODS.includes(upperCase) ? upperCase : method;
}

/** The first request of a call, whose URL must be valid. */
export function firstHop(call: PageCall): Hop {
  const url = new URL(call.url);
  url.hash = '';
  return {
    url,
    method: normalizeMethod(call.method),
    headers: headersOf(call),
    body: call.body,
    origin: call.origin,
    cors: !isSameOrigin(call.origin, url),
    redirects: 0,
  };
}

/** Whether a URL is of an origin; nothing is of the origin `null`. */
export function isSameOrigin(origin: string, url: URL): boolean {
  return origin !== 'null' && url.origin === origin;
}

/** A text as a body brings its type with it. https://fetch.spec.whatwg.org/#concept-bodyinit-extract */
const TEXT: Header = ['Content-Type', 'text/plain;charset=UTF-8'];

function headersOf({ headers, body }: PageCall): Header[] {
  const kept = headers.filter((header) => !isForbiddenHeader(header));
  const names = new Map(kept.map(([name]) => [name.toLowerCase(), name]));
  const combined = [...names.values()].map((name): Header => [name, headerOf({ headers: kept }, name) ?? '']);
  return body === undefined || names.has('content-type') ? combined : [...combined, TEXT];
}
