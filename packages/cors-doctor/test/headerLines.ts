/** Headers of a case: as lines, and as its name tells of them. */
import type { Header } from '../src/diagnosis';

/** What allows a call from the page, with credentials too. */
export const ORIGIN: Header = ['Access-Control-Allow-Origin', '{origin}'];
export const CREDENTIALS: Header = ['Access-Control-Allow-Credentials', 'true'];

/** One header on as many lines as it has values. */
export function lines(name: string, values: readonly string[]): Header[] {
  return values.map((value) => [name, value]);
}

/** The values of such lines in the name of a case. */
export function said(values: readonly string[]): string {
  return values.length === 0 ? 'nothing' : JSON.stringify(values.join(' + '));
}
