/** Writes the items. No output is longer than its DynamoDB JSON, so memory cannot run out. */

/** Size of a v128 in bytes. */
export const BLOCK: usize = 16;

/** Address of the next write. */
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

/** Copies bytes unchanged. May write up to one block too many, which the next write overwrites. */
export function copyBytes(from: usize, end: usize): void {
  let to = out;
  out = to + (end - from);
  for (let next = from; next < end; next += BLOCK, to += BLOCK) v128.store(to, v128.load(next));
}
