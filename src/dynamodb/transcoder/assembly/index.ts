/**
 * Transcodes a Scan response from DynamoDB JSON to plain JSON in one pass over its bytes. It builds no
 * objects, and copies each number, string and name as DynamoDB wrote it.
 *
 * Memory contains the response, then zeros, then the items. Zeros cannot continue any JSON, so reading
 * always ends there.
 */
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './ascii';
import { copyMap } from './attributeValue';
import { keepQuotes } from './numeral';
import { errorAt, expect, fail, skipSpace } from './reading';
import { skipString, unescape } from './text';
import { copyBytes, out, put, writeTo } from './writing';

export { errorAt };

/** Address of the response: after the compiler's constants, aligned to 16 bytes. */
export const inputStart: usize = (__heap_base + 15) & ~15;

/** Zero bytes after the response: more than any step reads or writes ahead. */
const MARGIN: usize = 64;

/** A page of WebAssembly memory has 2 ** PAGE_BITS bytes. */
const PAGE_BITS = 16;

/** The name `Items` in two parts: its first four bytes, and its last byte. */
const ITEM: u32 = 0x6d657449;
const LOWER_S: u8 = 0x73;

/** Number of items in the response, or -1 if it has no `Items`. */
export let itemCount: i32 = -1;

/** Start and end address of the value of `Items`. */
export let itemsAt: usize = 0;
export let itemsEnd: usize = 0;

/** Start and end address of the written items. */
export let outputStart: usize = 0;
export let outputEnd: usize = 0;

let isTyped: bool = false;
let separator: u8 = COMMA;
let atMost: i32 = i32.MAX_VALUE;

/** Grows memory for a response of `length` bytes and its items. */
export function reserve(length: usize): void {
  const end = <u64>inputStart + 2 * (<u64>length + MARGIN);
  const missing = <i32>(end >> PAGE_BITS) + 1 - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) fail('out of memory', inputStart);
}

/**
 * Transcodes the response of `length` bytes at `inputStart`.
 *
 * @param typed whether items stay in DynamoDB JSON. They are validated in either case.
 * @param quotes whether numbers keep their quotes.
 * @param between character to write between two items.
 * @param most maximum number of items to write. All items are read.
 */
export function transcode(length: usize, typed: bool, quotes: bool, between: u8, most: i32): void {
  const end = inputStart + length;
  memory.fill(end, 0, MARGIN);
  isTyped = typed;
  keepQuotes(quotes);
  separator = between;
  atMost = most;
  itemCount = -1;
  outputStart = end + MARGIN;
  writeTo(outputStart);
  const last = skipSpace(copyResponse());
  if (last != end) fail('unexpected data after the end', last);
  outputEnd = out;
}

function copyResponse(): usize {
  let next = skipSpace(expect(inputStart, OPEN_OBJECT, 'expected an object'));
  if (load<u8>(next) != CLOSE_OBJECT) {
    for (;;) {
      next = skipSpace(copyMember(next));
      if (load<u8>(next) != COMMA) break;
      next++;
    }
  }
  return expect(next, CLOSE_OBJECT, 'expected , or }');
}

/** Reads a field of the response. Only `Items` is written. */
function copyMember(from: usize): usize {
  const opening = skipSpace(from);
  if (load<u8>(opening) != QUOTE) fail('expected a name', opening);
  const value = expect(skipString(opening), COLON, 'expected :');
  return isItems(unescape(opening)) ? copyItems(value) : skipValue(value);
}

function isItems(name: usize): bool {
  return load<u32>(name + 1) == ITEM && load<u8>(name + 5) == LOWER_S && load<u8>(name + 6) == QUOTE;
}

function copyItems(from: usize): usize {
  if (itemCount >= 0) fail('a second "Items"', from);
  itemCount = 0;
  itemsAt = from;
  let next = skipSpace(expect(from, OPEN_ARRAY, 'expected an array'));
  if (load<u8>(next) != CLOSE_ARRAY) {
    for (;;) {
      const end = out;
      if (itemCount > 0) put(separator);
      next = skipSpace(copyItem(skipSpace(next)));
      if (itemCount++ >= atMost) writeTo(end);
      if (load<u8>(next) != COMMA) break;
      next++;
    }
  }
  itemsEnd = expect(next, CLOSE_ARRAY, 'expected , or ]');
  return itemsEnd;
}

function copyItem(from: usize): usize {
  const to = out;
  const end = copyMap(from, 0);
  if (isTyped) {
    writeTo(to);
    copyBytes(from, end);
  }
  return end;
}

/** Skips any value without validating it. The caller runs JSON.parse on everything but the items. */
function skipValue(from: usize): usize {
  let depth = 0;
  let next = from;
  do {
    next = skipSpace(next);
    const character = load<u8>(next);
    if (character == 0) fail('unexpected end', next);
    if (character == OPEN_OBJECT || character == OPEN_ARRAY) depth++;
    else if (character == CLOSE_OBJECT || character == CLOSE_ARRAY) depth--;
    next = character == QUOTE ? skipString(next) : next + 1;
  } while (depth > 0 || !isValueEnd(skipSpace(next)));
  return next;
}

function isValueEnd(from: usize): bool {
  const character = load<u8>(from);
  return character == COMMA || character == CLOSE_OBJECT || character == 0;
}
