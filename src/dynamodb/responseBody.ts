/** Reads a DynamoDB response body completely, or fails. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { HttpResponse } from '@smithy/types';
import { freeChunks } from './garbageCollection';
import { MAX_POOLED_BYTES, type TranscoderPool } from './transcoder/pool';
import {
  transcodeScan,
  type ItemOptions,
  type TranscodedScan,
  type Transcoder,
} from './transcoder/transcoder';

/** A complete response body. */
export interface ResponseBody {
  bytes: Buffer;
  /** Rewrites the body as `transcodeScan` does. The result is valid until `release`. */
  transcode: (options: ItemOptions) => TranscodedScan;
  /** Returns the memory of the body to the pool. Callers must not use the bytes after this. */
  release: () => void;
}

/** A body with memory of its own. */
export function bodyOf(bytes: Buffer): ResponseBody {
  return { bytes, transcode: (options) => transcodeScan(bytes, options), release: () => undefined };
}

/** The body ended early or its x-amz-crc32 checksum does not match. The SDK retries it. */
export class IncompleteBodyError extends Error {
  override name = 'IncompleteBodyError';
  readonly $retryable = {};
}

/** The response did not arrive in time. Named `TimeoutError` because the SDK retries errors of that name. */
export class ResponseTimeoutError extends Error {
  override name = 'TimeoutError';
}

export interface ReadBodyOptions {
  /** How many milliseconds the whole body may take. */
  timeout: number;
  transcoders: TranscoderPool;
}

/**
 * Collects a body and compares it with its `x-amz-crc32` header, if there is one.
 *
 * @throws IncompleteBodyError, an error named TimeoutError, or MalformedResponseError if the body does not
 *   fit into memory.
 */
export async function readBody(
  { headers, body }: Pick<HttpResponse, 'headers' | 'body'>,
  { timeout, transcoders }: ReadBodyOptions,
): Promise<ResponseBody> {
  const { 'x-amz-crc32': checksum, 'content-length': length = '0' } = headers;
  const readable = body as Readable;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    readable.destroy();
  };
  const timer = setTimeout(() => {
    fail(new ResponseTimeoutError(`the response body did not arrive within ${timeout} ms`));
  }, timeout);
  const collector = new BodyCollector(transcoders, Math.min(Number(length), MAX_POOLED_BYTES));
  readable.on('data', (chunk: Buffer) => {
    try {
      collector.add(chunk);
    } catch (error) {
      fail(error as Error);
    }
  });
  try {
    await finished(readable);
  } catch (cause) {
    throw failure ?? new IncompleteBodyError('the response body ended early', { cause });
  } finally {
    clearTimeout(timer);
    freeChunks(collector.size);
  }
  if (checksum !== undefined && Number(checksum) !== collector.checksum) {
    throw new IncompleteBodyError('the response body does not match its x-amz-crc32 header');
  }
  return collector.body();
}

/** Smaller bodies are collected without WebAssembly memory: setting it up would cost more than it saves. */
const MIN_TRANSCODER_BYTES = 64 * 1024;

/** Collects the chunks of one body. Copies each chunk at once because the connections share their read buffer. */
class BodyCollector {
  checksum = 0;
  size = 0;
  private readonly transcoders: TranscoderPool;
  private readonly expectedSize: number;
  private bytes: Buffer = Buffer.alloc(0);
  private transcoder: Transcoder | undefined;

  constructor(transcoders: TranscoderPool, expectedSize: number) {
    this.transcoders = transcoders;
    this.expectedSize = expectedSize;
  }

  add(chunk: Buffer): void {
    this.checksum = crc32(chunk, this.checksum);
    const size = this.size + chunk.byteLength;
    if (size > this.bytes.byteLength) this.enlarge(Math.max(size, this.expectedSize, 2 * this.size));
    this.bytes.set(chunk, this.size);
    this.size = size;
  }

  body(): ResponseBody {
    const { size, transcoder, transcoders } = this;
    const bytes = this.bytes.subarray(0, size);
    if (transcoder === undefined) return bodyOf(bytes);
    let isReleased = false;
    return {
      bytes,
      transcode: (options) => transcoder.transcode(size, options),
      release: () => {
        if (!isReleased) transcoders.give(transcoder);
        isReleased = true;
      },
    };
  }

  private enlarge(capacity: number): void {
    if (this.transcoder !== undefined) {
      this.bytes = this.transcoder.place(capacity);
      return;
    }
    if (capacity > MIN_TRANSCODER_BYTES) this.transcoder = this.transcoders.take();
    const larger = this.transcoder?.place(capacity) ?? Buffer.allocUnsafe(capacity);
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
  }
}
