/** JSON read without loss, so that a comparison misses nothing. No I/O. */

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON: numbers come back as their digits, strings and names behind a `$`, which tells them
 * from numbers and makes a name of `__proto__` harmless.
 *
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  // First as it is: in quotes, a number that is no JSON number would pass.
  JSON.parse(json);
  const tagged = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? `"$${token.slice(1)}` : `"${token}"`,
  );
  return JSON.parse(tagged);
}

/** The same text for the same JSON, in whatever order members come. */
export function canonical(exact: unknown): string {
  return JSON.stringify(exact, (_, value: unknown) =>
    isMembers(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/** The value with the string members of these names replaced by a fixed word; not those inside them. */
export function mask(exact: unknown, names: readonly string[]): unknown {
  if (!isMembers(exact)) return exact;
  return Object.fromEntries(
    Object.entries(exact).map(([name, value]) => [
      name,
      names.includes(name.slice(1)) && typeof value === 'string' && value.length > 1 && value.startsWith('$')
        ? '$(opaque)'
        : value,
    ]),
  );
}

/** A JSON object that `parseExactly` has read. */
export function isMembers(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
