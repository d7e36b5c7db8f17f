/** Hides secret header values in all output. No I/O. */
import type { Header } from './diagnosis';

const SECRET =
  /^(?:authorization|proxy-authorization|cookie|set-cookie|x-api-key|x-amz-security-token|.*(?:token|secret|password).*)$/i;

/** Shorter values stay, because they would match parts of many other words. */
const MIN_SECRET_CHARS = 4;

/** Returns whether the value of this header is secret. */
export function isSecret(name: string): boolean {
  return SECRET.test(name);
}

/** Formats a header, and hides its value if it is secret. */
export function shownHeader([name, value]: Header): string {
  return `${name}: ${isSecret(name) ? HIDDEN : value}`;
}

export const HIDDEN = '(not shown)';

/** Hides the secret values of a request in a text, because a server can repeat them anywhere. */
export function hideSecrets(text: string, headers: readonly Header[]): string {
  return headers
    .filter(([name]) => isSecret(name))
    .flatMap(([, value]) => [value, ...value.split(/\s+/)])
    .filter(
      (value) =>
        value.length >= MIN_SECRET_CHARS && !/^(?:Bearer|Basic|Digest|AWS4-HMAC-SHA256)$/i.test(value),
    )
    .sort((left, right) => right.length - left.length)
    .reduce((hidden, value) => hidden.replaceAll(value, HIDDEN), text);
}

/** Hides the query strings of all URLs in a text, because they can contain tokens, and user names with passwords. */
export function hideQueries(text: string): string {
  return text
    .replace(/\?[^\s'"?<>]*=[^\s'"<>]*/g, `?${HIDDEN}`)
    .replace(/(?<=\bhttps?:\/\/[^\s'"?]*)\?(?!\(not shown\))[^\s'"<>]+/g, `?${HIDDEN}`)
    .replace(/(?<=\bhttps?:\/\/)[^\s'"/?@]+@/g, `${HIDDEN}@`);
}
