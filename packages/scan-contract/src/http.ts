/** Sends a request exactly as given, over node:http or node:https. */
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { urlToHttpOptions } from 'node:url';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';

export type RequestHeader = readonly [name: string, value: string];

/** What is sent; to these headers `Host`, `Connection` and `Content-Length` are added, and nothing else. */
export interface Request {
  method: string;
  path: string;
  headers: readonly RequestHeader[];
  body?: string | Buffer | undefined;
}

export interface Answer {
  status: number;
  /** In the order and the case received. */
  headers: [name: string, value: string][];
  body: Buffer;
  /** Whether the connection broke before the body was complete. */
  brokenOff: boolean;
}

/** No answer at all: nobody listens, the connection broke before a status line, or it took too long. */
export class NoAnswerError extends Error {
  override name = 'NoAnswerError';
}

/** Milliseconds that an answer may take, its body included. */
const PATIENCE = 60_000;

/** Methods that have a body, if only one of no bytes. RFC 9110, section 8.6. */
const METHODS_WITH_BODY = ['POST', 'PUT', 'PATCH'];

/**
 * Sends a request to the path below a base URL, over a connection of its own. Redirects are not
 * followed, and nothing is decompressed.
 *
 * @throws NoAnswerError
 */
export async function send(baseUrl: string, { method, path, headers, body }: Request): Promise<Answer> {
  const url = new URL(baseUrl);
  const bytes = Buffer.from(body ?? '');
  const hasBody = bytes.byteLength > 0 || METHODS_WITH_BODY.includes(method);
  const all: RequestHeader[] = [['Host', url.host], ...headers, ['Connection', 'close']];
  if (hasBody) all.push(['Content-Length', String(bytes.byteLength)]);

  const client = (url.protocol === 'https:' ? httpsRequest : httpRequest)({
    ...urlToHttpOptions(url),
    method,
    // As a string, for URL would resolve what is in it.
    path: `${url.pathname.replace(/\/+$/, '')}${path}`,
    // A flat list, from which Node.js takes names as they are, and twice if need be.
    headers: all.flat(),
    agent: false,
    signal: AbortSignal.timeout(PATIENCE),
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    client.on('response', resolve);
    client.on('error', (cause: NodeJS.ErrnoException) => {
      reject(new NoAnswerError(reasonOf(cause), { cause }));
    });
    client.end(bytes);
  });
  return readAnswer(response);
}

async function readAnswer(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let brokenOff = false;
  try {
    for await (const chunk of response) chunks.push(chunk as Buffer);
  } catch (error) {
    if ((error as Error).name === 'AbortError') throw new NoAnswerError(TOO_LATE, { cause: error });
    brokenOff = true;
  }
  const { rawHeaders } = response;
  const headers = rawHeaders.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? '']] : [],
  );
  return {
    status: response.statusCode ?? 0,
    headers,
    body: Buffer.concat(chunks),
    brokenOff: brokenOff || !response.complete,
  };
}

const TOO_LATE = `the answer was not complete within ${PATIENCE / 1000} seconds`;

function reasonOf(error: NodeJS.ErrnoException): string {
  if (error.name === 'AbortError') return TOO_LATE;
  return error.message === '' ? (error.code ?? error.name) : error.message;
}

/** The value of a header, repeated ones joined by commas; undefined where it is not there. */
export function headerOf({ headers }: Pick<Answer, 'headers'>, name: string): string | undefined {
  const values = headers.filter(([given]) => given.toLowerCase() === name.toLowerCase());
  return values.length === 0 ? undefined : values.map(([, value]) => value).join(', ');
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  br: brotliDecompressSync,
  deflate: inflateSync,
};

/** The body as text, whatever its Content-Encoding; as it is where it is not in that. */
export function textOf(answer: Pick<Answer, 'headers' | 'body'>): string {
  const decode = DECODERS[headerOf(answer, 'Content-Encoding') ?? ''];
  try {
    return (decode?.(answer.body) ?? answer.body).toString();
  } catch {
    return answer.body.toString();
  }
}

/** The members of a header that is a list, in lower case and in order. */
export function tokensOf(value: string | undefined): string[] {
  const tokens = (value ?? '').split(',').map((token) => token.trim().toLowerCase());
  return [...new Set(tokens.filter((token) => token !== ''))].sort();
}
