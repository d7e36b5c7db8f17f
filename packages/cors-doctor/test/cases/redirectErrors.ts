/** Cases for redirects with unusual locations, and for redirects that browsers do not follow. */
import type { Header, PageCall } from '../../src/diagnosis';
import type { Case, Place } from './case';
import { allowingHeaders, place, redirect } from './redirectPlaces';

const LOCATIONS: Readonly<Record<string, readonly string[]>> = {
  'a relative URL': ['1'],
  'a URL without a scheme': ['//127.0.0.1:{port}{here}/1'],
  'a URL with spaces around it': [' {server}/1 '],
  'a URL that contains a space': ['{server}/1?a b'],
  'an empty URL': [''],
  'a repeated URL': ['{server}/1', '{server}/1'],
  'two URLs': ['{server}/1', '{third}/1'],
  'an empty URL and another': ['', '{server}/1'],
  'a URL in upper case': ['HTTP://127.0.0.1:{port}{here}/1'],
  'only a query': ['?a=b'],
};

const LOCATION_CASES = Object.entries(LOCATIONS).map(([name, locations]): Case => {
  const headers = [
    ...allowingHeaders('{origin}'),
    ...locations.map((location): Header => ['Location', location]),
  ];
  return {
    name: `redirected to ${name}`,
    places: [{ response: { status: 302, headers } }, place('{origin}')],
  };
});

const FAILURES: readonly [name: string, call: Partial<PageCall>, ...places: Place[]][] = [
  ['by a response that does not allow the origin', {}, redirect('{server}/1', ''), place('*')],
  ['by a response that allows another origin', {}, redirect('{server}/1', 'https://example.com'), place('*')],
  ['to a response that allows no origin', {}, redirect('{server}/1'), place(undefined)],
  ['to a response that allows another origin', {}, redirect('{third}/1'), place('https://example.com')],
  ['to itself', {}, redirect('{server}/0')],
  ['to user and password', {}, redirect('http://user:password@127.0.0.1:{port}{here}/1'), place('*')],
  ['to a user', {}, redirect('http://user@127.0.0.1:{port}{here}/1'), place('*')],
  ['to ftp', {}, redirect('ftp://example.com/')],
  ['to data', {}, redirect('data:text/plain,a')],
  ['to mailto', {}, redirect('mailto:a@example.com')],
  ['to a file', {}, redirect('file:///etc/hostname')],
  ['to a WebSocket', {}, redirect('wss://example.com/')],
  ['to an invalid URL', {}, redirect('http://[')],
  ['to a port that browsers block', {}, redirect('http://127.0.0.1:6000/')],
  ['to a fragment', {}, redirect('#a', '{origin}')],
  [
    'to a preflight that is rejected',
    { headers: [['X-A', '1']] },
    redirect('{server}/1'),
    place('*', { status: 403, headers: allowingHeaders('*') }),
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
    place('*', { headers: [['Access-Control-Allow-Origin', '*']] }),
  ],
  ['to a preflight that allows no origin', { method: 'PUT' }, redirect('{server}/1'), place('*', {})],
  ['with 300, which is not a redirect', {}, redirect('{server}/1', '{origin}', 300), place('*')],
  ['with 304, which is not a redirect', {}, redirect('{server}/1', '{origin}', 304), place('*')],
];

const FAILURE_CASES = FAILURES.map(([name, call, ...places]): Case => ({
  name: `redirected ${name}`,
  call,
  places,
}));

const FROM_PAGE_CASES: readonly Case[] = [
  {
    name: 'same origin, redirected to user and password on its own origin',
    to: 'page',
    places: [redirect('{page}/1'), place(undefined)],
  },
  {
    name: 'same origin, redirected to a response that allows no origin',
    to: 'page',
    places: [redirect('{server}/1', undefined), place(undefined)],
  },
  {
    name: 'same origin, redirected without any CORS header',
    to: 'page',
    places: [redirect('{server}/1', undefined), place('{origin}')],
  },
];

const SANDBOXED_SAME_SERVER_CASES = ['null', '{page}'].map((allowed): Case => ({
  name: `a sandboxed page calls its own server, which allows ${allowed}`,
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

export const REDIRECT_ERROR_CASES: readonly Case[] = [
  ...LOCATION_CASES,
  ...FAILURE_CASES,
  ...FROM_PAGE_CASES,
  ...SANDBOXED_CASES,
  ...SANDBOXED_SAME_SERVER_CASES,
  ...COUNT_CASES,
];
