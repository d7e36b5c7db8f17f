/** Reads the body of DynamoDB's answer, whole or not at all. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { HttpResponse } from '@smithy/types';
import { answerOf, type Answer } from './answer';
import type { Transcoder } from './transcoder/transcoder';
import { LARGEST_KEPT, type Transcoders } from './transcoder/pool';
import { freePieces } from './pieces';

/** The body broke off, or does not have the checksum that it was sent with. The SDK retries it. */
export class IncompleteAnswerError extends Error {
  override name = 'IncompleteAnswerError';
  readonly $retryable = {};
}

/** The body stopped arriving. The SDK knows the name, and retries it. */
class AnswerTimeoutError extends Error {
  override name = 'TimeoutError';
}

export interface ReadingOptions {
  /** Milliseconds the whole body may take. */
  timeout: number;
  transcoders: Transcoders;
}

/**
 * Collects a body, and compares it with its `x-amz-crc32` where it has one.
 *
 * @throws IncompleteAnswerError, or one named TimeoutError; MalformedAnswerError where there is no memory
 *   for so many bytes.
 */
export async function readAnswer(
  { headers, body }: Pick<HttpResponse, 'headers' | 'body'>,
  { timeout, transcoders }: ReadingOptions,
): Promise<Answer> {
  const { 'x-amz-crc32': checksum, 'content-length': length = '0' } = headers;
  const readable = body as Readable;
  let failure: Error | undefined;
  const fail = (error: Error) => {
    failure ??= error;
    readable.destroy();
  };
  const timer = setTimeout(() => {
    fail(new AnswerTimeoutError(`the answer did not arrive within ${timeout} ms`));
  }, timeout);
  const collected = new Collected(transcoders, Math.min(Number(length), LARGEST_KEPT));
  readable.on('data', (piece: Buffer) => {
    try {
      collected.add(piece);
    } catch (error) {
      fail(error as Error);
    }
  });
  try {
    await finished(readable);
  } catch (cause) {
    throw failure ?? new IncompleteAnswerError('the answer broke off', { cause });
  } finally {
    clearTimeout(timer);
    freePieces(collected.size);
  }
  if (checksum !== undefined && Number(checksum) !== collected.checksum) {
    throw new IncompleteAnswerError('the answer does not match its x-amz-crc32');
  }
  return collected.answer();
}

/** No transcoder is taken for less. */
const SMALL = 64 * 1024;

/** What has come of a body, copied at once: the pieces share one memory, or are to be freed soon. */
class Collected {
  checksum = 0;
  size = 0;
  private readonly transcoders: Transcoders;
  private readonly expected: number;
  private bytes: Buffer = Buffer.alloc(0);
  private transcoder: Transcoder | undefined;

  constructor(transcoders: Transcoders, expected: number) {
    this.transcoders = transcoders;
    this.expected = expected;
  }

  add(piece: Buffer): void {
    this.checksum = crc32(piece, this.checksum);
    const size = this.size + piece.byteLength;
    if (size > this.bytes.byteLength) this.enlarge(Math.max(size, this.expected, 2 * this.size));
    this.bytes.set(piece, this.size);
    this.size = size;
  }

  answer(): Answer {
    const { size, transcoder, transcoders } = this;
    const bytes = this.bytes.subarray(0, size);
    if (transcoder === undefined) return answerOf(bytes);
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
    if (capacity > SMALL) this.transcoder = this.transcoders.take();
    const larger = this.transcoder?.place(capacity) ?? Buffer.allocUnsafe(capacity);
    larger.set(this.bytes.subarray(0, this.size));
    this.bytes = larger;
  }
}
