/** Cases for redirects: the servers on the way, the status, and the origins that each response allows. */
import type { PageCall } from '../../src/diagnosis';
import type { Case } from './case';
import { place, redirect } from './redirectPlaces';

const CALLS: Readonly<Record<string, Partial<PageCall>>> = {
  GET: {},
  'GET with credentials': { credentials: 'include' },
  'GET with a header': { headers: [['X-A', '1']] },
  'POST of JSON': { method: 'POST', body: '{}', headers: [['Content-Type', 'application/json']] },
  'PATCH with Authorization': { method: 'PATCH', headers: [['Authorization', 'a']] },
};

/** The first server of each way, and the locations of its redirects. */
const WAYS: Readonly<Record<string, readonly [to: NonNullable<Case['to']>, ...locations: string[]]>> = {
  'within the server': ['server', '{here}/1'],
  'server to third': ['server', '{third}/1'],
  'server to page': ['server', '{page}/1'],
  'page to server': ['page', '{server}/1'],
  'page to page': ['page', '{page}/1'],
  'server to third to server': ['server', '{third}/1', '{server}/2'],
  'server to server to third': ['server', '{server}/1', '{third}/2'],
  'page to server to third': ['page', '{server}/1', '{third}/2'],
  'page to server to page': ['page', '{server}/1', '{page}/2'],
};

const WAY_CASES = Object.entries(WAYS).flatMap(([way, [to, ...locations]]) =>
  Object.entries(CALLS).flatMap(([description, call]) =>
    ['{origin}', 'null', '*'].map((last): Case => {
      // The first server allows the web page. All later ones allow the same origin as the last.
      const hops = locations.map((location, index) => redirect(location, index === 0 ? '{origin}' : last));
      return {
        name: `${description}, redirected ${way}, the last allows ${last}`,
        to,
        call,
        places: [...hops, place(last)],
      };
    }),
  ),
);

const STATUS_CASES = [301, 302, 303, 307, 308].flatMap((status) =>
  ['GET', 'POST', 'PUT', 'PATCH', 'HEAD'].flatMap((method) =>
    ['{server}/1', '{third}/1'].map((location): Case => {
      const last = location === '{server}/1' ? '{origin}' : 'null';
      return {
        name: `${method} redirected by ${status} to ${location}`,
        call: { method, headers: [['X-A', '1']] },
        places: [redirect(location, '{origin}', status), place(last)],
      };
    }),
  ),
);

/** A redirect that drops the body also drops Content-Type, so the next request may need no preflight. */
const BODY_CASES = [301, 302, 303, 307, 308].flatMap((status) =>
  ['POST', 'PUT'].flatMap((method) =>
    ['{server}/1', '{third}/1'].map((location): Case => ({
      name: `${method} of JSON redirected by ${status} to ${location}`,
      call: {
        method,
        body: '{}',
        headers: [
          ['Content-Type', 'application/json'],
          ['Content-Language', 'en'],
        ],
      },
      places: [redirect(location, '{origin}', status), place('*')],
    })),
  ),
);

export const REDIRECT_CASES: readonly Case[] = [...WAY_CASES, ...STATUS_CASES, ...BODY_CASES];
