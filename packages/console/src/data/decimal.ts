/** Compares DynamoDB's numbers, which have up to 38 digits, without rounding them. No I/O. */

/** A number with all its digits, and rounded for fast comparisons. */
export interface Decimal {
  text: string;
  rounded: number;
}

/** Returns a negative number, 0 or a positive number, as a comparison function does. */
export function compareDecimals(left: Decimal, right: Decimal): number {
  if (left.text === right.text) return 0;
  const difference = left.rounded - right.rounded;
  // Doubles decide unless they are too close to tell the numbers apart.
  if (Math.abs(difference) > 1e-12 * Math.abs(left.rounded)) return difference;
  return compareExactly(left.text, right.text);
}

function compareExactly(left: string, right: string): number {
  const [one, other] = [parse(left), parse(right)];
  const exponent = Math.min(one.exponent, other.exponent);
  const difference = scaled(one, exponent) - scaled(other, exponent);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

interface Digits {
  digits: bigint;
  exponent: number;
}

/** DynamoDB sends plain decimals; other engines also send exponents. */
function parse(text: string): Digits {
  const [mantissa = '0', power = '0'] = text.toLowerCase().split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const digits = BigInt(`${whole}${fraction}`.replace('+', ''));
  return { digits, exponent: digits === 0n ? 0 : Number(power) - fraction.length };
}

function scaled({ digits, exponent }: Digits, to: number): bigint {
  return digits * 10n ** BigInt(exponent - to);
}
