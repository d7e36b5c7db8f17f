/** Creates the places that redirects start from and lead to. */
import type { Header } from '../../src/diagnosis';
import type { Behavior, Place } from './case';
import { CREDENTIALS } from './headerLines';

/** Headers that allow the given origin, credentials, and every method and header of the cases. */
export function allowingHeaders(origin: string | undefined): Header[] {
  return [
    ...(origin === undefined ? [] : [['Access-Control-Allow-Origin', origin] as const]),
    CREDENTIALS,
    ['Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH'],
    ['Access-Control-Allow-Headers', 'X-A, Content-Type, Authorization'],
  ];
}

/** Creates a place that redirects. */
export function redirect(location: string, origin: string | undefined = '{origin}', status = 307): Place {
  const headers = allowingHeaders(origin);
  return { preflight: { headers }, response: { status, headers: [...headers, ['Location', location]] } };
}

/** Creates a place that allows an origin. */
export function place(origin: string | undefined, preflight?: Behavior): Place {
  return {
    preflight: preflight ?? { headers: allowingHeaders(origin) },
    response: { headers: allowingHeaders(origin) },
  };
}
