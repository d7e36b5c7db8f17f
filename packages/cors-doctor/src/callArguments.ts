/** Validates the parts of a request given on the command line. Accepts only what a browser would. No I/O. */
import { UsageError } from 'command-line';
import { isForbiddenMethod, isForbiddenRequestHeader, isOrigin, isToken, parseUrl } from 'cors-policy';
import type { BrowserName, Header } from './diagnosis';
import { normalizeMethod } from './verdict/browserRequest';

/** `fetch` does not send a body with these methods. */
const METHODS_WITHOUT_BODY = ['GET', 'HEAD'];

/** The default Content-Type of these methods is JSON. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/** The default body. For this project's server it reads one item; other servers get a small JSON object. */
const DEFAULT_BODY = '{"Limit":1}';

/** @throws UsageError */
export function urlOf(text: string): string {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new UsageError(
      `${JSON.stringify(text)} is not a valid http(s) URL. A template file must end in .yaml, .yml, .json or .template.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new UsageError(
      'The URL contains a user name or a password, which fetch rejects. Use --header Authorization:VALUE.',
    );
  }
  url.hash = '';
  return url.href;
}

/**
 * Accepts origins of every scheme, because apps and extensions have their own, such as `capacitor://localhost`.
 * `null` is the origin of sandboxed web pages and of local files.
 *
 * @throws UsageError
 */
export function originOf(text: string): string {
  if (text === 'null' || isOrigin(text)) return text;
  const { protocol, host } = parseUrl(text) ?? { protocol: '', host: '' };
  const origin = `${protocol}//${host}`.toLowerCase();
  throw new UsageError(
    `--origin ${JSON.stringify(text)} is not a valid origin. ${
      protocol === 'file:'
        ? 'Local files have the origin null.'
        : isOrigin(origin)
          ? `Did you mean ${origin}?`
          : 'Use scheme, host and optional port, for example http://localhost:5173.'
    }`,
  );
}

/** @throws UsageError */
export function methodOf(text: string): string {
  if (!isToken(text)) throw new UsageError(`--method ${JSON.stringify(text)} is not a valid HTTP method.`);
  if (isForbiddenMethod(text)) throw new UsageError(`--method ${text}: fetch rejects this method.`);
  return normalizeMethod(text);
}

/** @throws UsageError */
export function headersOf(given: readonly string[], method: string): Header[] {
  const own = given.map(parseHeader);
  const typed = own.some(([name]) => name.toLowerCase() === 'content-type');
  return typed || !METHODS_WITH_BODY.includes(method) ? own : [['Content-Type', 'application/json'], ...own];
}

/** The messages do not repeat values because they can be secret. */
function parseHeader(text: string): Header {
  const at = text.indexOf(':');
  const name = (at === -1 ? text : text.slice(0, at)).trim();
  const value = at === -1 ? 'x' : text.slice(at + 1).trim();
  if (!isToken(name)) {
    throw new UsageError('--header takes NAME:VALUE; the text before the colon is not a valid header name.');
  }
  if (!VALUE.test(value)) {
    throw new UsageError(`--header ${name}: the value contains characters that are not allowed in headers.`);
  }
  if (isForbiddenRequestHeader(name)) {
    throw new UsageError(`--header ${name}: only the browser can set this header, not a web page.`);
  }
  return [name, at === -1 && name.toLowerCase() === 'content-type' ? 'application/json' : value];
}

/** https://fetch.spec.whatwg.org/#header-value */
const VALUE = /^[^\0\r\n\u0100-\uffff]*$/;

/** @throws UsageError */
export function bodyOf(
  given: string | undefined,
  method: string,
  headers: readonly Header[],
): string | undefined {
  const takesBody = !METHODS_WITHOUT_BODY.includes(method);
  if (given !== undefined) {
    if (!takesBody) throw new UsageError(`--body: fetch rejects a body with ${method}.`);
    return given;
  }
  const json = headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /json/i.test(value));
  return json && takesBody ? DEFAULT_BODY : undefined;
}

const BROWSERS: readonly BrowserName[] = ['chromium', 'firefox', 'safari'];

/** @throws UsageError */
export function browserOf(text: string): BrowserName {
  const browser = BROWSERS.find((name) => name === text);
  if (browser === undefined) {
    throw new UsageError(`--browser ${JSON.stringify(text)}: expected ${BROWSERS.join(', ')}.`);
  }
  return browser;
}
