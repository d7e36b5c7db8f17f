/** Hides secret header values in all output. No I/O. */
import type { Header } from './diagnosis';

const SECRET =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-amz-security-token|.*(?:token|secret|password).*)$/i;

/** Shorter ones are left: words as short would be struck out of everything. */
const SHORTEST = 4;

export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

/** A header for people, without its value where that is a secret. */
export function shownHeader([name, value]: Header): string {
  return `${name}: ${isSecret(name) ? HIDDEN : value}`;
}

export const HIDDEN = '(not shown)';

/** Strikes the secrets of a call out of text, wherever a server has repeated them. */
export function hideSecrets(text: string, headers: readonly Header[]): string {
  return headers
    .filter(([name]) => isSecret(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)])
    .filter((value) => value.length >= SHORTEST && !/^(?:Bearer|Basic|Digest|AWS4-HMAC-SHA256)$/i.test(value))
    .sort((left, right) => right.length - left.length)
    .reduce((hidden, value) => hidden.replaceAll(value, HIDDEN), text);
}
