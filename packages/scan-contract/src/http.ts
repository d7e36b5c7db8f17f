/** Sends a request exactly as given, over node:http or node:https. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export type RequestHeader = readonly [name: string, value: string];

/** A request. `send` adds only `Host`, if it has none, `Connection` and `Content-Length` to its headers. */
export interface Request {
  method: string;
  path: string;
  headers: readonly RequestHeader[];
  body?: string | Buffer | undefined;
}

export interface Response {
  status: number;
  /** In the order and case received. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** Whether the body was not received completely. */
  incomplete: boolean;
  /** Set if the kit stopped reading an incomplete body. Otherwise the server reset the connection. */
  cutOff?: 'timeout' | 'size';
}

/** How long to wait for a response, and how much of it to read. */
export interface Limits {
  /** Until the body is complete. */
  timeoutMs: number;
  /** The rest of a longer body is not read. */
  maxBodyBytes: number;
}

export const DEFAULT_LIMITS: Limits = { timeoutMs: 60_000, maxBodyBytes: 64 * 1024 * 1024 };

/** There was no response: the connection failed before a status line, or the headers took too long. */
export class NoResponseError extends Error {
  override name = 'NoResponseError';
  readonly reason: 'timeout' | 'unreachable' | 'closed';

  constructor(message: string, reason: NoResponseError['reason'], options: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}

/** Methods whose requests always have a body, possibly an empty one. RFC 9110, section 8.6. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * Sends a request to a path below the base URL, over a new connection. Does not follow redirects and does not
 * decompress the body. A body that exceeds the limits is incomplete.
 *
 * @throws NoResponseError
 */
export async function send(
  baseUrl: string,
  { method, path, headers, body }: Request,
  limits: Limits = DEFAULT_LIMITS,
): Promise<Response> {
  const url = new URL(baseUrl);
  const bytes = Buffer.from(body ?? '');
  const hasBody = bytes.byteLength > 0 || METHODS_WITH_BODY.includes(method);
  const host: RequestHeader[] = headers.some(([name]) => name === 'Host') ? [] : [['Host', url.host]];
  const allHeaders: RequestHeader[] = [...host, ...headers, ['Connection', 'close']];
  if (hasBody) allHeaders.push(['Content-Length', String(bytes.byteLength)]);

  const signal = AbortSignal.timeout(limits.timeoutMs);
  const client = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
    ...urlToHttpOptions(url),
    method,
    // Concatenated as strings because URL would resolve segments such as `..`.
    path: `${url.pathname.replace(/\/+$/, '')}${path}`,
    // Node.js sends a flat list unchanged, including the case of names and repeated names.
    headers: allHeaders.flat(),
    agent: false,
    signal,
  });
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    client.on('response', resolve);
    client.on('error', (cause: NodeJS.ErrnoException) => reject(noResponse(cause, limits)));
    client.end(bytes);
  });
  return readResponse(message, limits, signal);
}

async function readResponse(
  message: IncomingMessage,
  { maxBodyBytes }: Limits,
  signal: AbortSignal,
): Promise<Response> {
  const chunks: Buffer[] = [];
  let remainingBytes = maxBodyBytes;
  let incomplete = false;
  let cutOff: Response['cutOff'];
  try {
    for await (const chunk of message as AsyncIterable<Buffer>) {
      chunks.push(chunk.subarray(0, remainingBytes));
      remainingBytes -= chunk.byteLength;
      if (remainingBytes < 0) {
        cutOff = 'size';
        break;
      }
    }
  } catch {
    incomplete = true;
    // Node.js reports an aborted body in the same way as a reset connection.
    if (signal.aborted) cutOff = 'timeout';
  }
  const { rawHeaders } = message;
  const headers = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  return {
    status: message.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks),
    incomplete: incomplete || cutOff !== undefined || !message.complete,
    ...(cutOff !== undefined && { cutOff }),
  };
}

function noResponse(cause: NodeJS.ErrnoException, { timeoutMs }: Limits): NoResponseError {
  const { name, code = '', message } = cause;
  if (name === 'AbortError') {
    return new NoResponseError(`no response within ${timeoutMs / 1000} seconds`, 'timeout', { cause });
  }
  const isUnreachable = /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_.*)$/.test(code);
  return new NoResponseError(message === '' ? code : message, isUnreachable ? 'unreachable' : 'closed', {
    cause,
  });
}

/** Returns the value of a header, repeated headers joined by commas, or undefined if there is none. */
export function headerOf({ headers }: Pick<Response, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([received]) => received.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
};

/** Decodes the body as its Content-Encoding says. Returns it undecoded if that fails. */
export function textOf(response: Pick<Response, 'headers' | 'body'>): string {
  const decode = DECODERS[headerOf(response, 'Content-Encoding') ?? ''];
  try {
    return (decode?.(response.body) ?? response.body).toString();
  } catch {
    return response.body.toString();
  }
}

/** Splits a list header into its elements, in lower case, sorted and without duplicates. */
export function tokensOf(value: string | undefined): string[] {
  const tokens = (value ?? '').split(',').map((token) => token.trim().toLowerCase());
  return [...new Set(tokens.filter((token) => token !== ''))].sort();
}

/** Parses a URL; undefined if it is invalid. `URL.canParse` of Node.js 20 and 22 is wrong for letters such as ü. */
export function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
