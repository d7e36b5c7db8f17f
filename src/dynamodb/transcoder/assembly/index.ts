/**
 * The answer to Scan, from DynamoDB JSON to plain JSON, in one pass over its bytes: no objects are
 * built, and each number, string and name is copied as DynamoDB wrote it.
 *
 * In memory are the answer, zeros that no JSON goes on with, so that reading ends there at the latest,
 * and the records.
 */
import { CLOSE_ARRAY, CLOSE_OBJECT, COLON, COMMA, OPEN_ARRAY, OPEN_OBJECT, QUOTE } from './ascii';
import { copyMap } from './attributeValue';
import { keepQuotes } from './numeral';
import { errorAt, expect, fail, skipSpace } from './reading';
import { skipString, unescape } from './text';
import { copyBytes, out, put, writeTo } from './writing';

export { errorAt };

/** The answer begins where the compiler's constants end. */
export const answerAt: usize = (__heap_base + 15) & ~15;

/** More bytes than any step reads or writes ahead. */
const MARGIN: usize = 64;

/** The bytes of a page of WebAssembly's memory are 2 to this. */
const PAGE_BITS = 16;

/** `Items`, in parts of four bytes and one. */
const ITEM: u32 = 0x6d657449;
const LOWER_S: u8 = 0x73;

/** How many records the answer has; -1 where it has no `Items`. */
export let itemCount: i32 = -1;

/** Where the value of `Items` begins and ends. */
export let itemsAt: usize = 0;
export let itemsEnd: usize = 0;

/** Where the records begin and end that have been written. */
export let recordsAt: usize = 0;
export let recordsEnd: usize = 0;

let isTyped: bool = false;
let separator: u8 = COMMA;
let atMost: i32 = i32.MAX_VALUE;

/** Makes room for an answer of so many bytes, and its records. */
export function reserve(length: usize): void {
  const end = <u64>answerAt + 2 * (<u64>length + MARGIN);
  const missing = <i32>(end >> PAGE_BITS) + 1 - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) fail('more bytes than there is memory for', answerAt);
}

/**
 * Transcodes the answer of so many bytes that has been put in its place.
 *
 * @param typed Records stay in DynamoDB JSON, once they are found to be it.
 * @param quotes Numbers keep their quotes.
 * @param between Stands between two records.
 * @param most So many records are written; all are read.
 */
export function transcode(length: usize, typed: bool, quotes: bool, between: u8, most: i32): void {
  const end = answerAt + length;
  memory.fill(end, 0, MARGIN);
  isTyped = typed;
  keepQuotes(quotes);
  separator = between;
  atMost = most;
  itemCount = -1;
  recordsAt = end + MARGIN;
  writeTo(recordsAt);
  const last = skipSpace(copyAnswer());
  if (last != end) fail('more after its end', last);
  recordsEnd = out;
}

function copyAnswer(): usize {
  let next = skipSpace(expect(answerAt, OPEN_OBJECT, 'a missing object'));
  if (load<u8>(next) != CLOSE_OBJECT) {
    for (;;) {
      next = skipSpace(copyMember(next));
      if (load<u8>(next) != COMMA) break;
      next++;
    }
  }
  return expect(next, CLOSE_OBJECT, 'a missing comma');
}

/** Of the members only `Items` is written. */
function copyMember(from: usize): usize {
  const opening = skipSpace(from);
  if (load<u8>(opening) != QUOTE) fail('a missing name', opening);
  const value = expect(skipString(opening), COLON, 'a missing colon');
  return isItems(unescape(opening)) ? copyItems(value) : skipValue(value);
}

function isItems(name: usize): bool {
  return load<u32>(name + 1) == ITEM && load<u8>(name + 5) == LOWER_S && load<u8>(name + 6) == QUOTE;
}

function copyItems(from: usize): usize {
  if (itemCount >= 0) fail('a second "Items"', from);
  itemCount = 0;
  itemsAt = from;
  let next = skipSpace(expect(from, OPEN_ARRAY, 'a missing array'));
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
  itemsEnd = expect(next, CLOSE_ARRAY, 'a missing comma');
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

/** Reads any value. Whether it is one, JSON.parse is to say: nothing but the ends of strings matters here. */
function skipValue(from: usize): usize {
  let depth = 0;
  let next = from;
  do {
    next = skipSpace(next);
    const character = load<u8>(next);
    if (character == 0) fail('an end too soon', next);
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
