/** Sorts numbers and times into bins of equal width with round limits. No I/O. */

export interface Histogram {
  /** The lower limit of the first bin. Times are milliseconds since 1970. */
  from: number;
  /** The width of a bin. */
  step: number;
  /** Values per bin. */
  counts: number[];
  total: number;
  min: number;
  max: number;
  median: number;
}

const MAX_BINS = 40;

const SECOND = 1000;
const DAY = 86_400 * SECOND;
const TIME_STEPS = [
  ...[1, 5, 15, 60, 300, 900, 3600, 10_800, 21_600, 43_200].map((seconds) => seconds * SECOND),
  ...[1, 2, 7, 14, 30, 91, 182, 365, 730, 3650].map((days) => days * DAY),
];

/** Returns undefined if there are no values. */
export function binNumbers(values: readonly number[]): Histogram | undefined {
  const sorted = Float64Array.from(values.filter(Number.isFinite)).sort();
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  return histogram(sorted, roundStep(range / MAX_BINS));
}

/** @param times milliseconds since 1970. */
export function binTimes(times: readonly number[]): Histogram | undefined {
  const sorted = Float64Array.from(times).sort();
  const range = (sorted.at(-1) ?? 0) - (sorted[0] ?? 0);
  return histogram(
    sorted,
    TIME_STEPS.find((step) => range / step <= MAX_BINS) ?? roundStep(range / MAX_BINS),
  );
}

function histogram(sorted: Float64Array, step: number): Histogram | undefined {
  const [min, max] = [sorted[0], sorted.at(-1)];
  if (min === undefined || max === undefined) return undefined;
  const first = Math.floor(min / step);
  const counts = new Array<number>(Math.floor(max / step) - first + 1).fill(0);
  for (const value of sorted) {
    const bin = Math.min(counts.length - 1, Math.floor(value / step) - first);
    counts[bin] = (counts[bin] ?? 0) + 1;
  }
  const median = sorted[Math.floor(sorted.length / 2)] ?? min;
  return { from: first * step, step, counts, total: sorted.length, min, max, median };
}

/** 1, 2 or 5 times a power of ten, at least `step`. */
function roundStep(step: number): number {
  if (step <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(step));
  const factor = [1, 2, 5].find((one) => one * power >= step) ?? 10;
  return factor * power;
}
