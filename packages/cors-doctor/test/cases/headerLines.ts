/** Formats the headers of a case as header lines and for its name. */
import type { Header } from '../../src/diagnosis';

/** These headers allow a request from the web page, with credentials too. */
export const ORIGIN: Header = ['Access-Control-Allow-Origin', '{origin}'];
export const CREDENTIALS: Header = ['Access-Control-Allow-Credentials', 'true'];

/** Returns one header line per value. */
export function lines(name: string, values: readonly string[]): Header[] {
  return values.map((value) => [name, value]);
}

/** Formats the values for the name of a case. */
export function describeValues(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : JSON.stringify(values.join(' + '));
}
