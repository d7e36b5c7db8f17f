/** Sends the doctor's requests over node:http or node:https. Only this file uses the network. */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Header, Received, Sent, Transport } from './diagnosis';

export interface Limits {
  /** Milliseconds until the status line, and until the end of the body that is read. */
  patience: number;
  /** Bytes of a body that are read; the rest is left. */
  bodyBytes: number;
}

const DEFAULT_LIMITS: Limits = { patience: 15_000, bodyBytes: 64 * 1024 };

/** Of status line and headers together, as many as Chromium takes. */
const HEAD_BYTES = 256 * 1024;

/** Methods that have a body, if only one of no bytes. RFC 9110, section 8.6. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * A transport that sends exactly the given headers, with `Host`, `Connection` and, where there is a
 * body, `Content-Length`. Redirects are not followed, nothing is decompressed, and what a server
 * sends without end is read up to the limits.
 */
export function createTransport(limits: Partial<Limits> = {}): Transport {
  const all = { ...DEFAULT_LIMITS, ...limits };
  // A URL that node:http cannot ask for makes it throw at once.
  return (sent) => new Promise<Received>((resolve) => exchange(sent, all, resolve)).catch(failureOf);
}

function exchange(sent: Sent, { patience, bodyBytes }: Limits, settle: (received: Received) => void): void {
  const client = open(new URL(sent.url));
  const end = (received: Received) => {
    clearTimeout(timer);
    settle(received);
    client.destroy();
  };
  let whenLate = () => end(failureOf(new TimeoutError(patience)));
  const timer = setTimeout(() => whenLate(), patience);
  client.on('error', (error: NodeJS.ErrnoException) => end(failureOf(error)));
  client.on('response', (response) => {
    whenLate = readResponse(response, bodyBytes, end);
  });
  // A server may switch protocols unasked; then there is no 'response' event.
  client.on('upgrade', (response) => end(responseOf(response, [])));
  try {
    send(client, sent);
  } catch (error) {
    // node:http throws at what it cannot send, such as an invalid header.
    end(failureOf(error as NodeJS.ErrnoException));
  }
}

function open(url: URL): ClientRequest {
  const options = { ...urlToHttpOptions(url), agent: false, maxHeaderSize: HEAD_BYTES };
  return (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
}

function send(client: ClientRequest, { url, method, headers, body }: Sent): void {
  const bytes = Buffer.byteLength(body ?? '');
  // As browsers do: a server that is to close would, with a large body still on its way, reset its response.
  const all: Header[] = [['Host', new URL(url).host], ...headers, ['Connection', 'keep-alive']];
  if (bytes > 0 || METHODS_WITH_BODY.includes(method)) all.push(['Content-Length', String(bytes)]);
  // Given at once, `patch` would become `PATCH`: to servers, and to browsers, these are two methods.
  client.method = method;
  for (const [name] of all) {
    const values = all.filter(([given]) => given.toLowerCase() === name.toLowerCase());
    client.setHeader(name, values.length === 1 ? (values[0]?.[1] ?? '') : values.map(([, value]) => value));
  }
  client.end(body);
}

/** Once its head is there it is an response: browsers give it to the page then, whatever becomes of the body. */
function readResponse(response: IncomingMessage, limit: number, end: (received: Received) => void) {
  const chunks: Buffer[] = [];
  let room = limit;
  const finish = () => end(responseOf(response, chunks));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, room));
    room -= chunk.byteLength;
    if (room <= 0) finish();
  });
  response.on('end', finish);
  response.on('error', finish);
  return finish;
}

function responseOf({ rawHeaders, statusCode }: IncomingMessage, chunks: readonly Buffer[]): Received {
  const headers = rawHeaders.flatMap((name, index): Header[] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  return { kind: 'response', status: statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() };
}

class TimeoutError extends Error {
  override name = 'TimeoutError';

  constructor(patience: number) {
    super(`no response within ${patience / 1000} seconds`);
  }
}

function failureOf(error: NodeJS.ErrnoException): Received {
  const { code = '', message } = error;
  const [line = ''] = message.split('\n');
  return { kind: 'failure', failure: kindOf(error), message: line === '' ? code : line };
}

type Failure = Extract<Received, { kind: 'failure' }>['failure'];

function kindOf({ code = '', name }: NodeJS.ErrnoException): Failure {
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') return 'timeout';
  if (/^(?:ENOTFOUND|EAI_.*)$/.test(code)) return 'dns';
  if (/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'refused';
  // Certificates have codes of OpenSSL's, such as DEPTH_ZERO_SELF_SIGNED_CERT, and no E.
  if (/^(?:ERR_TLS_|ERR_SSL_|EPROTO$)|CERT|SIGNATURE|CRL|^HOSTNAME_MISMATCH$|^INVALID_CA$/.test(code))
    return 'tls';
  return 'broken';
}
