/** Places that redirects start from and lead to. */
import type { Header } from '../src/diagnosis';
import type { Behaviour, Place } from './behaviours';
import { CREDENTIALS } from './headerLines';

/** Allows whatever is asked, but for the origin, which is as given. */
export function allowing(origin: string | undefined): Header[] {
  return [
    ...(origin === undefined ? [] : [['Access-Control-Allow-Origin', origin] as const]),
    CREDENTIALS,
    ['Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH'],
    ['Access-Control-Allow-Headers', 'X-A, Content-Type, Authorization'],
  ];
}

export function redirect(location: string, origin: string | undefined = '{origin}', status = 307): Place {
  const headers = allowing(origin);
  return { preflight: { headers }, answer: { status, headers: [...headers, ['Location', location]] } };
}

export function place(origin: string | undefined, preflight?: Behaviour): Place {
  return { preflight: preflight ?? { headers: allowing(origin) }, answer: { headers: allowing(origin) } };
}
