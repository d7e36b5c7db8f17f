/** Prints the benchmark's results as a table, row by row while it runs. */

export interface Row {
  label: string;
  /** Result of this project, with its unit. */
  ours: string;
  /** Result of the baseline, with its unit. */
  theirs: string;
  /** The project's result divided by the baseline's. */
  ratio: number;
  /** The range in which the ratio should be. */
  goal?: Goal;
}

/** A row that was printed, for the chart. */
export interface Measurement {
  label: string;
  ratio: number;
  /** Name of the baseline's column. */
  baseline: string;
}

export type Goal = readonly [comparison: '<=' | '>=', bound: number];

const COLUMN_WIDTHS = [46, 26, 26, 7, 14];

let missedCount = 0;
let baseline = '';
const measurements: Measurement[] = [];

/** Prints the heading of a section and the names of its columns. */
export function heading(title: string, ours = 'this project', theirs = 'baseline'): void {
  baseline = theirs;
  printLine(`\n${title}`, ours, theirs, 'ratio', 'goal');
}

/** Prints a measurement. */
export function row({ label, ours, theirs, ratio, goal }: Row): void {
  measurements.push({ label, ratio, baseline });
  printLine(
    `  ${label}`,
    ours,
    theirs,
    ratio.toFixed(ratio < 0.1 ? 3 : 2),
    goal === undefined ? '' : goalText(ratio, goal),
  );
}

/** Returns the rows printed so far. */
export function printedMeasurements(): readonly Measurement[] {
  return [...measurements];
}

/** Returns the number of goals that were missed. */
export function missedGoals(): number {
  return missedCount;
}

function goalText(ratio: number, [comparison, bound]: Goal): string {
  const isMet = comparison === '<=' ? ratio <= bound : ratio >= bound;
  if (!isMet) missedCount++;
  return `${comparison} ${Number(bound.toFixed(3))} ${isMet ? 'met' : 'MISSED'}`;
}

function printLine(...cells: string[]): void {
  const padded = cells.map((cell, index) => cell.padEnd(COLUMN_WIDTHS[index] ?? 0));
  process.stdout.write(`${padded.join(' ').trimEnd()}\n`);
}
