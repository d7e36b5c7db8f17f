/** Header and method names: tokens, lists of names, and the names that browsers forbid. No I/O. */

/** https://httpwg.org/specs/rfc9110.html#tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

/** https://fetch.spec.whatwg.org/#forbidden-method */
const FORBIDDEN_METHOD = /^(?:connect|trace|track)$/i;

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
const FORBIDDEN_REQUEST_HEADER =
  /^(?:accept-charset|accept-encoding|access-control-request-(?:headers|method|private-network)|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|proxy-.*|sec-.*)$/i;

/** https://fetch.spec.whatwg.org/#forbidden-response-header-name */
const FORBIDDEN_RESPONSE_HEADER = /^set-cookie2?$/i;

/** Returns whether the text is a token, as header and method names are. */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** Returns whether `fetch` throws when a web page uses this method. */
export function isForbiddenMethod(method: string): boolean {
  return FORBIDDEN_METHOD.test(method);
}

/** Returns whether only the browser itself can set this request header. */
export function isForbiddenRequestHeader(name: string): boolean {
  return FORBIDDEN_REQUEST_HEADER.test(name);
}

/** Returns whether browsers hide this response header from web pages even if the policy exposes it. */
export function isForbiddenResponseHeader(name: string): boolean {
  return FORBIDDEN_RESPONSE_HEADER.test(name);
}

/** Removes the white space around a header value. https://fetch.spec.whatwg.org/#concept-header-value-normalize */
export function normalizeHeaderValue(value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
}

/**
 * Splits a comma-separated header value into its names. Leaves out empty list elements.
 *
 * @see https://httpwg.org/specs/rfc9110.html#abnf.extension
 */
export function splitNameList(value: string): string[] {
  return value
    .split(',')
    .map(normalizeHeaderValue)
    .filter((name) => name !== '');
}
