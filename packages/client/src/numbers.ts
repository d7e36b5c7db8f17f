/** Parses the numbers of an item without rounding them silently. No I/O. */

/**
 * How numbers are returned.
 *
 * - `number`: as JavaScript numbers. JavaScript rounds integers above 2^53 and more than about 16 digits.
 * - `string`: as strings with all digits.
 * - `bigint-when-unsafe`: as numbers if JavaScript holds them exactly; otherwise integers as bigint, and fractions as strings
 *   with all digits.
 */
export type Numbers = 'number' | 'string' | 'bigint-when-unsafe';

/** Returns the parser of one item's JSON. It throws a SyntaxError if the text is not JSON. */
export function itemParser(numbers: Numbers): (json: string) => unknown {
  return numbers === 'bigint-when-unsafe' ? parseExactly : (json) => JSON.parse(json) as unknown;
}

/** Text that may contain a number that JavaScript rounds: many digits in a row, with or without a dot, or an exponent. */
const MAYBE_ROUNDED = /\d[\d.]{15}|\d[eE]/;

/** Strings, and numbers outside of strings. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

function parseExactly(json: string): unknown {
  if (!MAYBE_ROUNDED.test(json)) return JSON.parse(json) as unknown;
  // Invalid JSON fails here: replacing numbers could make it valid.
  JSON.parse(json);
  // A prefix that no string of the item has.
  let prefix = 'n';
  while (json.includes(`"${prefix}`)) prefix += 'n';
  const marked = json.replace(TOKENS, (token) =>
    token.startsWith('"') || isExact(token) ? token : `"${prefix}${token}"`,
  );
  return JSON.parse(marked, (_name, value: unknown) =>
    typeof value === 'string' && value.startsWith(prefix) ? exactValue(value.slice(prefix.length)) : value,
  ) as unknown;
}

function isExact(text: string): boolean {
  return significant(text) === significant(String(Number(text)));
}

/** Returns digits and exponent, which are the same for equal numbers: `12e2` for 1200.0. */
function significant(text: string): string {
  const [mantissa = '', exponent = '0'] = text.replace('-', (sign, at) => (at === 0 ? '' : sign)).split(/e/i);
  const [whole = '', fraction = ''] = mantissa.split('.');
  const digits = `${whole}${fraction}`.replace(/^0+/, '');
  const trimmed = digits.replace(/0+$/, '');
  return trimmed === ''
    ? '0'
    : `${trimmed}e${Number(exponent) - fraction.length + digits.length - trimmed.length}`;
}

function exactValue(text: string): bigint | string {
  const [, exponent = ''] = significant(text).split('e');
  if (exponent.startsWith('-')) return text;
  return BigInt(plainInteger(text));
}

function plainInteger(text: string): string {
  const [digits = '', zeros = '0'] = significant(text).split('e');
  return `${text.startsWith('-') ? '-' : ''}${digits}${'0'.repeat(Number(zeros))}`;
}
