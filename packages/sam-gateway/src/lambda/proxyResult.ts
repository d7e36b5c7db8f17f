/** Converts the result of a function, buffered or streamed, to the response of its proxy integration. */
import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Readable } from 'node:stream';
import { GatewayError, isBinary, type Call, type GatewayResult } from 'sam-template';

/** The delimiter after the metadata of a streamed result must come within this size. */
const MAX_METADATA_BYTES = 16 * 1024;

const DELIMITER = Buffer.alloc(8);

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html */
const FIELDS = new Set(['statusCode', 'headers', 'multiValueHeaders', 'body', 'isBase64Encoded']);

interface Metadata {
  statusCode: number;
  headers: [string, string][];
}

/** Reads a buffered result. @throws GatewayError if it is malformed: the client gets 502. */
export function bufferedResult(payload: Buffer, { api, request }: Call): GatewayResult {
  const result = parseObject(payload);
  const unknown = Object.keys(result).filter((name) => !FIELDS.has(name));
  if (unknown.length > 0) throw malformed(`it has unknown fields: ${unknown.join(', ')}`);
  const { isBase64Encoded = false } = result;
  const body = result.body ?? '';
  if (typeof body !== 'string') throw malformed('its body is not a string, use JSON.stringify');
  const accept = request.headers.find(([name]) => name.toLowerCase() === 'accept')?.[1] ?? '*/*';
  const isDecoded = isBase64Encoded === true && isBinary(api.binaryMediaTypes, accept.split(',')[0] ?? '');
  const { statusCode, headers } = parseMetadata(result);
  const hasType = headers.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    statusCode,
    headers: hasType ? headers : [...headers, ['Content-Type', 'application/json']],
    body: Buffer.from(body, isDecoded ? 'base64' : 'utf8'),
  };
}

/**
 * Reads the metadata of a streamed result and leaves the body in the stream.
 *
 * @throws GatewayError if the metadata is missing or malformed.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/response-transfer-mode-lambda.html
 */
export async function streamedResult(stream: Readable): Promise<GatewayResult> {
  let read = Buffer.alloc(0);
  let end = -1;
  while (end < 0) {
    const chunk = await nextChunk(stream);
    if (chunk === undefined) throw malformed('its stream ends before the delimiter of 8 NUL bytes');
    read = Buffer.concat([read, chunk]);
    end = read.indexOf(DELIMITER);
    if (end < 0 && read.byteLength > MAX_METADATA_BYTES)
      throw malformed('its first 16 KB do not contain the delimiter');
  }
  const metadata = parseMetadata(parseObject(read.subarray(0, end)));
  const rest = read.subarray(end + DELIMITER.byteLength);
  if (rest.byteLength > 0) stream.unshift(rest);
  return { ...metadata, body: stream };
}

/** Returns the next chunk, or undefined at the end. Leaves the stream open for the reader of the body. */
async function nextChunk(stream: Readable): Promise<Buffer | undefined> {
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) return chunk;
    if (stream.readableEnded) return undefined;
    if (stream.destroyed) throw stream.errored ?? malformed('its stream was aborted');
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

function parseMetadata({
  statusCode,
  headers,
  multiValueHeaders,
  cookies,
}: Record<string, unknown>): Metadata {
  const status = Number(statusCode ?? 200);
  // A client would wait for the response that follows a status below 200.
  if (!Number.isInteger(status) || status < 200 || status > 599) {
    throw malformed(`its statusCode is ${JSON.stringify(statusCode)}, use a number from 200 to 599`);
  }
  const several = Object.entries(parseRecord('multiValueHeaders', multiValueHeaders)).flatMap(
    ([name, values]) => {
      if (!Array.isArray(values)) throw malformed(`its multiValueHeaders.${name} is not a list`);
      return (values as unknown[]).map((value) => headerOf(name, value));
    },
  );
  const single = Object.entries(parseRecord('headers', headers)).map(([name, value]) =>
    headerOf(name, value),
  );
  // A pair in both is sent once.
  const added = single.filter((header) => !several.some((other) => isSameHeader(header, other)));
  const cookieHeaders = ((cookies ?? []) as unknown[]).map((cookie) => headerOf('Set-Cookie', cookie));
  return { statusCode: status, headers: [...added, ...several, ...cookieHeaders] };
}

function parseRecord(name: string, value: unknown): Record<string, unknown> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) throw malformed(`its ${name} are not an object`);
  return value as Record<string, unknown>;
}

function isSameHeader([name, value]: [string, string], [otherName, otherValue]: [string, string]): boolean {
  return name.toLowerCase() === otherName.toLowerCase() && value === otherValue;
}

function headerOf(name: string, value: unknown): [string, string] {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw malformed(`the value of its header ${name} is not a string`);
  }
  const sent = remapHeaderName(name);
  checkHeader(sent, String(value));
  return [sent, String(value)];
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
function remapHeaderName(name: string): string {
  return /^(?:connection|content-length|date|server|www-authenticate)$/i.test(name)
    ? `x-amzn-Remapped-${name}`
    : name;
}

function parseObject(json: Buffer): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(json.toString());
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Reported below.
  }
  throw malformed('it is not a JSON object');
}

function malformed(reason: string): GatewayError {
  return new GatewayError('BAD_GATEWAY', `malformed Lambda proxy response: ${reason}`);
}
