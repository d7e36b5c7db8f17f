/** Cases for connections that close or reset, for informational responses, and for bodies that do not fit the headers. */
import type { Case } from './case';
import { ALLOWING_LINES, rawCase, rawCases, rawResponse } from './rawResponse';

const OK = 'HTTP/1.1 200 OK';

const ALLOWING = rawResponse([OK, ...ALLOWING_LINES], 'body');

/** The places at which the response is cut, by the text before them. */
const CUTS: Readonly<Record<string, string>> = {
  'before the response': '',
  'in the word HTTP': 'HT',
  'after the word HTTP': 'HTTP',
  'in the status': 'HTTP/1.1 20',
  'after the status': OK,
  'after the status line': `${OK}\r\n`,
  'in a header name': `${OK}\r\nAccess-Control-Allow-Orig`,
  'after a header name': `${OK}\r\nAccess-Control-Allow-Origin:`,
  'in the origin': `${OK}\r\nAccess-Control-Allow-Origin: http:`,
  'after the origin': `${OK}\r\nAccess-Control-Allow-Origin: {origin}`,
  'after CR': `${OK}\r\nAccess-Control-Allow-Origin: {origin}\r`,
  'after the line of the origin': `${OK}\r\nAccess-Control-Allow-Origin: {origin}\r\n`,
  'before the last LF': ALLOWING.slice(0, ALLOWING.indexOf('\r\n\r\n') + 3),
  'after the headers': ALLOWING.slice(0, ALLOWING.indexOf('\r\n\r\n') + 4),
  'in the body': ALLOWING.slice(0, -2),
};

const CUT_CASES = Object.entries(CUTS).flatMap(([name, raw]) => [
  ...rawCases(`the connection closes ${name}`, raw),
  ...rawCases(`the connection is reset ${name}`, raw, { reset: true }),
]);

const INFORMATIONAL: Readonly<Record<string, readonly string[]>> = {
  '100 Continue': ['HTTP/1.1 100 Continue'],
  '101 Switching Protocols': ['HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: Upgrade'],
  '102 Processing': ['HTTP/1.1 102 Processing'],
  '103 Early Hints': ['HTTP/1.1 103 Early Hints', 'Link: </a.css>; rel=preload'],
  '103 that allows the origin': ['HTTP/1.1 103 Early Hints', ...ALLOWING_LINES],
  '199 Miscellaneous': ['HTTP/1.1 199 Miscellaneous'],
  '100 with two lengths': ['HTTP/1.1 100 Continue', 'Content-Length: 1', 'Content-Length: 2'],
};

const INFORMATIONAL_CASES = Object.entries(INFORMATIONAL).flatMap(([name, lines]) => [
  ...rawCases(`${name} before the response`, rawResponse(lines) + ALLOWING),
  ...rawCases(`${name} twice before the response`, rawResponse(lines).repeat(2) + ALLOWING),
  ...rawCases(`${name} before a response that allows no origin`, rawResponse(lines) + rawResponse([OK])),
  ...rawCases(`${name} without a response`, rawResponse(lines)),
  rawCase(`${name} before a reply that is not HTTP`, `${rawResponse(lines)}no status line`),
]);

/** A status and headers, with a body that does not fit them. */
const BODIES: readonly (readonly [statusLine: string, headers: readonly string[], body: string])[] = [
  ['HTTP/1.1 204 No Content', ['Content-Length: 4'], 'body'],
  ['HTTP/1.1 204 No Content', ['Transfer-Encoding: chunked'], '4\r\nbody\r\n0\r\n\r\n'],
  ['HTTP/1.1 204 No Content', [], 'body'],
  ['HTTP/1.1 205 Reset Content', ['Content-Length: 4'], 'body'],
  ['HTTP/1.1 304 Not Modified', ['Content-Length: 4'], 'body'],
  [OK, ['Content-Length: 2'], 'body'],
  [OK, ['Content-Length: 9'], 'body'],
  [OK, ['Content-Length: 0'], 'body'],
  [OK, ['Transfer-Encoding: chunked'], ''],
  [OK, ['Transfer-Encoding: chunked'], 'body'],
  [OK, ['Transfer-Encoding: chunked'], '4\r\nbo'],
  [OK, ['Transfer-Encoding: chunked'], '4\nbody\n0\n\n'],
  [OK, ['Transfer-Encoding: chunked'], '4;a=b\r\nbody\r\n0\r\nX-Trailer: 1\r\n\r\n'],
  [OK, ['Transfer-Encoding: gzip, chunked'], '4\r\nbody\r\n0\r\n\r\n'],
  [OK, ['Transfer-Encoding: other'], 'body'],
  [OK, ['Content-Encoding: gzip'], 'not gzip'],
  [OK, ['Content-Encoding: br'], 'not brotli'],
  [OK, ['Content-Encoding: other'], 'body'],
  [OK, ['Content-Type: text/event-stream'], 'data: 1\n\n'],
  [OK, ['Connection: close', 'Keep-Alive: x'], 'body'],
  [OK, ['Upgrade: websocket', 'Connection: Upgrade'], 'body'],
  [OK, ['Trailer: Access-Control-Allow-Origin'], 'body'],
];

const BODY_CASES = BODIES.flatMap(([statusLine, headers, body]) =>
  rawCases(
    `${[statusLine, ...headers].join('; ')} with the body ${JSON.stringify(body)}`,
    rawResponse([statusLine, ...ALLOWING_LINES, ...headers], body),
  ),
);

const HEAD_CASES = [rawResponse([OK, ...ALLOWING_LINES, 'Content-Length: 4']), ALLOWING].map(
  (raw, index) => ({
    ...rawCase(`HEAD with ${index === 0 ? 'a length' : 'a body'}`, raw),
    call: { method: 'HEAD' },
  }),
);

/** Trailers do not count as headers. */
const TRAILER_CASE = rawCase(
  'the allowed origin in a trailer',
  rawResponse([OK, 'Transfer-Encoding: chunked'], '4\r\nbody\r\n0\r\nAccess-Control-Allow-Origin: *\r\n\r\n'),
);

export const RAW_CONNECTION_CASES: readonly Case[] = [
  ...CUT_CASES,
  ...INFORMATIONAL_CASES,
  ...BODY_CASES,
  ...HEAD_CASES,
  TRAILER_CASE,
];
