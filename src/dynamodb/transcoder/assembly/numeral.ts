/** Copies numbers, which DynamoDB JSON writes as strings. https://www.rfc-editor.org/rfc/rfc8259#section-6 */
import { LOWER_E, MINUS, PLUS, POINT, QUOTE, ZERO } from './ascii';
import { fail, skipSpace } from './reading';
import { skipString, unescape } from './text';
import { BLOCK, copyBytes } from './writing';

/** Returned instead of an address if there is no valid number. */
const NOWHERE: usize = 0;

let inQuotes: bool = false;

/** Sets whether numbers keep their quotes. */
export function keepQuotes(keep: bool): void {
  inQuotes = keep;
}

/** Copies a number with all its digits. */
export function copyNumber(from: usize): usize {
  const opening = skipSpace(from);
  if (load<u8>(opening) != QUOTE) fail('expected a number in quotes', opening);
  const closing = numberEnd(opening + 1);
  if (closing == NOWHERE) return copyEscapedNumber(opening);
  copyDigits(opening, closing);
  return closing + 1;
}

/** Copies a number that contains escapes: legal JSON, although DynamoDB does not write it. */
function copyEscapedNumber(from: usize): usize {
  const end = skipString(from);
  const opening = unescape(from);
  const closing = numberEnd(opening + 1);
  if (closing == NOWHERE) fail('invalid number', from);
  copyDigits(opening, closing);
  return end;
}

function copyDigits(opening: usize, closing: usize): void {
  if (inQuotes) copyBytes(opening, closing + 1);
  else copyBytes(opening + 1, closing);
}

/** Returns the address of the number's closing quote, or NOWHERE if the number is invalid. */
function numberEnd(from: usize): usize {
  const integer = load<u8>(from) == MINUS ? from + 1 : from;
  let end = digitsEnd(integer);
  if (end == integer || (load<u8>(integer) == ZERO && end > integer + 1)) return NOWHERE;
  if (load<u8>(end) == POINT) {
    const fraction = end + 1;
    end = digitsEnd(fraction);
    if (end == fraction) return NOWHERE;
  }
  if ((load<u8>(end) | 0x20) == LOWER_E) {
    const sign = load<u8>(end + 1);
    const exponent = sign == PLUS || sign == MINUS ? end + 2 : end + 1;
    end = digitsEnd(exponent);
    if (end == exponent) return NOWHERE;
  }
  return load<u8>(end) == QUOTE ? end : NOWHERE;
}

function digitsEnd(from: usize): usize {
  let end = from;
  let others = othersAt(end);
  for (; others == 0; others = othersAt(end)) end += BLOCK;
  return end + ctz(others);
}

/** Returns a bit mask of the next 16 bytes: 1 for each byte that is not a digit. */
function othersAt(from: usize): i32 {
  const values = i8x16.sub(v128.load(from), i8x16.splat(ZERO));
  return i8x16.bitmask(i8x16.gt_u(values, i8x16.splat(9)));
}
