/** What the lines of all platforms share: quotes and lists. No I/O. */
import { isToken, splitNameList, parseUrl } from 'cors-policy';
import { valuesOf } from '../causes/sentTwice';
import { requirementsOf, type CorsRequirements } from '../corsRequirements';
import type { Evidence } from '../evidence';
import { ALLOW_ORIGIN, headerOf } from '../headers';

/** Quotes a value for JavaScript, Python and similar languages. */
export function quoted(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Quotes a value for Go, Java, C# and nginx. */
export function doubleQuoted(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/** Returns a list without brackets: `'a', 'b'`. */
export function quotedList(values: readonly string[]): string {
  return values.map(quoted).join(', ');
}

/**
 * Returns what the server must allow: the request, and what it allows today, so that a fix for one web page does not
 * block another one.
 */
export function requiredBy({ call, observations, preflight }: Evidence): CorsRequirements {
  const required = requirementsOf(call);
  const origins = observations.flatMap((response) => valuesOf(response, ALLOW_ORIGIN));
  const listed = (name: string) =>
    splitNameList((preflight && headerOf(preflight, name)) ?? '').filter(
      (one) => isToken(one) && one !== '*',
    );
  const names = required.headers.map((name) => name.toLowerCase());
  const kept = listed('Access-Control-Allow-Headers').filter((name) => !names.includes(name.toLowerCase()));
  return {
    ...required,
    origin: origins.includes('*') && !required.credentials ? '*' : required.origin,
    methods: [...new Set([...listed('Access-Control-Allow-Methods'), required.method])],
    headers: [...required.headers, ...kept],
  };
}

/** Returns the origin of the web page, after the origin that the server allows today, if that is a different one. */
export function originsToAllow(evidence: Evidence): string[] {
  const { origin } = requiredBy(evidence);
  const values = evidence.observations.flatMap((response) => valuesOf(response, ALLOW_ORIGIN));
  const isOrigin = (value: string) => parseUrl(value)?.origin === value;
  return origin === '*' ? ['*'] : [...new Set([...values.filter(isOrigin), origin])];
}

/** Finds all places in a project that set the header, in files of some type. */
export function searchLine(...patterns: string[]): string {
  const files = patterns.map((pattern) => `--include='${pattern}'`).join(' ');
  return `grep -rniE "access-control-allow-|cors" ${files} --exclude-dir=node_modules .`;
}
