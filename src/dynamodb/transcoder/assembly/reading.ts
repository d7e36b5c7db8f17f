/**
 * Reads JSON syntax. Each function takes the start address and returns the address after the bytes that it
 * read, because an address in a local variable is twice as fast as one in a global variable.
 */
import { CARRIAGE_RETURN, LINE_FEED, SPACE, TAB } from './ascii';

/** After an error: the address of the invalid input. */
export let errorAt: usize = 0;

/** Aborts the transcoding with an error. */
export function fail(what: string, from: usize): void {
  errorAt = from;
  throw new Error(what);
}

/** Returns the address of the next character that is not white space. */
export function skipSpace(from: usize): usize {
  return load<u8>(from) > SPACE ? from : spaceEnd(from);
}

/** Reads one character and the white space before it. Fails with the message `otherwise`. */
export function expect(from: usize, character: u8, otherwise: string): usize {
  return load<u8>(from) == character ? from + 1 : expectAfterSpace(from, character, otherwise);
}

function expectAfterSpace(from: usize, character: u8, otherwise: string): usize {
  const next = spaceEnd(from);
  if (load<u8>(next) != character) fail(otherwise, next);
  return next + 1;
}

function spaceEnd(from: usize): usize {
  let end = from;
  while (isSpace(load<u8>(end))) end++;
  return end;
}

function isSpace(character: u8): bool {
  return character == SPACE || character == LINE_FEED || character == CARRIAGE_RETURN || character == TAB;
}
