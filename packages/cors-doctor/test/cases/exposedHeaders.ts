/** Cases for the response headers that a web page can read, from another origin and from its own. */
import type { Header } from '../../src/diagnosis';
import type { Case } from './case';
import { CREDENTIALS, ORIGIN } from './headerLines';

const READABLE: readonly Header[] = [
  ['X-One', '1'],
  ['X-Two', '2'],
  ['X-Two', '3'],
  ['ETag', '"a"'],
  ['Set-Cookie', 'a=b'],
  ['Content-Type', 'text/plain'],
  ['Content-Language', 'en'],
  ['Cache-Control', 'no-store'],
  ['Expires', '0'],
  ['Last-Modified', 'Thu, 01 Jan 1970 00:00:00 GMT'],
  ['Pragma', 'no-cache'],
];

const EXPOSED: readonly (readonly string[])[] = [
  [],
  ['X-One'],
  ['x-one, X-TWO'],
  ['X-One', 'X-Two'],
  ['*'],
  ['*, X-One'],
  ['Set-Cookie, X-One'],
  ['X-One;'],
  ['X-One X-Two'],
  ['"X-One"'],
  [',X-One,'],
  ['X-Absent'],
  ['X-*'],
  [''],
  ['ETag'],
];

export const EXPOSE_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap((credentials) =>
  EXPOSED.map((exposed): Case => ({
    name: `exposed ${exposed.length === 0 ? 'nothing' : JSON.stringify(exposed.join(' + '))}, credentials ${credentials}`,
    call: { credentials },
    places: [
      {
        response: {
          headers: [
            ORIGIN,
            CREDENTIALS,
            ...READABLE,
            ...exposed.map((value): Header => ['Access-Control-Expose-Headers', value]),
          ],
        },
      },
    ],
  })),
);

export const SAME_ORIGIN_CASES: readonly Case[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].flatMap(
  (method): Case[] => [
    {
      name: `same origin: ${method}`,
      to: 'page',
      call: { method, headers: [['X-A', '1']] },
      places: [{ preflight: { status: 404 }, response: { headers: READABLE } }],
    },
    {
      name: `same origin: ${method} with credentials, status 403`,
      to: 'page',
      call: { method, credentials: 'include' },
      places: [{ response: { status: 403 } }],
    },
  ],
);
