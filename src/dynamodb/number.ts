/** DynamoDB's numbers as text. No I/O. */
import { splitNumber } from 'lossless-json';

/** A number in JSON. */
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const MAX_DIGITS = 38;
const MIN_EXPONENT = -130;
const MAX_EXPONENT = 125;

/**
 * Whether text is a JSON number that DynamoDB stores without a change of its value: at most 38 significant digits, and
 * zero or a magnitude from 1E-130 to 9.9…9E+125.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html#HowItWorks.DataTypes.Number
 */
export function isNumberText(text: string): boolean {
  if (!JSON_NUMBER.test(text)) return false;
  const isInRange = text.length <= MAX_DIGITS && !/e/i.test(text);
  if (isInRange) return true;
  const { digits, exponent } = splitNumber(text);
  return digits.length <= MAX_DIGITS && exponent >= MIN_EXPONENT && exponent <= MAX_EXPONENT;
}

/** Returns the same text for equal numbers, for example for `1` and `1.0`. Text that is not a number stays. */
export function normalizeNumber(text: string): string {
  try {
    const { sign, digits, exponent } = splitNumber(text.replace(/^(-?)\./, '$10.'));
    return `${sign}${digits}e${exponent}`;
  } catch {
    return text;
  }
}
