/** The headers that each browser adds. Chromium's are compared with the browser itself in chromium.test.ts. */
import type { Header, PageCall } from '../src/diagnosis';
import { firstRequest } from '../src/verdict/browserRequest';
import { preflightOf, requestOf } from '../src/verdict/outgoing';

const CALL: PageCall = {
  url: 'https://api.example.com/items',
  origin: 'https://app.example.com',
  method: 'POST',
  headers: [['Content-Type', 'application/json']],
  body: '{}',
  credentials: 'omit',
  reads: [],
};

function namesOf(headers: readonly Header[]): string {
  return headers.map(([name]) => name).join(' ');
}

function valueOf(headers: readonly Header[], name: string): string | undefined {
  return headers.find(([own]) => own === name)?.[1];
}

it.each([
  [
    'chromium',
    'Accept Access-Control-Request-Method Access-Control-Request-Headers Origin User-Agent Sec-Fetch-Mode Sec-Fetch-Site Sec-Fetch-Dest Referer Accept-Encoding Accept-Language',
    'sec-ch-ua-platform User-Agent sec-ch-ua Content-Type sec-ch-ua-mobile Accept Origin Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest Referer Accept-Encoding Accept-Language',
  ],
  [
    'firefox',
    'User-Agent Accept Accept-Language Accept-Encoding Access-Control-Request-Method Access-Control-Request-Headers Referer Origin Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Priority',
    'User-Agent Accept Accept-Language Accept-Encoding Referer Content-Type Origin Sec-Fetch-Dest Sec-Fetch-Mode Sec-Fetch-Site Priority',
  ],
  [
    'safari',
    'Access-Control-Request-Method Access-Control-Request-Headers Accept Origin Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest User-Agent Referer Accept-Language Priority Accept-Encoding',
    'Content-Type Accept Origin Sec-Fetch-Site Sec-Fetch-Mode Sec-Fetch-Dest User-Agent Referer Accept-Language Priority Accept-Encoding',
  ],
] as const)('%s has its own headers in its own order', (browser, preflight, request) => {
  const first = firstRequest({ ...CALL, browser });
  expect(namesOf(preflightOf(first).headers)).toBe(preflight);
  expect(namesOf(requestOf(first).headers)).toBe(request);
});

it.each<[string, Partial<PageCall>, string, string | undefined]>([
  ['the origin to another origin', {}, 'Referer', 'https://app.example.com/'],
  ['nothing from https to http', { url: 'http://localhost/' }, 'Referer', undefined],
  ['nothing of a sandboxed web page', { origin: 'null' }, 'Referer', undefined],
  ['nothing of an app', { origin: 'capacitor://localhost' }, 'Referer', undefined],
  ['the site', {}, 'Sec-Fetch-Site', 'same-site'],
  [
    'no metadata without a secure connection',
    { url: 'http://api.example.com/' },
    'Sec-Fetch-Site',
    undefined,
  ],
  ['metadata to this machine', { url: 'http://localhost:3000/' }, 'Sec-Fetch-Site', 'cross-site'],
  ['every compression', {}, 'Accept-Encoding', 'gzip, deflate, br, zstd'],
  ['old compressions without TLS', { url: 'http://api.example.com/' }, 'Accept-Encoding', 'gzip, deflate'],
  ['no compression of a range', { headers: [['Range', 'bytes=0-1']] }, 'Accept-Encoding', 'identity'],
  ['the value of the web page', { headers: [['Accept', 'text/csv']] }, 'Accept', 'text/csv'],
  ['max-age for a condition', { headers: [['If-None-Match', '"a"']] }, 'Cache-Control', 'max-age=0'],
])('sends %s', (_, call, name, value) => {
  expect(valueOf(requestOf(firstRequest({ ...CALL, ...call })).headers, name)).toBe(value);
});

it('sends each header once, and the value of the web page', () => {
  const headers: Header[] = [
    ['accept', 'text/csv'],
    ['accept-language', 'de'],
  ];
  const names = namesOf(requestOf(firstRequest({ ...CALL, headers })).headers)
    .toLowerCase()
    .split(' ');
  expect(names.filter((name) => name.startsWith('accept'))).toEqual([
    'accept',
    'accept-language',
    'accept-encoding',
  ]);
});
