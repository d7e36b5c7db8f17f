/** Makes log lines safe to show: on a terminal, control characters can hide or forge text. */

/** C1 controls, DEL, line and paragraph separators, and marks that change the direction of text. */
const UNSAFE = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/**
 * Replaces such characters in a JSON line by their visible escape, `\u009b`. JSON itself escapes the other controls.
 *
 * A hook of pino, which calls it for each line.
 */
export function escapeLine(line: string): string {
  return line.replace(UNSAFE, (unit) => `\\\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
