/** The table that the benchmark prints, row by row as it comes. */

export interface Row {
  what: string;
  ours: string;
  theirs: string;
  /** Ours by theirs. */
  ratio: number;
  /** What the ratio is to be. */
  goal?: Goal;
}

export type Goal = readonly [comparison: '<=' | '>=', bound: number];

const WIDTHS = [46, 20, 34, 7, 14];

let missed = 0;

/** Prints a heading, and what the columns are. */
export function heading(title: string, ours = 'this project', theirs = 'baseline'): void {
  line(`\n${title}`, ours, theirs, 'ratio', 'goal');
}

/** Prints a measurement. */
export function row({ what, ours, theirs, ratio, goal }: Row): void {
  line(
    `  ${what}`,
    ours,
    theirs,
    ratio.toFixed(ratio < 0.1 ? 3 : 2),
    goal === undefined ? '' : verdict(ratio, goal),
  );
}

/** How many goals were missed. */
export function missedGoals(): number {
  return missed;
}

function verdict(ratio: number, [comparison, bound]: Goal): string {
  const isMet = comparison === '<=' ? ratio <= bound : ratio >= bound;
  if (!isMet) missed++;
  return `${comparison} ${Number(bound.toFixed(3))} ${isMet ? 'met' : 'MISSED'}`;
}

function line(...cells: string[]): void {
  const padded = cells.map((cell, at) => cell.padEnd(WIDTHS[at] ?? 0));
  process.stdout.write(`${padded.join(' ').trimEnd()}\n`);
}
