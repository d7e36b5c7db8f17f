/** The notation that the CSV writer and the CSV reader share. No I/O. */

export const BYTE_ORDER_MARK = '\uFEFF';

const OTHER_ATTRIBUTES = 'OtherAttributes';

/**
 * The beginning of text that a spreadsheet would run as a formula, including full-width characters. Text that already
 * has the guard belongs to it: otherwise `'=1` and `=1` would be the same cell.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const FORMULA = /^'*[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** Puts a `'` in front of text that begins like a formula. */
export function guardFormula(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

/** Removes the `'` that `guardFormula` puts in front. */
export function unguardFormula(text: string): string {
  return text.startsWith("'") && FORMULA.test(text) ? text.slice(1) : text;
}

/** The name of the last column, which has all attributes that are not columns as one JSON object. */
export function otherAttributesName(columns: ReadonlySet<string>): string {
  let name = OTHER_ATTRIBUTES;
  while (columns.has(name)) name += '_';
  return name;
}
