/** Reads the body of DynamoDB's answer, whole or not at all. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { HttpResponse } from '@smithy/types';
import {
  MalformedAnswerError,
  transcodeScan,
  type ItemOptions,
  type Transcoder,
  type TranscodedScan,
} from '../transcode';
import type { Transcoders } from '../transcoders';
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

/** The body of an answer. */
export interface Answer {
  bytes: Buffer;
  /** Reads and rewrites it as `transcodeScan` does; the records last until it is released. */
  transcode: (options: ItemOptions) => TranscodedScan;
  /** Gives its memory to other answers; to be called once, when it is of no use any more. */
  release: () => void;
}

/** An answer that has its bytes to itself. */
export function answerOf(bytes: Buffer): Answer {
  return { bytes, transcode: (options) => transcodeScan(bytes, options), release: () => undefined };
}

export interface ReadingOptions {
  /** Milliseconds the whole body may take. */
  timeout: number;
  transcoders: Transcoders;
}

interface AnswerOptions extends ReadingOptions {
  /** `x-amz-crc32` as received: the CRC-32 of the body, in decimal. */
  checksum?: string | undefined;
  /** `Content-Length` as received. */
  length?: string | undefined;
}

/** Collects the body of a response; as `readAnswer` does. */
export function readResponse({ headers, body }: HttpResponse, options: ReadingOptions): Promise<Answer> {
  const { 'x-amz-crc32': checksum, 'content-length': length } = headers;
  return readAnswer(body as Readable, { ...options, checksum, length });
}

/**
 * Collects a body.
 *
 * @throws IncompleteAnswerError, or one named TimeoutError.
 */
export async function readAnswer(body: Readable, options: AnswerOptions): Promise<Answer> {
  const { checksum, length, timeout, transcoders } = options;
  const timer = setTimeout(() => {
    body.destroy(new AnswerTimeoutError(`the answer did not arrive within ${timeout} ms`));
  }, timeout);
  const collected = new Collected(transcoders, Math.min(Number(length ?? 0), MOST_EXPECTED));
  body.on('data', (piece: Buffer) => {
    try {
      collected.add(piece);
    } catch (error) {
      body.destroy(error as Error);
    }
  });
  try {
    await finished(body);
  } catch (cause) {
    if (cause instanceof AnswerTimeoutError || cause instanceof MalformedAnswerError) throw cause;
    throw new IncompleteAnswerError('the answer broke off', { cause });
  } finally {
    clearTimeout(timer);
    freePieces(collected.size);
  }
  if (checksum !== undefined && Number(checksum) !== collected.checksum) {
    throw new IncompleteAnswerError('the answer does not match its x-amz-crc32');
  }
  return collected.answer();
}

/** Whatever an answer says of its length. */
const MOST_EXPECTED = 4 * 1024 * 1024;

/** An answer as small as that is transcoded where all are. */
const SMALL = 64 * 1024;

/** What has come of a body. Copied at once, its pieces do not outlive their first garbage collection. */
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
    return {
      bytes,
      transcode: (options) => transcoder.transcode(size, options),
      release: () => {
        transcoders.give(transcoder);
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
