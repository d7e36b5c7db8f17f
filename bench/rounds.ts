/** How often the benchmark repeats its measurements. */

/** With `--quick` each measurement runs once and no goal is judged: CI checks that the benchmark works. */
export const IS_QUICK = process.argv.includes('--quick');

/** Returns the number of rounds, or one in a quick run. */
export function rounds(count: number): number {
  return IS_QUICK ? 1 : count;
}
