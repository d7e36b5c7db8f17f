/** Numbers as people read them. */

const COUNT = new Intl.NumberFormat('en-US');
const UNITS = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 });
const SHORT = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 4 });

export const formatCount = (count: number) => COUNT.format(count);
export const formatUnits = (units: number) => UNITS.format(units);
export const formatShort = (value: number) => SHORT.format(value);

/** `1 item`, `1,707 items`. */
export function plural(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
