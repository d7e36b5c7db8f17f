/** Cases for the parts of a request. Some need a preflight, which these servers reject. */
import type { Header, PageCall } from '../../src/diagnosis';
import type { Case, Place } from './case';
import { ORIGIN } from './headerLines';

const SIMPLE_ONLY: Place = { preflight: { status: 404 }, response: { headers: [ORIGIN] } };

const long = (length: number) => 'a'.repeat(length);

/** Header values that need a preflight or not, depending on the rules for the header. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  'Content-Type': [
    'text/plain',
    'TEXT/Plain',
    'text/plain;charset=UTF-8',
    'text/plain ; charset=utf-8',
    ' text/plain ',
    'text/plain;',
    'text/plain;a',
    'text/plain; boundary="a"',
    'text/plain, application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=a',
    'application/json',
    'application/json; charset=utf-8',
    'application/x-amz-json-1.0',
    'text/csv',
    'text',
    '/plain',
    'text/',
    'text/plain/x',
    `text/plain;${long(117)}`,
    `text/plain;${long(118)}`,
  ],
  Accept: [
    '*/*',
    'application/json',
    'text/csv, */*;q=0.5',
    'a(b)',
    'a:b',
    'a{b}',
    'a"b"',
    'a<b',
    'a@b',
    'a[b',
    'a\\b',
    'a?b',
    '',
    long(128),
    long(129),
  ],
  'Accept-Language': ['de', 'de-DE,en;q=0.5', '*', 'de_DE', 'de/DE', "de'", '', long(128), long(129)],
  'Content-Language': ['en', 'en;q=1.0, *', 'en!', 'en:de'],
  Range: [
    'bytes=0-',
    'bytes=0-99',
    'bytes=5-5',
    'bytes=9-5',
    'bytes=-5',
    'bytes=0-1,5-6',
    'bytes= 0-1',
    'bytes=0 -1',
    'bytes=a-b',
    'rows=0-1',
    'bytes=',
    '',
  ],
  // Browsers drop these because web pages cannot set them.
  ...Object.fromEntries(
    'Accept-Charset Accept-Encoding Access-Control-Request-Headers Access-Control-Request-Method Connection Content-Length Cookie Cookie2 Date DNT Expect Host Keep-Alive Origin Referer TE Trailer Transfer-Encoding Upgrade Via Proxy-A Sec-A'
      .split(' ')
      .map((name) => [name, ['1']]),
  ),
  // Browsers send these, but they are not safelisted.
  ...Object.fromEntries(
    'X-A Cache-Control Pragma If-None-Match Authorization X-Requested-With Content-Encoding Last-Event-ID Proxy Sec'
      .split(' ')
      .map((name) => [name, ['1']]),
  ),
  'X-HTTP-Method-Override': ['PUT', 'TRACE', 'put, connect'],
  'X-Method-Override': ['track'],
  'X-HTTP-Method': ['GET'],
};

const VALUE_CASES = Object.entries(VALUES).flatMap(([name, values]) =>
  values.map((value): Case =>
    simple(`${name}: ${value.length > 40 ? `${value.length} bytes` : JSON.stringify(value)}`, {
      headers: [[name, value]],
    }),
  ),
);

/** Every safelisted header with the longest value that is still safelisted. */
const LONGEST_SAFELISTED_HEADERS: readonly Header[] = [
  ...['Accept', 'Accept-Language', 'Content-Language'].map((name): Header => [name, long(128)]),
  ['Content-Type', `text/plain;${long(117)}`],
  ['Range', `bytes=0-${'9'.repeat(18)}`],
];

const SENT_CASES: readonly Case[] = [
  simple('GET', {}),
  simple('HEAD', { method: 'HEAD' }),
  simple('POST with a text', { method: 'POST', body: 'a' }),
  simple('POST without a body', { method: 'POST' }),
  simple('POST with a text and a type', {
    method: 'POST',
    body: '{}',
    headers: [['Content-Type', 'application/json']],
  }),
  simple('every safelisted header with its maximum length', { headers: LONGEST_SAFELISTED_HEADERS }),
  simple('a repeated header that is short enough', {
    headers: [
      ['Accept', long(60)],
      ['Accept', long(60)],
    ],
  }),
  simple('a repeated header that is too long in total', {
    headers: [
      ['Accept', long(64)],
      ['Accept', long(64)],
    ],
  }),
  simple('PUT', { method: 'PUT' }),
  simple('a forbidden and an unsafe header', {
    headers: [
      ['Cookie', 'a'],
      ['X-A', '1'],
    ],
  }),
  simple('a method that fetch rejects', { method: 'TRACE' }),
  simple('a method that is not a token', { method: 'G ET' }),
  simple('a header name that is not a token', { headers: [['X A', '1']] }),
  simple('a header value with a line end', { headers: [['X-A', 'a\nb']] }),
  simple('GET with a body', { body: 'a' }),
  simple('post with a body', { method: 'post', body: 'a' }),
  { ...simple('a URL with user and password', {}), url: 'http://user:password@127.0.0.1/0/0' },
  { ...simple('a query', {}), search: '?a=b&c=d%20e#f' },
];

function simple(description: string, call: Partial<PageCall>): Case {
  return { name: `without a preflight: ${description}`, call, places: [SIMPLE_ONLY] };
}

/** Chromium safelists client hints as in a separate standard, and drops User-Agent. */
const BROWSER_HEADERS: Readonly<Record<string, readonly string[]>> = {
  'User-Agent': ['1', ''],
  DPR: ['2', '2.5', 'x', '', '-1', '1e3', '.5', '1.', '01', ' 2 '],
  'Device-Memory': ['0.5', '3', 'x', ''],
  Width: ['2', '2.5', 'x'],
  'Viewport-Width': ['2', '-2', ''],
  RTT: ['100', '1.5', 'x'],
  Downlink: ['1.5', 'x'],
  ECT: ['slow-2g', '2g', '3g', '4g', '5g', '4G', ''],
  'Save-Data': ['on', 'ON', 'off', ''],
  Intervention: ['x', ''],
  'Content-DPR': ['2'],
  'Sec-CH-UA': ['x'],
  Priority: ['u=1'],
  Purpose: ['prefetch'],
  'Upgrade-Insecure-Requests': ['1'],
};

export const BROWSER_HEADER_CASES: readonly Case[] = Object.entries(BROWSER_HEADERS).flatMap(
  ([name, values]) =>
    values.map((value) => simple(`${name}: ${JSON.stringify(value)}`, { headers: [[name, value]] })),
);

export const CALL_CASES: readonly Case[] = [...VALUE_CASES, ...SENT_CASES];
