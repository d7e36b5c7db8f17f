/** Sends the doctor's requests over node:http or node:https. Only this file uses the network. */
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Header, RequestResult, OutgoingRequest, Transport } from './diagnosis';

export interface Limits {
  /** The time until the response must be complete. A body that is late is cut short. */
  timeoutMs: number;
  /** The rest of a longer body is not read. */
  maxBodyBytes: number;
}

const DEFAULT_LIMITS: Limits = { timeoutMs: 15_000, maxBodyBytes: 64 * 1024 };

/** The limit of Chromium for the status line and the headers together. */
const MAX_HEADER_BYTES = 256 * 1024;

/** Requests with these methods have a Content-Length even if the body is empty. RFC 9110, section 8.6. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * Creates a transport that sends exactly the given headers, plus `Host`, `Connection` and `Content-Length`.
 * It does not follow redirects or decompress bodies, and reads a response only up to the limits.
 */
export function createTransport(limits: Partial<Limits> = {}): Transport {
  const all = { ...DEFAULT_LIMITS, ...limits };
  // node:http throws synchronously for a URL whose scheme it does not support.
  return (sent) => new Promise<RequestResult>((resolve) => exchange(sent, all, resolve)).catch(errorOf);
}

function exchange(
  sent: OutgoingRequest,
  { timeoutMs, maxBodyBytes }: Limits,
  settle: (received: RequestResult) => void,
): void {
  const client = open(new URL(sent.url));
  const end = (received: RequestResult) => {
    clearTimeout(timer);
    settle(received);
    client.destroy();
  };
  let onTimeout = () => end(errorOf(new TimeoutError(timeoutMs)));
  const timer = setTimeout(() => onTimeout(), timeoutMs);
  client.on('error', (error: NodeJS.ErrnoException) => end(errorOf(error)));
  client.on('response', (response) => {
    onTimeout = readResponse(response, maxBodyBytes, end);
  });
  // A server may switch protocols although the request does not ask for it. There is no 'response' event then.
  client.on('upgrade', (response) => end(responseOf(response, [])));
  try {
    send(client, sent);
  } catch (error) {
    // node:http throws for requests that it cannot send, for example with an invalid header.
    end(errorOf(error as NodeJS.ErrnoException));
  }
}

function open(url: URL): ClientRequest {
  const options = { ...urlToHttpOptions(url), agent: false, maxHeaderSize: MAX_HEADER_BYTES };
  return (url.protocol === 'https:' ? httpsRequest : httpRequest)(options);
}

function send(client: ClientRequest, { url, method, headers, body }: OutgoingRequest): void {
  const bytes = Buffer.byteLength(body ?? '');
  // Browsers keep connections alive. A server that closes during a large upload can reset its own response.
  const all: Header[] = [['Host', new URL(url).host], ...headers, ['Connection', 'keep-alive']];
  if (bytes > 0 || METHODS_WITH_BODY.includes(method)) all.push(['Content-Length', String(bytes)]);
  // The options of node:http would change `patch` to `PATCH`, which is a different method.
  client.method = method;
  for (const [name] of all) {
    const values = all.filter(([given]) => given.toLowerCase() === name.toLowerCase());
    client.setHeader(name, values.length === 1 ? (values[0]?.[1] ?? '') : values.map(([, value]) => value));
  }
  client.end(body);
}

/**
 * Reads the body, and returns a function that ends the reading. A response with a short or late body still counts:
 * browsers resolve `fetch` as soon as the headers arrive.
 */
function readResponse(response: IncomingMessage, maxBytes: number, end: (received: RequestResult) => void) {
  const chunks: Buffer[] = [];
  let remainingBytes = maxBytes;
  const finish = () => end(responseOf(response, chunks));
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk.subarray(0, remainingBytes));
    remainingBytes -= chunk.byteLength;
    if (remainingBytes <= 0) finish();
  });
  response.on('end', finish);
  response.on('error', finish);
  return finish;
}

function responseOf({ rawHeaders, statusCode }: IncomingMessage, chunks: readonly Buffer[]): RequestResult {
  const headers = rawHeaders.flatMap((name, index): Header[] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  return { kind: 'response', status: statusCode ?? 0, headers, body: Buffer.concat(chunks).toString() };
}

class TimeoutError extends Error {
  override name = 'TimeoutError';

  constructor(timeoutMs: number) {
    super(`no response within ${timeoutMs / 1000} seconds`);
  }
}

function errorOf(error: NodeJS.ErrnoException): RequestResult {
  const { code = '', message } = error;
  const [line = ''] = message.split('\n');
  return { kind: 'failure', failure: kindOf(error), message: line === '' ? code : line };
}

type Failure = Extract<RequestResult, { kind: 'failure' }>['failure'];

function kindOf({ code = '', name }: NodeJS.ErrnoException): Failure {
  if (name === 'TimeoutError' || code === 'ETIMEDOUT') return 'timeout';
  if (/^(?:ENOTFOUND|EAI_.*)$/.test(code)) return 'dns';
  if (/^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/.test(code)) return 'refused';
  // Certificate errors have OpenSSL codes without the prefix E, such as DEPTH_ZERO_SELF_SIGNED_CERT.
  if (/^(?:ERR_TLS_|ERR_SSL_|EPROTO$)|CERT|SIGNATURE|CRL|^HOSTNAME_MISMATCH$|^INVALID_CA$/.test(code))
    return 'tls';
  return 'broken';
}
