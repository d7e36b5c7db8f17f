/** Finds the name that a user probably meant. No I/O. */
import { closest, distance } from 'fastest-levenshtein';

/** With more changed characters, the name is probably another one. */
const MAX_CHANGES = 3;

/** Longer names are not compared: the time grows with the product of both lengths. */
const MAX_COMPARED_CHARS = 100;

/** Returns the most similar candidate, or undefined if none is similar enough. Case, `-` and `_` do not count. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  if (name.length > MAX_COMPARED_CHARS) return undefined;
  const wanted = normalize(name);
  const maxChanges = Math.min(MAX_CHANGES, wanted.length / 2);
  const similar = candidates.filter(
    (candidate) => Math.abs(normalize(candidate).length - wanted.length) <= maxChanges,
  );
  if (similar.length === 0) return undefined;
  const plain = similar.map(normalize);
  const found = closest(wanted, plain);
  return distance(wanted, found) <= maxChanges ? similar[plain.indexOf(found)] : undefined;
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
