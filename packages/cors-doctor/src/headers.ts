/** Headers of an answer, read as the Fetch standard reads them. */
import type { Header, Received } from './diagnosis';

export type Answer = Extract<Received, { kind: 'answer' }>;

/** All values of a header, joined; undefined where there is none. */
export function headerOf({ headers }: { headers: readonly Header[] }, name: string): string | undefined {
  const values = headers.filter(([own]) => own.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

/** Whether a list, such as Vary's, has a name in it. */
export function listed(list: string | undefined, name: string): boolean {
  return (list ?? '').split(',').some((item) => item.trim().toLowerCase() === name.toLowerCase());
}

export const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
