/** Parses JSON without loss, so that comparisons see every difference. No I/O. */

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON. Numbers become strings of their digits. Strings and names get the prefix `$`, which distinguishes strings
 * from numbers and makes the name `__proto__` harmless.
 *
 * @throws SyntaxError
 */
export function parseExactly(json: string): unknown {
  // Parse the original first: once quoted, an invalid number would be accepted.
  JSON.parse(json);
  const tagged = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? `"$${token.slice(1)}` : `"${token}"`,
  );
  return JSON.parse(tagged);
}

/** Parses JSON in the same way. Returns undefined if it is invalid. */
export function tryParse(json: string): unknown {
  try {
    return parseExactly(json);
  } catch {
    return undefined;
  }
}

/** Serializes a parsed value as the JSON that it was, apart from white space. */
export function stringify(exact: unknown): string {
  if (Array.isArray(exact)) return `[${exact.map(stringify).join(',')}]`;
  if (isObject(exact)) {
    const properties = Object.entries(exact).map(
      ([name, value]) => `${JSON.stringify(name.slice(1))}:${stringify(value)}`,
    );
    return `{${properties.join(',')}}`;
  }
  if (typeof exact !== 'string') return JSON.stringify(exact);
  return exact.startsWith('$') ? JSON.stringify(exact.slice(1)) : exact;
}

/** Serializes the value with sorted names, so that the order of properties does not matter. */
export function canonical(exact: unknown): string {
  return JSON.stringify(exact, (_, value: unknown) =>
    isObject(value) ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))) : value,
  );
}

/** Replaces the top-level string properties of these names with a placeholder. */
export function mask(exact: unknown, names: readonly string[]): unknown {
  if (!isObject(exact)) return exact;
  return Object.fromEntries(
    Object.entries(exact).map(([name, value]) => [
      name,
      names.includes(name.slice(1)) && typeof value === 'string' && value.length > 1 && value.startsWith('$')
        ? '$(opaque)'
        : value,
    ]),
  );
}

/** Returns whether a value from `parseExactly` is a JSON object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
