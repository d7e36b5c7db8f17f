/** Reads response headers the way the Fetch standard does. No I/O. */
import { isToken, normalizeHeaderValue, splitNameList } from 'cors-policy';
import type { Header, RequestResult } from './diagnosis';

export type HttpResponse = Extract<RequestResult, { kind: 'response' }>;

export const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';

/**
 * Returns the value of a header, or undefined if there is none. Repeated headers are joined with a comma.
 *
 * @see https://fetch.spec.whatwg.org/#concept-header-list-get
 */
export function headerOf({ headers }: { headers: readonly Header[] }, name: string): string | undefined {
  const lowerCase = name.toLowerCase();
  const values = headers.filter(([own]) => own.toLowerCase() === lowerCase);
  return values.length === 0 ? undefined : values.map(([, value]) => normalizeHeaderValue(value)).join(', ');
}

/**
 * Parses a header that is a list of names: no names if the value is undefined, and undefined if it is not
 * a valid list.
 *
 * @see https://fetch.spec.whatwg.org/#extract-header-list-values
 */
export function parseNameList(value: string | undefined): readonly string[] | undefined {
  const names = splitNameList(value ?? '');
  return names.every(isToken) ? names : undefined;
}

/** Returns whether a list such as the value of Vary contains a name. Ignores case. */
export function listContains(list: string | undefined, name: string): boolean {
  return splitNameList(list ?? '').some((item) => item.toLowerCase() === name.toLowerCase());
}
