/** Cases for status lines that are not valid, and for replies that are not HTTP. */
import type { Case } from './case';
import { ALLOWING_LINES, rawCase, rawCases, rawResponse } from './rawResponse';

const STATUS_LINES = [
  'HTTP/1.0 200 OK',
  'HTTP/0.9 200 OK',
  'HTTP/1.2 200 OK',
  'HTTP/1.10 200 OK',
  'HTTP/2 200',
  'HTTP/2.0 200 OK',
  'HTTP/3 200',
  'HTTP/x.y 200 OK',
  'HTTP/ 200 OK',
  'HTTP 200 OK',
  'HTTP200',
  'HTTPS/1.1 200 OK',
  'http/1.1 200 OK',
  'hTTp/1.1 404 Not Found',
  'HTTP/1.1 200',
  'HTTP/1.1 ',
  'HTTP/1.1',
  'HTTP/1.1  204  No Content',
  'HTTP/1.1\t200 OK',
  'HTTP/1.1 \t200 OK',
  'HTTP/1.1 abc',
  'HTTP/1.1 200x OK',
  'HTTP/1.1 +200 OK',
  'HTTP/1.1 -200 OK',
  'HTTP/1.1 0x200 OK',
  'HTTP/1.1 000 Nothing',
  'HTTP/1.1 20 OK',
  'HTTP/1.1 099 Early',
  'HTTP/1.1 0404 Not Found',
  'HTTP/1.1 299 Fine',
  'HTTP/1.1 407 Proxy Authentication Required',
  'HTTP/1.1 408 Request Timeout',
  'HTTP/1.1 421 Misdirected Request',
  'HTTP/1.1 425 Too Early',
  'HTTP/1.1 511 Network Authentication Required',
  'HTTP/1.1 600 Unknown',
  'HTTP/1.1 999 Request Denied',
  'HTTP/1.1 1000 Large',
  'HTTP/1.1 2000 Larger',
  'HTTP/1.1 99999999999 Huge',
  'HTTP/1.1 200 \xc4\xe4',
  'HTTP/1.1 200 OK: not a header',
];

const STATUS_LINE_CASES = STATUS_LINES.flatMap((line): Case[] =>
  rawCases(`the status line ${JSON.stringify(line)}`, rawResponse([line, ...ALLOWING_LINES])),
);

/** What stands before the status line. Four bytes are skipped. */
const BEFORE = [
  '\n',
  '\r\n',
  '\n\n\n',
  '\r\n\r\n',
  '\r\n\r\n\r\n',
  'abc',
  'abcd',
  'abcde',
  ' ',
  '\0',
  'HTT',
  'hthttp',
];

const BEFORE_CASES = BEFORE.map((text) =>
  rawCase(
    `${JSON.stringify(text)} before the status line`,
    `${text}${rawResponse(['HTTP/1.1 200 OK', ...ALLOWING_LINES])}`,
  ),
);

/** Replies of programs that do not speak HTTP, and of servers that forget the status line. */
const NOT_HTTP: Readonly<Record<string, string>> = {
  'a greeting of SSH': 'SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n',
  'a greeting of SMTP': '220 mail.example ESMTP\r\n',
  'a greeting of MySQL': 'J\0\0\0\n8.0.36\0\x08\0\0\0',
  'an error of Redis': "-ERR wrong number of arguments for 'get' command\r\n",
  'an alert of TLS': '\x15\x03\x01\0\x02\x02\x46',
  'an alert of TLS with more bytes': '\x15\x03\x03\0\x02\x02\x46\x15\x03\x03\0\x02\x01\0',
  'a page of HTML': '<!doctype html><title>A page</title>',
  'a JSON object': '{"message":"no status line"}',
  'headers without a status line': rawResponse(ALLOWING_LINES),
  'two bytes': 'hi',
  'seven bytes': 'abcdefg',
  'eight bytes': 'abcdefgh',
  'three letters of HTTP': 'HTT',
  'a line end': '\r\n',
  'a NUL': '\0',
  'a radio stream': rawResponse(['ICY 200 OK', ...ALLOWING_LINES], 'music'),
  'a radio stream in lower case': rawResponse(['icy 200 ok', ...ALLOWING_LINES], 'music'),
  nothing: '',
};

const NOT_HTTP_CASES = Object.entries(NOT_HTTP).flatMap(([name, raw]) =>
  rawCases(`the reply is ${name}`, raw),
);

const SAME_ORIGIN_CASES = ['a radio stream', 'a page of HTML'].map((name): Case => ({
  ...rawCase(`the reply from the same origin is ${name}`, NOT_HTTP[name] ?? ''),
  to: 'page',
}));

export const RAW_STATUS_LINE_CASES: readonly Case[] = [
  ...STATUS_LINE_CASES,
  ...BEFORE_CASES,
  ...NOT_HTTP_CASES,
  ...SAME_ORIGIN_CASES,
];
