/** The methods and headers that a web page can send to another origin without a preflight. No I/O. */
import { isToken, normalizeHeaderValue } from 'cors-policy';
import type { BrowserName, Header } from '../diagnosis';

/** @see https://fetch.spec.whatwg.org/#cors-safelisted-method */
export function isSafelistedMethod(method: string): boolean {
  return ['GET', 'HEAD', 'POST'].includes(method);
}

const MAX_VALUE_BYTES = 128;
const MAX_TOTAL_BYTES = 1024;

/**
 * Returns the unique names of the headers that need a preflight, in lower case and sorted, as a preflight lists
 * them.
 *
 * @see https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names
 */
export function unsafeHeaderNames(headers: readonly Header[], browser?: BrowserName): string[] {
  const isSafelisted = (header: Header) => isSafelistedHeader(header, browser);
  const bytes = headers.filter(isSafelisted).reduce((sum, [, value]) => sum + value.length, 0);
  const unsafe = bytes > MAX_TOTAL_BYTES ? headers : headers.filter((header) => !isSafelisted(header));
  return [...new Set(unsafe.map(([name]) => name.toLowerCase()))].sort();
}

/**
 * Chromium also safelists client hints.
 *
 * @see https://fetch.spec.whatwg.org/#cors-safelisted-request-header
 */
export function isSafelistedHeader([name, value]: Header, browser: BrowserName = 'chromium'): boolean {
  if (value.length > MAX_VALUE_BYTES) return false;
  const rules = browser === 'chromium' ? { ...RULES, ...CLIENT_HINT_RULES } : RULES;
  return rules[name.toLowerCase()]?.(value) === true;
}

const RULES: Partial<Record<string, (value: string) => boolean>> = {
  accept: (value) => !UNSAFE_BYTE.test(value),
  'accept-language': (value) => LANGUAGE_BYTES.test(value),
  'content-language': (value) => LANGUAGE_BYTES.test(value),
  'content-type': (value) => !UNSAFE_BYTE.test(value) && SIMPLE_TYPES.includes(essenceOf(value) ?? ''),
  range: isSimpleRange,
};

/** https://wicg.github.io/client-hints-infrastructure/#cors-safelist */
const CLIENT_HINT_RULES: typeof RULES = {
  'device-memory': isDecimal,
  dpr: isDecimal,
  width: isInteger,
  'viewport-width': isInteger,
  rtt: isInteger,
  downlink: isDecimal,
  ect: (value) => /^(?:slow-2g|[234]g)$/.test(value),
  'save-data': (value) => /^on$/i.test(value),
  // Chromium reports its interventions with it.
  intervention: () => true,
};

function isInteger(value: string): boolean {
  return /^\d+$/.test(value);
}

function isDecimal(value: string): boolean {
  return /^\d+(?:\.\d+)?$/.test(value);
}

/** https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte */
// eslint-disable-next-line no-control-regex -- it matches control characters
const UNSAFE_BYTE = /[\x00-\x08\x0a-\x1f"():<>?@[\\\]{}\x7f]/;

const LANGUAGE_BYTES = /^[0-9A-Za-z *,\-.;=]*$/;

const SIMPLE_TYPES = ['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'];

/**
 * Returns the type and subtype in lower case, without parameters. Returns undefined if the media type is invalid.
 *
 * @see https://mimesniff.spec.whatwg.org/#parsing-a-mime-type
 */
export function essenceOf(contentType: string): string | undefined {
  const [essence = ''] = normalizeHeaderValue(contentType).split(';');
  const slash = essence.indexOf('/');
  const [type, subtype] = [essence.slice(0, Math.max(slash, 0)), essence.slice(slash + 1).trimEnd()];
  return isToken(type) && isToken(subtype) ? `${type}/${subtype}`.toLowerCase() : undefined;
}

/** A range from a first byte to a last byte or to the end. https://fetch.spec.whatwg.org/#simple-range-header-value */
function isSimpleRange(value: string): boolean {
  const { first, last } = /^bytes=(?<first>\d+)-(?<last>\d*)$/.exec(value)?.groups ?? {};
  return first !== undefined && (last === '' || last === undefined || BigInt(first) <= BigInt(last));
}
