/** Finds the name that a user probably meant. No I/O. */
import { closest, distance } from 'fastest-levenshtein';

/** With more changed characters, the name is probably another one. */
const MAX_CHANGES = 3;

/** Longer names are not compared: the time grows with the product of both lengths. */
const MAX_COMPARED_CHARS = 100;

/** Returns the most similar candidate, or undefined if none is similar enough. Case, `-` and `_` do not count. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_COMPARED_CHARS || candidates.length === 0) return undefined;
  const plain = candidates.map(normalize);
  const wanted = normalize(name);
  const found = closest(wanted, plain);
  const changes = distance(wanted, found);
  return changes <= Math.min(MAX_CHANGES, wanted.length / 2) ? candidates[plain.indexOf(found)] : undefined;
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
