/**
 * Parses the status line and the headers of a response as leniently as Chromium does. No I/O.
 *
 * Servers that no HTTP library accepts work in browsers: lines that end with LF, folded headers, a status line without
 * a status, text before it. Node's parser rejects most of them, so a diagnosis would differ from the browser.
 *
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_stream_parser.cc
 */
import { isToken, splitNameList } from 'cors-policy';
import type { Header, NetworkFailure } from './diagnosis';

export interface ResponseHead {
  kind: 'head';
  status: number;
  headers: readonly Header[];
  /** The number of bytes before the body. */
  bytes: number;
}

/** The bytes that arrived on a connection, one character per byte. */
export interface Received {
  text: string;
  /** Whether the server closed the connection. */
  ended: boolean;
  url: URL;
}

/** Chromium's limit for the status line and the headers together. */
const MAX_HEAD_BYTES = 256 * 1024;

/** The status line may be preceded by this many bytes. */
const MAX_LEADING_BYTES = 4;

/** A reply that is at least this long contains the beginning of a status line, or none will come. */
const DECISIVE_BYTES = MAX_LEADING_BYTES + 'http'.length;

/**
 * Returns the first head that is not informational, or the reason why browsers reject the response. Returns undefined
 * if more bytes are needed.
 */
export function parseHead(received: Received): ResponseHead | NetworkFailure | undefined {
  let at = 0;
  for (;;) {
    const head = parseOneHead({ ...received, text: received.text.slice(at) }, at > 0);
    if (head?.kind !== 'head') return head;
    at += head.bytes;
    if (head.status === 407) {
      return rejected('ERR_UNEXPECTED_PROXY_AUTH', 'Only a proxy may send the status 407.');
    }
    if (head.status < 100 || head.status > 199) return { ...head, bytes: at };
  }
}

function parseOneHead(received: Received, isLater: boolean): ResponseHead | NetworkFailure | undefined {
  const { text, ended, url } = received;
  const start = startOfStatusLine(text);
  if (start === -1) {
    if (!ended && text.length < DECISIVE_BYTES) return undefined;
    return text === '' ? empty() : withoutStatusLine(received, isLater);
  }
  const end = endOfHead(text, start);
  if (end !== -1 && end <= MAX_HEAD_BYTES) return headOf(text.slice(0, end), start);
  if (text.length >= MAX_HEAD_BYTES) {
    return rejected('ERR_RESPONSE_HEADERS_TOO_BIG', 'The headers are longer than 256 KB.');
  }
  if (!ended) return undefined;
  if (url.protocol === 'http:') return headOf(text, start);
  return failure(
    'broken',
    'ERR_RESPONSE_HEADERS_TRUNCATED',
    'The connection closed before the end of the headers.',
  );
}

function startOfStatusLine(text: string): number {
  const start = text.slice(0, DECISIVE_BYTES).toLowerCase().indexOf('http');
  return start <= MAX_LEADING_BYTES ? start : -1;
}

/** Headers end with an empty line. Lines end with LF or CRLF. */
function endOfHead(text: string, start: number): number {
  const end = /\n\r?\n/g;
  end.lastIndex = start;
  return end.test(text) ? end.lastIndex : -1;
}

/** HTTP/0.9 has no headers. Chromium accepts it only on the default port, and from SHOUTcast servers on any. */
function withoutStatusLine({ text, url }: Received, isLater: boolean): ResponseHead | NetworkFailure {
  const isHttp09 = /^icy /i.test(text) || (url.protocol === 'http:' && url.port === '');
  if (isHttp09 && !isLater) return { kind: 'head', status: 200, headers: [], bytes: 0 };
  const [line = ''] = text.slice(0, MAX_QUOTED_CHARS).split(/[\r\n]/);
  return failure('not-http', 'ERR_INVALID_HTTP_RESPONSE', `The reply begins with ${JSON.stringify(line)}.`);
}

const MAX_QUOTED_CHARS = 60;

function headOf(text: string, start: number): ResponseHead | NetworkFailure {
  if (text.includes('\0')) {
    return rejected('ERR_INVALID_HTTP_RESPONSE', 'The headers contain a NUL character.');
  }
  const [statusLine = '', ...lines] = text.slice(start).split(/[\r\n]+/);
  const headers = unfold(lines).flatMap(headerOfLine);
  return (
    repeatedHeader(statusLine, headers) ?? {
      kind: 'head',
      status: statusOf(statusLine),
      headers,
      bytes: text.length,
    }
  );
}

/** Without a number, the status is 200. */
function statusOf(statusLine: string): number {
  const digits = /^[^ ]* +(\d+)/.exec(statusLine)?.[1];
  return digits === undefined ? 200 : Math.min(Number(digits), 2 ** 31 - 1);
}

/** Joins lines that begin with a space or a tab with the header before them. Elsewhere, such lines are ignored. */
function unfold(lines: readonly string[]): string[] {
  const unfolded: string[] = [];
  let isContinuable = false;
  for (const line of lines) {
    if (isContinuable && /^[ \t]/.test(line)) {
      unfolded.push(`${unfolded.pop() ?? ''} ${line.replace(/^[ \t]+/, '')}`);
    } else {
      unfolded.push(line);
      isContinuable = /^[^ \t:][^:]*:/.test(line);
    }
  }
  return unfolded;
}

/** Returns no header for a line that is not valid. Browsers skip it. */
function headerOfLine(line: string): Header[] {
  const colon = line.indexOf(':');
  if (colon <= 0 || /^[ \t]/.test(line)) return [];
  const name = trim(line.slice(0, colon));
  return isToken(name) ? [[name, trim(line.slice(colon + 1))]] : [];
}

function trim(text: string): string {
  return text.replace(/^[ \t]+|[ \t]+$/g, '');
}

/** Headers that browsers accept once only, unless the values are the same. */
function repeatedHeader(statusLine: string, headers: readonly Header[]): NetworkFailure | undefined {
  const valuesOf = (name: string) =>
    headers.flatMap(([own, value]) => (own.toLowerCase() === name ? [value] : []));
  const isChunked =
    /^http\/(?:1\.[1-9]|[2-9]\.)/i.test(statusLine) &&
    valuesOf('transfer-encoding').some((value) => splitNameList(value.toLowerCase()).includes('chunked'));
  const lengths = valuesOf('content-length').flatMap((value) => value.split(',').map(trim));
  const repeated = [
    ...(isChunked ? [] : [['Content-Length', lengths] as const]),
    ['Content-Disposition', valuesOf('content-disposition')] as const,
    ['Location', valuesOf('location')] as const,
  ].find(([, values]) => new Set(values).size > 1);
  if (repeated === undefined) return undefined;
  const [name, values] = repeated;
  return rejected(
    `ERR_RESPONSE_HEADERS_MULTIPLE_${name.toUpperCase().replace('-', '_')}`,
    `${name} is sent with different values: ${[...new Set(values)].join(' and ')}.`,
  );
}

function empty(): NetworkFailure {
  return failure('broken', 'ERR_EMPTY_RESPONSE', 'The server closed the connection without a response.');
}

function rejected(netError: string, message: string): NetworkFailure {
  return failure('invalid-http', netError, message);
}

function failure(kind: NetworkFailure['failure'], netError: string, message: string): NetworkFailure {
  return { kind: 'failure', failure: kind, netError, message };
}
