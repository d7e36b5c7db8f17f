/** Redirects of a request: which way, by which status, and who may read each answer on the way. */
import type { PageCall } from '../src/diagnosis';
import type { Case } from './behaviours';
import { place, redirect } from './redirectPlaces';

const CALLS: Readonly<Record<string, Partial<PageCall>>> = {
  GET: {},
  'GET with credentials': { credentials: 'include' },
  'GET with a header': { headers: [['X-A', '1']] },
  'POST of JSON': { method: 'POST', body: '{}', headers: [['Content-Type', 'application/json']] },
  'PATCH with Authorization': { method: 'PATCH', headers: [['Authorization', 'a']] },
};

/** Each way from the first server to the last, with the origin that the last must allow. */
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
  Object.entries(CALLS).flatMap(([what, call]) =>
    ['{origin}', 'null', '*'].map((last): Case => {
      // On the way each allows both by turns: the first the page, and after it whatever is asked last.
      const hops = locations.map((location, index) => redirect(location, index === 0 ? '{origin}' : last));
      return {
        name: `${what}, redirected ${way}, the last allows ${last}`,
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

/** With its body, a request loses what tells of it: then it may need no preflight any more. */
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
