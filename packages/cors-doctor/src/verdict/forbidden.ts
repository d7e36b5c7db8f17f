/** What a page cannot ask of `fetch`: methods that it throws at, and headers that it drops. No I/O. */
import type { Header } from '../diagnosis';

/** @see https://fetch.spec.whatwg.org/#forbidden-method */
export function isForbiddenMethod(method: string): boolean {
  return /^(?:connect|trace|track)$/i.test(method);
}

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
const FORBIDDEN_HEADER =
  /^(?:accept-charset|accept-encoding|access-control-request-(?:headers|method|private-network)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

const METHOD_OVERRIDE = /^x-(?:http-method|http-method-override|method-override)$/i;

/** @see https://fetch.spec.whatwg.org/#forbidden-request-header */
export function isForbiddenHeader([name, value]: Header): boolean {
  if (METHOD_OVERRIDE.test(name)) return value.split(',').some((method) => isForbiddenMethod(method.trim()));
  return FORBIDDEN_HEADER.test(name);
}
