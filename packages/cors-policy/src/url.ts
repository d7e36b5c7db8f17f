/** Parses URLs. No I/O. */

/**
 * Parses a URL, absolute or relative to `base`; undefined if it is invalid.
 *
 * Not `URL.canParse`: after many calls, Node.js 20 and 22 return false for valid URLs with letters such as ü.
 */
export function parseUrl(text: string, base?: string | URL): URL | undefined {
  try {
    return new URL(text, base);
  } catch {
    return undefined;
  }
}
