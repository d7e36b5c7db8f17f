/** Cases for header lines that are not valid: line ends, folding, characters, repeated headers, many headers. */
import type { Case } from './case';
import { ALLOWING_LINES, rawCase, rawCases, rawResponse } from './rawResponse';

const OK = 'HTTP/1.1 200 OK';

const ALLOWING = rawResponse([OK, 'X-A: 1', ...ALLOWING_LINES, 'X-B: 2'], 'body');

const LINE_ENDS: Readonly<Record<string, string>> = {
  'LF only': ALLOWING.replaceAll('\r\n', '\n'),
  'CR only': ALLOWING.replaceAll('\r\n', '\r'),
  'LF CR': ALLOWING.replaceAll('\r\n', '\n\r'),
  'CR CR LF': ALLOWING.replaceAll('\r\n', '\r\r\n'),
  'LF after the status line': ALLOWING.replace('\r\n', '\n'),
  'LF before the body': ALLOWING.replace('\r\n\r\n', '\r\n\n'),
  'LF before CRLF': ALLOWING.replace('\r\n\r\n', '\n\r\n'),
  'an empty line after the status line': ALLOWING.replace('\r\n', '\r\n\r\n'),
  'an empty line of CR after the status line': ALLOWING.replace('\r\n', '\r\n\r'),
  'a line of spaces before the body': ALLOWING.replace('\r\n\r\n', '\r\n  \r\n\r\n'),
  'LF in an otherwise valid response': ALLOWING.replace('X-A: 1\r\n', 'X-A: 1\n'),
};

const LINE_END_CASES = Object.entries(LINE_ENDS).flatMap(([name, raw]) =>
  rawCases(`lines end with ${name}`, raw),
);

/** Lines around the allowed origin. */
const FOLDED: readonly (readonly string[])[] = [
  ['Access-Control-Allow-Origin:', ' {origin}'],
  ['Access-Control-Allow-Origin:', '\t{origin}'],
  ['Access-Control-Allow-Origin:', '', ' {origin}'],
  ['Access-Control-Allow-Origin:', ' ', '  {origin}', ' '],
  ['Access-Control-Allow-Origin: {origin}', ' '],
  ['Access-Control-Allow-Origin: {origin}', ' x'],
  ['Access-Control-Allow-Origin: {origin}', '\tX-A: 1'],
  ['Access-Control-Allow-Origin', ' : {origin}'],
  [' Access-Control-Allow-Origin: {origin}'],
  ['\tAccess-Control-Allow-Origin: {origin}'],
  [' x', 'Access-Control-Allow-Origin: {origin}'],
  ['no header', ' Access-Control-Allow-Origin: {origin}'],
  ['no header', ' x', 'Access-Control-Allow-Origin: {origin}'],
  [': empty', ' Access-Control-Allow-Origin: {origin}'],
  ['X-A: 1', ' 2', '\t\t3', 'Access-Control-Allow-Origin: {origin}'],
  ['X A: 1', ' 2', 'Access-Control-Allow-Origin: {origin}'],
  ['X-A: 1', ' Access-Control-Allow-Origin: {origin}'],
];

const FOLDED_CASES = FOLDED.flatMap((lines) =>
  rawCases(
    `the lines ${JSON.stringify(lines)}`,
    rawResponse([OK, ...lines, 'Access-Control-Expose-Headers: *', 'Access-Control-Allow-Methods: PUT']),
  ),
);

/** Header lines beside those that allow the request. */
const LINES = [
  'no colon',
  ': no name',
  ' : no name',
  'X-A : 1',
  'X-A\t: 1',
  'X A: 1',
  'X(A): 1',
  'X-\xc4: 1',
  '"X-A": 1',
  'X-A:1',
  'X-A:',
  'X-A: \t1 \t',
  'X-A: a\rb',
  'X-A: a\r b',
  'X-A: a\0b',
  'X\0-A: 1',
  'X-A: \xe4\xf6',
  'X-A: \xc3\xa4',
  'X-A: \x01\x1f\x7f',
  'X-A:: 1',
  'HTTP/1.1 500 Error',
  'X-A: 1, X-B: 2',
];

const LINE_CASES = LINES.flatMap((line) =>
  rawCases(`the header line ${JSON.stringify(line)}`, rawResponse([OK, line, ...ALLOWING_LINES])),
);

/** Characters around the origin. Browsers remove only spaces and tabs. */
const CHARACTERS = '\0\x01\t\v\f\r\x1f "#\x7f\x85\xa0\xff'.split('');

const CHARACTER_CASES = CHARACTERS.flatMap((character) => {
  const line = (value: string) =>
    rawResponse([OK, `Access-Control-Allow-Origin: ${value}`, 'Access-Control-Expose-Headers: *']);
  return [
    rawCase(`${JSON.stringify(character)} before the origin`, line(`${character}{origin}`)),
    rawCase(`${JSON.stringify(character)} after the origin`, line(`{origin}${character}`)),
  ];
});

/** Headers that browsers accept once, and others, with several values. */
const REPEATED: readonly (readonly [name: string, ...values: string[]])[] = [
  ['Content-Length', '4', '4'],
  ['Content-Length', '4', '5'],
  ['Content-Length', '4, 4'],
  ['Content-Length', '4, 5'],
  ['Content-Length', '4', ''],
  ['Content-Length', 'x'],
  ['Content-Length', '-1'],
  ['Content-Length', '+4'],
  ['Content-Length', ''],
  ['Content-Length', '99999999999999999999'],
  ['Location', '/1', '/1'],
  ['Location', '/1', '/2'],
  ['Location', '/1', ''],
  ['Location', '/1, /2'],
  ['Content-Disposition', 'inline', 'inline'],
  ['Content-Disposition', 'inline', 'attachment'],
  ['Content-Type', 'text/html', 'application/json'],
  ['Transfer-Encoding', 'identity', 'identity'],
  ['Access-Control-Allow-Origin', '{origin}'],
  ['Access-Control-Allow-Origin', '*'],
  ['Access-Control-Allow-Methods', 'POST', 'DELETE'],
  ['Access-Control-Allow-Credentials', 'true', 'true'],
  ['Access-Control-Expose-Headers', 'X-A', '@'],
  ['Access-Control-Max-Age', '1', '2'],
  ['Vary', 'Origin', 'Accept'],
  ['ETag', '"a"', '"b"'],
  ['Date', 'Thu, 01 Jan 1970 00:00:00 GMT', 'Fri, 02 Jan 1970 00:00:00 GMT'],
  ['Set-Cookie', 'a=1', 'b=2'],
];

const REPEATED_CASES = REPEATED.flatMap(([name, ...values]) => {
  const lines = values.map((value) => `${name}: ${value}`);
  return rawCases(
    `${name}: ${JSON.stringify(values.join(' + '))} beside the allowed origin`,
    rawResponse([OK, ...ALLOWING_LINES, ...lines], 'body'),
  );
});

/** With chunks, the length does not count. HTTP/1.0 has no chunks. */
const CHUNKED_CASES = ['HTTP/1.1 200 OK', 'HTTP/1.0 200 OK', 'HTTP/2.0 200 OK'].flatMap((statusLine) =>
  ['chunked', 'gzip, chunked', 'Chunked', 'chunked, identity', 'chunke'].map((encoding) =>
    rawCase(
      `${statusLine} with two lengths and the encoding ${encoding}`,
      rawResponse(
        [
          statusLine,
          ...ALLOWING_LINES,
          'Content-Length: 3',
          'Content-Length: 5',
          `Transfer-Encoding: ${encoding}`,
        ],
        '2\r\n{}\r\n0\r\n\r\n',
      ),
    ),
  ),
);

function many(count: number, length = 1): string[] {
  return Array.from({ length: count }, (_, index) => `X-${index}: ${'a'.repeat(length)}`);
}

const MANY: Readonly<Record<string, readonly string[]>> = {
  '100 headers': many(100),
  '2,000 headers': many(2_000),
  '2,500 headers': many(2_500),
  'a header of 16 KB': many(1, 16 * 1024),
  'a header of 100 KB': many(1, 100 * 1024),
  'a header of 255 KB': many(1, 255 * 1024),
  'a header of 256 KB': many(1, 256 * 1024),
  'headers of 300 KB': many(300, 1024),
};

const MANY_CASES = Object.entries(MANY).flatMap(([name, lines]) => [
  ...rawCases(`${name} before the allowed origin`, rawResponse([OK, ...lines, ...ALLOWING_LINES])),
  rawCase(`${name} after the allowed origin`, rawResponse([OK, ...ALLOWING_LINES, ...lines])),
]);

export const RAW_HEADER_CASES: readonly Case[] = [
  ...LINE_END_CASES,
  ...FOLDED_CASES,
  ...LINE_CASES,
  ...CHARACTER_CASES,
  ...REPEATED_CASES,
  ...CHUNKED_CASES,
  ...MANY_CASES,
];
