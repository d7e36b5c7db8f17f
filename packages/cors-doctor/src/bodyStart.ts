/** Decodes the start of a response body: its transfer encoding, its compression and its characters. No I/O. */
import * as zlib from 'node:zlib';
import type { OutgoingRequest } from './diagnosis';
import { headerOf } from './headers';
import type { ResponseHead } from './responseHead';

/** A small body can expand to any size. */
const MAX_DECODED_BYTES = 1024 * 1024;

/** Streams that never end and that explain nothing. */
const STREAM = /^(?:text\/event-stream|multipart\/x-mixed-replace)/i;

/** Returns whether a response can have a body that explains something. RFC 9112, section 6.3. */
export function isWorthReading({ method }: OutgoingRequest, head: ResponseHead): boolean {
  if (method === 'HEAD' || head.status === 204 || head.status === 304) return false;
  return !STREAM.test(headerOf(head, 'content-type') ?? '');
}

/** Returns whether all of the body has arrived. Without a length, it ends with the connection. */
export function isComplete(bytes: Buffer, head: ResponseHead): boolean {
  if (isChunked(head)) return dechunk(bytes).complete;
  const [length = ''] = (headerOf(head, 'content-length') ?? '').split(',');
  return /^\d+$/.test(length) && bytes.byteLength >= Number(length);
}

/** Returns the text of a body, or of its start. Empty if it is compressed in a way that this version of Node.js cannot read. */
export function decodeBody(bytes: Buffer, head: ResponseHead): string {
  const whole = isChunked(head) ? dechunk(bytes).body : bytes;
  const encodings = (headerOf(head, 'content-encoding') ?? '').toLowerCase().split(',');
  try {
    return encodings.reduceRight((coded, encoding) => decompress(coded, encoding.trim()), whole).toString();
  } catch {
    return '';
  }
}

function isChunked(head: ResponseHead): boolean {
  return /(?:^|[,\s])chunked\s*$/i.test(headerOf(head, 'transfer-encoding') ?? '');
}

/** Joins the chunks, up to the first that is not complete or not valid. */
function dechunk(bytes: Buffer): { body: Buffer; complete: boolean } {
  const chunks: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf('\n', at);
    const size = lineEnd === -1 ? NaN : parseInt(bytes.toString('latin1', at, lineEnd), 16);
    if (Number.isNaN(size) || size <= 0) return { body: Buffer.concat(chunks), complete: size === 0 };
    chunks.push(bytes.subarray(lineEnd + 1, lineEnd + 1 + size));
    at = lineEnd + 1 + size;
    if (bytes[at] === 0x0d) at += 1;
    if (bytes[at] === 0x0a) at += 1;
  }
}

/** The flush options let zlib decode data that is cut short. */
function decompress(bytes: Buffer, encoding: string): Buffer {
  const limit = { maxOutputLength: MAX_DECODED_BYTES };
  const partial = { ...limit, finishFlush: zlib.constants.Z_SYNC_FLUSH };
  switch (encoding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.gunzipSync(bytes, partial);
    case 'deflate':
      // Some servers leave out the zlib header. Its first byte always ends with the four bits of 8.
      return ((bytes[0] ?? 0) & 0x0f) === 8
        ? zlib.inflateSync(bytes, partial)
        : zlib.inflateRawSync(bytes, partial);
    case 'br':
      return zlib.brotliDecompressSync(bytes, {
        ...limit,
        finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH,
      });
    case 'zstd':
      return zstdDecompress(bytes, limit);
    default:
      return bytes;
  }
}

/** Only Node.js 22.15 and later can decompress zstd. */
function zstdDecompress(bytes: Buffer, limit: { maxOutputLength: number }): Buffer {
  const { zstdDecompressSync } = zlib as { zstdDecompressSync?: (coded: Buffer, options: object) => Buffer };
  if (zstdDecompressSync === undefined) throw new Error('This version of Node.js cannot decompress zstd.');
  return zstdDecompressSync(bytes, limit);
}
