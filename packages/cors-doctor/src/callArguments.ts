/** The parts of a call as the command line gives them: what a browser would take, and no more. No I/O. */
import { CommandError } from './commandError';
import type { Header } from './diagnosis';

/** RFC 9110, section 5.6.2. */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** https://fetch.spec.whatwg.org/#methods: written in lower case these are meant as in upper case. */
const NORMALIZED = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT'];
const BODILESS = ['GET', 'HEAD'];

/** One record is enough to see headers; other servers than this project's get a small object to look at. */
const SMALL_BODY = '{"Limit":1}';

export function urlOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(
      `${JSON.stringify(text)} is no http URL, and no file that ends in .yaml or .json.`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new CommandError('The URL has a user or a password in it, which fetch refuses.');
  }
  url.hash = '';
  return url.href;
}

/** `null` is the origin of sandboxed pages and of local files. */
export function originOf(text: string): string {
  if (text === 'null') return text;
  const origin = URL.canParse(text) ? new URL(text).origin : undefined;
  if (origin === undefined || origin === 'null' || origin !== text) {
    const hint =
      origin === undefined || origin === 'null' ? 'such as http://localhost:5173' : `but ${origin} is`;
    throw new CommandError(`--origin ${JSON.stringify(text)} is no origin as browsers write it, ${hint}.`);
  }
  return text;
}

export function methodOf(text: string): string {
  const upper = text.toUpperCase();
  if (!TOKEN.test(text)) throw new CommandError(`--method ${JSON.stringify(text)} is no HTTP method.`);
  if (['CONNECT', 'TRACE', 'TRACK'].includes(upper)) {
    throw new CommandError(`--method ${text} is one that fetch refuses.`);
  }
  return NORMALIZED.includes(upper) ? upper : text;
}

/** Methods whose body is JSON where nothing else is said. */
const WITH_BODY = ['POST', 'PUT', 'PATCH'];

export function headersOf(given: readonly string[], method: string): Header[] {
  const own = given.map(headerOf);
  const typed = own.some(([name]) => name.toLowerCase() === 'content-type');
  return typed || !WITH_BODY.includes(method) ? own : [['Content-Type', 'application/json'], ...own];
}

function headerOf(text: string): Header {
  const at = text.indexOf(':');
  const name = (at === -1 ? text : text.slice(0, at)).trim();
  const value = at === -1 ? 'x' : text.slice(at + 1).trim();
  // What is given may hold a secret, and is not repeated.
  if (!TOKEN.test(name)) {
    throw new CommandError('--header takes NAME:VALUE; what stands before the colon is no name of a header.');
  }
  if (!VALUE.test(value)) {
    throw new CommandError(`--header ${name} has a value with characters that no header may have.`);
  }
  if (FORBIDDEN.test(name)) {
    throw new CommandError(`--header ${name} is set by the browser alone: a page cannot send it.`);
  }
  return [name, at === -1 && name.toLowerCase() === 'content-type' ? 'application/json' : value];
}

/** https://fetch.spec.whatwg.org/#header-value */
const VALUE = /^[^\0\r\n\u0100-\uffff]*$/;

/** https://fetch.spec.whatwg.org/#forbidden-request-header */
const FORBIDDEN =
  /^(?:accept-charset|accept-encoding|access-control-request-.+|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via|(?:proxy|sec)-.*)$/i;

export function bodyOf(
  given: string | undefined,
  method: string,
  headers: readonly Header[],
): string | undefined {
  if (given !== undefined) {
    if (BODILESS.includes(method)) throw new CommandError(`--body: fetch refuses a body with ${method}.`);
    return given;
  }
  const json = headers.some(([name, value]) => name.toLowerCase() === 'content-type' && /json/i.test(value));
  return json && !BODILESS.includes(method) ? SMALL_BODY : undefined;
}
