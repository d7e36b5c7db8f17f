/** Copies strings in blocks of 16 bytes. https://www.rfc-editor.org/rfc/rfc8259#section-7 */
import {
  BACKSLASH,
  LOWER_B,
  LOWER_F,
  LOWER_N,
  LOWER_R,
  LOWER_T,
  LOWER_U,
  QUOTE,
  SLASH,
  SPACE,
} from './ascii';
import { expect, fail } from './reading';
import { BLOCK, out, writeTo } from './writing';

/** Copies a string unchanged, including its quotes. */
export function copyString(from: usize): usize {
  let next = expect(from, QUOTE, 'a missing string');
  let to = out;
  store<u8>(to++, QUOTE);
  for (;;) {
    const block = v128.load(next);
    // May write past the end of the string. The next write overwrites these bytes.
    v128.store(to, block);
    const special = specialIn(block);
    if (special == 0) {
      next += BLOCK;
      to += BLOCK;
      continue;
    }
    const plain = ctz(special);
    next += plain;
    to += plain;
    if (load<u8>(next) == QUOTE) break;
    const end = copyEscape(next, to);
    to += end - next;
    next = end;
  }
  writeTo(to + 1);
  return next + 1;
}

/** Copies an escape, which has at most six bytes. */
function copyEscape(from: usize, to: usize): usize {
  if (load<u8>(from) != BACKSLASH) fail('a string without end, or with a control character', from);
  store<u64>(to, load<u64>(from));
  return escapeEnd(from + 1);
}

/** Reads a string without writing it. */
export function skipString(from: usize): usize {
  const to = out;
  const end = copyString(from);
  writeTo(to);
  return end;
}

/**
 * Decodes the escapes of a string to a temporary copy at `out`, which the next write overwrites.
 * Returns the original if the string contains characters other than visible ASCII.
 *
 * @returns the address of the opening quote.
 */
export function unescape(from: usize): usize {
  const end = skipString(from) - 1;
  const opening = out;
  let to = opening;
  store<u8>(to++, QUOTE);
  for (let next = from + 1; next < end; to++) {
    const isEscape = load<u8>(next) == BACKSLASH;
    const code: u32 = isEscape ? escaped(next + 1) : load<u8>(next);
    if (code <= <u32>SPACE || code > 0x7e || code == <u32>QUOTE || code == <u32>BACKSLASH) return from;
    store<u8>(to, code);
    next = isEscape ? escapeEnd(next + 1) : next + 1;
  }
  store<u8>(to, QUOTE);
  return opening;
}

/** Returns a bit mask of the bytes that are a quote, a backslash or a control character. */
function specialIn(block: v128): i32 {
  const quotes = i8x16.eq(block, i8x16.splat(QUOTE));
  const backslashes = i8x16.eq(block, i8x16.splat(BACKSLASH));
  // Equivalent to `block < SPACE`, with half as many instructions.
  const controls = i8x16.eq(i8x16.min_u(block, i8x16.splat(SPACE - 1)), block);
  return i8x16.bitmask(v128.or(v128.or(quotes, backslashes), controls));
}

/** Returns the end of an escape. `from` is the address after its backslash. */
function escapeEnd(from: usize): usize {
  switch (load<u8>(from)) {
    case QUOTE:
    case BACKSLASH:
    case SLASH:
    case LOWER_B:
    case LOWER_F:
    case LOWER_N:
    case LOWER_R:
    case LOWER_T:
      return from + 1;
    case LOWER_U:
      for (let digit: usize = 1; digit <= 4; digit++) {
        if (hexadecimal(load<u8>(from + digit)) > 15) fail('an incomplete \\u escape', from);
      }
      return from + 5;
    default:
      fail('an unknown escape', from);
      return from;
  }
}

/** Returns the code unit of an escape, or 0 for short escapes other than that of a slash, which stay escaped. */
function escaped(from: usize): u32 {
  const character = load<u8>(from);
  if (character != LOWER_U) return character == SLASH ? SLASH : 0;
  let code: u32 = 0;
  for (let digit: usize = 1; digit <= 4; digit++) code = (code << 4) | hexadecimal(load<u8>(from + digit));
  return code;
}

/** Returns the value of a hexadecimal digit, or 16 for any other character. */
function hexadecimal(digit: u8): u32 {
  const decimal = <u32>digit - 0x30;
  if (decimal <= 9) return decimal;
  const letter = <u32>(digit | 0x20) - 0x61;
  return letter <= 5 ? letter + 10 : 16;
}
