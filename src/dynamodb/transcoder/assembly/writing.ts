/** Where the records are written. No form is longer than DynamoDB JSON, so that there is always room. */

/** Bytes of a v128. */
export const BLOCK: usize = 16;

/** The address that is written next. */
export let out: usize = 0;

export function writeTo(address: usize): void {
  out = address;
}

export function put(character: u8): void {
  const to = out;
  store<u8>(to, character);
  out = to + 1;
}

/** Writes four characters. */
export function putWord(word: u32): void {
  const to = out;
  store<u32>(to, word);
  out = to + 4;
}

/** Copies bytes as they are; up to a block more than wanted, which the next writing covers. */
export function copyBytes(from: usize, end: usize): void {
  let to = out;
  out = to + (end - from);
  for (let next = from; next < end; next += BLOCK, to += BLOCK) v128.store(to, v128.load(next));
}
