/** Header lists, read as the Fetch standard reads them. No I/O. */
import type { Header } from '../diagnosis';

/** https://httpwg.org/specs/rfc9110.html#tokens */
const TOKEN = /^[!#$%&'*+.^_`|~0-9a-z-]+$/i;

export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/**
 * The value of a header, several lines joined by a comma and a blank; undefined where there is none.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function valueOf(headers: readonly Header[], name: string): string | undefined {
  const lowerCase = name.toLowerCase();
  const values = headers.filter(([given]) => given.toLowerCase() === lowerCase);
  return values.length === 0 ? undefined : values.map(([, value]) => trimmed(value)).join(', ');
}

/**
 * The members of a header that is a list of names: none where the header is missing, undefined where
 * it is there and no list of names. Empty members count for nothing.
 *
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function namesIn(value: string | undefined): readonly string[] | undefined {
  const names = (value ?? '')
    .split(',')
    .map(trimmed)
    .filter((name) => name !== '');
  return names.every(isToken) ? names : undefined;
}

/** Without the blanks, tabs and line ends around it. https://fetch.spec.whatwg.org/#concept-header-value-normalize */
export function trimmed(value: string): string {
  return value.replace(/^[\t\n\r ]+|[\t\n\r ]+$/g, '');
}
