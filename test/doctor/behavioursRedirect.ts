/** Redirects of a request: where to, how often, and who may read each answer on the way. */
import type { Header, PageCall } from '../../doctor/diagnosis';
import type { Behaviour, Case, Place } from './behaviours';

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
const allow = (origin: string): Header => [ALLOW_ORIGIN, origin];
const CREDENTIALS: Header = ['Access-Control-Allow-Credentials', 'true'];

/** Allows whatever is asked, but for the origin, which is as given. */
function allowing(origin: string | undefined): Header[] {
  return [
    ...(origin === undefined ? [] : [allow(origin)]),
    CREDENTIALS,
    ['Access-Control-Allow-Methods', 'GET, POST, PUT, PATCH'],
    ['Access-Control-Allow-Headers', 'X-A, Content-Type, Authorization'],
  ];
}

function redirect(location: string, origin: string | undefined = '{origin}', status = 307): Place {
  const headers = allowing(origin);
  return { preflight: { headers }, answer: { status, headers: [...headers, ['Location', location]] } };
}

function place(origin: string | undefined, preflight?: Behaviour): Place {
  return { preflight: preflight ?? { headers: allowing(origin) }, answer: { headers: allowing(origin) } };
}

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

const LOCATIONS: Readonly<Record<string, readonly string[]>> = {
  'a relative URL': ['1'],
  'a URL without a scheme': ['//127.0.0.1:{port}{here}/1'],
  'a URL with blanks around it': [' {server}/1 '],
  'a URL with a blank in it': ['{server}/1?a b'],
  'an empty URL': [''],
  'one URL twice': ['{server}/1', '{server}/1'],
  'two URLs': ['{server}/1', '{third}/1'],
  'an empty URL and another': ['', '{server}/1'],
  'a URL in upper case': ['HTTP://127.0.0.1:{port}{here}/1'],
  'a query alone': ['?a=b'],
};

const LOCATION_CASES = Object.entries(LOCATIONS).map(([name, locations]): Case => {
  const headers = [...allowing('{origin}'), ...locations.map((location): Header => ['Location', location])];
  return { name: `redirected to ${name}`, places: [{ answer: { status: 302, headers } }, place('{origin}')] };
});

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

const FAULTS: readonly [name: string, call: Partial<PageCall>, ...places: Place[]][] = [
  ['by an answer that does not allow the origin', {}, redirect('{server}/1', ''), place('*')],
  ['by an answer that allows another origin', {}, redirect('{server}/1', 'https://example.com'), place('*')],
  ['to an answer that allows none', {}, redirect('{server}/1'), place(undefined)],
  ['to an answer that allows another origin', {}, redirect('{third}/1'), place('https://example.com')],
  ['to itself', {}, redirect('{server}/0')],
  ['to user and password', {}, redirect('http://user:password@127.0.0.1:{port}{here}/1'), place('*')],
  ['to a user', {}, redirect('http://user@127.0.0.1:{port}{here}/1'), place('*')],
  ['to ftp', {}, redirect('ftp://example.com/')],
  ['to data', {}, redirect('data:text/plain,a')],
  ['to mailto', {}, redirect('mailto:a@example.com')],
  ['to a file', {}, redirect('file:///etc/hostname')],
  ['to a WebSocket', {}, redirect('wss://example.com/')],
  ['to no URL', {}, redirect('http://[')],
  ['to a port that browsers block', {}, redirect('http://127.0.0.1:6000/')],
  ['to a fragment', {}, redirect('#a', '{origin}')],
  [
    'to a preflight that is refused',
    { headers: [['X-A', '1']] },
    redirect('{server}/1'),
    place('*', { status: 403, headers: allowing('*') }),
  ],
  [
    'to a preflight that redirects',
    { method: 'PUT' },
    redirect('{server}/1'),
    place('*', { status: 302, headers: [['Location', '/']] }),
  ],
  [
    'to a preflight that allows no method',
    { method: 'PUT' },
    redirect('{server}/1'),
    place('*', { headers: [allow('*')] }),
  ],
  ['to a preflight that allows no origin', { method: 'PUT' }, redirect('{server}/1'), place('*', {})],
  ['with 300, which is no redirect', {}, redirect('{server}/1', '{origin}', 300), place('*')],
  ['with 304, which is no redirect', {}, redirect('{server}/1', '{origin}', 304), place('*')],
];

const FAULT_CASES = FAULTS.map(([name, call, ...places]): Case => ({
  name: `redirected ${name}`,
  call,
  places,
}));

const FROM_PAGE_CASES: readonly Case[] = [
  {
    name: 'same origin, redirected to user and password at home',
    to: 'page',
    places: [redirect('{page}/1'), place(undefined)],
  },
  {
    name: 'same origin, redirected to an answer that allows none',
    to: 'page',
    places: [redirect('{server}/1', undefined), place(undefined)],
  },
  {
    name: 'same origin, redirected without any CORS header',
    to: 'page',
    places: [redirect('{server}/1', undefined), place('{origin}')],
  },
];

const SANDBOXED_HOME_CASES = ['null', '{page}'].map((allowed): Case => ({
  name: `a sandboxed page calls home, which allows ${allowed}`,
  page: 'sandboxed',
  to: 'page',
  places: [place(allowed)],
}));

const SANDBOXED_CASES = ['null', '*', '{page}'].map((last): Case => ({
  name: `a sandboxed page, redirected, the last allows ${last}`,
  page: 'sandboxed',
  places: [redirect('{third}/1', 'null'), place(last)],
}));

const COUNT_CASES = [20, 21].map((count): Case => ({
  name: `redirected ${count} times`,
  places: [
    ...Array.from({ length: count }, (_, index) => redirect(`{server}/${index + 1}`)),
    place('{origin}'),
  ],
}));

export const REDIRECT_CASES: readonly Case[] = [
  ...WAY_CASES,
  ...STATUS_CASES,
  ...BODY_CASES,
  ...LOCATION_CASES,
  ...FAULT_CASES,
  ...FROM_PAGE_CASES,
  ...SANDBOXED_CASES,
  ...SANDBOXED_HOME_CASES,
  ...COUNT_CASES,
];
