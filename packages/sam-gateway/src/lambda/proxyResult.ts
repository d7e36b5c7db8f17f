/** What a function hands back to its proxy integration, whole or streamed, as an answer. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import { isBinary, type Call, type GatewayAnswer } from 'sam-template';
import { GatewayFailure } from 'sam-template';

/** Bytes of a buffered answer: what Lambda returns at most. */
const BUFFERED_LIMIT = 6 * 1024 * 1024;

/** Bytes among which a streamed answer's head must end. */
const HEAD_LIMIT = 16 * 1024;

const DELIMITER = Buffer.alloc(8);

interface Head {
  statusCode: number;
  headers: [string, string][];
}

/** Reads a buffered result. @throws GatewayFailure where it is none: the client gets 502. */
export function bufferedResult(payload: Buffer, { api, request }: Call): GatewayAnswer {
  if (payload.byteLength > BUFFERED_LIMIT) throw malformed('the result is over 6 MB');
  const result = parseObject(payload);
  const { body = '', isBase64Encoded = false } = result;
  if (typeof body !== 'string') throw malformed('its body is no string');
  const accept = request.headers.find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? '*/*';
  const isDecoded = isBase64Encoded === true && isBinary(api.binaryMediaTypes, accept.split(',')[0] ?? '');
  return { ...headOf(result), body: Buffer.from(body, isDecoded ? 'base64' : 'utf8') };
}

/**
 * Reads the head of a streamed result, and leaves the body in the stream.
 *
 * @throws GatewayFailure where there is none.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function streamedResult(stream: Readable): Promise<GatewayAnswer> {
  let read = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const chunk = await nextChunk(stream);
    if (chunk === undefined) throw malformed('its stream ends before the delimiter of 8 NUL bytes');
    read = Buffer.concat([read, chunk]);
    end = read.indexOf(DELIMITER);
    if (end < 0 && read.byteLength > HEAD_LIMIT) throw malformed('its first 16 KB hold no delimiter');
  }
  const head = headOf(parseObject(read.subarray(0, end)));
  const rest = read.subarray(end + DELIMITER.byteLength);
  if (rest.byteLength > 0) stream.unshift(rest);
  return { ...head, body: stream };
}

/** The next piece; undefined at the end. The stream stays open for who reads the rest. */
async function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.readableEnded) return undefined;
    if (stream.destroyed) throw stream.errored ?? malformed('its stream breaks off');
    await new Promise<void>((resolve) => {
      const done = () => {
        for (const event of EVENTS) stream.off(event, done);
        resolve();
      };
      for (const event of EVENTS) stream.on(event, done);
    });
  }
}

const EVENTS = ['readable', 'end', 'close', 'error'] as const;

function headOf({ statusCode, headers, multiValueHeaders, cookies }: Record<string, unknown>): Head {
  const status = Number(statusCode ?? 200);
  if (!Number.isInteger(status) || status < 100 || status > 599) throw malformed('its statusCode is none');
  const single = Object.entries((headers ?? {}) as Record<string, unknown>);
  const several = Object.entries((multiValueHeaders ?? {}) as Record<string, unknown[]>);
  const pairs = [
    ...single,
    ...several.flatMap(([name, values]) => values.map((value) => [name, value] as const)),
    ...((cookies ?? []) as string[]).map((cookie) => ['Set-Cookie', cookie] as const),
  ];
  if (pairs.some(([, value]) => typeof value === 'object')) throw malformed('a header is no string');
  const named = pairs.map(([name, value]): [string, string] => [remapped(name), String(value)]);
  for (const [name, value] of named) checkHeader(name, value);
  return { statusCode: status, headers: named };
}

function checkHeader(name: string, value: string): void {
  try {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  } catch (error) {
    throw malformed((error as Error).message);
  }
}

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html */
function remapped(name: string): string {
  return /^(?:connection|content-length|date|server|www-authenticate)$/i.test(name)
    ? `x-amzn-Remapped-${name}`
    : name;
}

function parseObject(json: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json.toString());
    if (typeof value === 'object' && value !== null) return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw malformed('it is no JSON object');
}

function malformed(reason: string): GatewayFailure {
  return new GatewayFailure('BAD_GATEWAY', `malformed Lambda proxy response: ${reason}`);
}
