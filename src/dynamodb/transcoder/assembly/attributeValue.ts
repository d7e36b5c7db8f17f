/**
 * Transcodes attribute values, `{"TYPE": …}`, to plain JSON.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
import {
  ALSE,
  CLOSE_ARRAY,
  CLOSE_OBJECT,
  COLON,
  COMMA,
  LOWER_F,
  NULL,
  OPEN_ARRAY,
  OPEN_OBJECT,
  QUOTE,
  TRUE,
} from './ascii';
import { copyNumber } from './numeral';
import { expect, fail, skipSpace } from './reading';
import { copyString, skipString, unescape } from './text';
import { put, putWord } from './writing';

/** Protects the stack. DynamoDB allows 32 levels, but compatible engines can allow more. */
const MAX_DEPTH = 128;

/** Type names as integers, as a little-endian load reads them. */
const S: u32 = 0x53;
const N: u32 = 0x4e;
const B: u32 = 0x42;
const M: u32 = 0x4d;
const L: u32 = 0x4c;
const SS: u32 = 0x5353;
const NS: u32 = 0x534e;
const BS: u32 = 0x5342;
const BOOL: u32 = 0x4c4f4f42;
const NULL_TYPE: u32 = 0x4c4c554e;

/** The start of nearly all values, `{"S":` with any letter, as a little-endian load reads it. */
const USUAL_START: u64 = 0x3a2200227b;
const USUAL_BITS: u64 = 0xffffffffff;
const TYPE_BITS: u64 = 0xff0000;
const USUAL_LENGTH: usize = 5;

/** Copies an object of attribute values: an item, or the content of an M. */
export function copyMap(from: usize, depth: i32): usize {
  let next = skipSpace(expect(from, OPEN_OBJECT, 'a missing object'));
  put(OPEN_OBJECT);
  if (load<u8>(next) != CLOSE_OBJECT) {
    for (;;) {
      next = expect(copyString(next), COLON, 'a missing colon');
      put(COLON);
      next = skipSpace(copyValue(next, depth + 1));
      if (load<u8>(next) != COMMA) break;
      put(COMMA);
      next++;
    }
  }
  put(CLOSE_OBJECT);
  return expect(next, CLOSE_OBJECT, 'a missing comma');
}

function copyValue(from: usize, depth: i32): usize {
  if (depth > MAX_DEPTH) fail('nesting deeper than 128', from);
  const start = load<u64>(from);
  const isUsual = (start & ~TYPE_BITS & USUAL_BITS) == USUAL_START;
  const end = isUsual
    ? copyContent(from + USUAL_LENGTH, (<u32>(start >> 16)) & 0xff, depth)
    : copyUnusualValue(from, depth);
  return expect(end, CLOSE_OBJECT, 'more than one attribute type');
}

/** Copies a value that contains white space or an escape, or whose type name is longer than one letter. */
function copyUnusualValue(from: usize, depth: i32): usize {
  const opening = expect(from, OPEN_OBJECT, 'a missing attribute value');
  let name = expect(opening, QUOTE, 'a missing attribute type');
  let length = typeLength(name);
  let end = name + length + 1;
  if (length == 0) {
    end = skipString(name - 1);
    name = unescape(name - 1) + 1;
    length = typeLength(name);
    if (length == 0) fail('an unknown attribute type', opening);
  }
  return copyContent(expect(end, COLON, 'a missing colon'), packed(name, length), depth);
}

function copyContent(from: usize, type: u32, depth: i32): usize {
  switch (type) {
    case S:
    case B:
      return copyString(from);
    case N:
      return copyNumber(from);
    case M:
      return copyMap(from, depth);
    case L:
    case SS:
    case NS:
    case BS:
      return copyElements(from, type, depth);
    case BOOL:
      return copyBoolean(from);
    case NULL_TYPE:
      putWord(NULL);
      return expectTrue(from);
    default:
      fail('an unknown attribute type', from);
      return from;
  }
}

/** Converts a type name to an integer. Rejects a final NUL, which the integer would not show. */
function packed(name: usize, length: u32): u32 {
  if (load<u8>(name + length - 1) == 0) fail('an unknown attribute type', name);
  return load<u32>(name) & (0xffffffff >> (32 - 8 * length));
}

/** Returns the length of the type name: 1, 2 or 4, or 0 for any other length. */
function typeLength(name: usize): u32 {
  if (load<u8>(name + 1) == QUOTE) return 1;
  if (load<u8>(name + 2) == QUOTE) return 2;
  return load<u8>(name + 4) == QUOTE ? 4 : 0;
}

function copyElements(from: usize, type: u32, depth: i32): usize {
  let next = skipSpace(expect(from, OPEN_ARRAY, 'a missing array'));
  put(OPEN_ARRAY);
  if (load<u8>(next) != CLOSE_ARRAY) {
    for (;;) {
      if (type == L) next = copyValue(next, depth + 1);
      else if (type == NS) next = copyNumber(next);
      else next = copyString(next);
      next = skipSpace(next);
      if (load<u8>(next) != COMMA) break;
      put(COMMA);
      next++;
    }
  }
  put(CLOSE_ARRAY);
  return expect(next, CLOSE_ARRAY, 'a missing comma');
}

function copyBoolean(from: usize): usize {
  const start = skipSpace(from);
  if (load<u8>(start) == LOWER_F && load<u32>(start + 1) == ALSE) {
    put(LOWER_F);
    putWord(ALSE);
    return start + 5;
  }
  putWord(TRUE);
  return expectTrue(start);
}

function expectTrue(from: usize): usize {
  const start = skipSpace(from);
  if (load<u32>(start) != TRUE) fail('expected true', start);
  return start + 4;
}
