/** What the doctor has to say beyond the verdict: what causes it, and what ends it. */

/** How to end it: words that say where, and the lines to write there. */
interface Mend {
  words: string;
  lines: readonly string[];
}

export interface Finding {
  /** In kebab case. */
  name: string;
  /** `error`: the browser refuses for it. `warning`: it will, in some cases. `note`: good to know. */
  severity: 'error' | 'warning' | 'note';
  cause: string;
  mend: Mend;
}

/** A finding whose mend has lines, if any, after its words. */
export function finding(
  name: string,
  severity: Finding['severity'],
  cause: string,
  words: string,
  lines: readonly string[] = [],
): Finding {
  return { name, severity, cause, mend: { words, lines } };
}
