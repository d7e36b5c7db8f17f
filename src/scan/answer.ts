/** Reads the body of DynamoDB's answer, whole or not at all. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { AnswerMemory } from './answerMemory';

/** The body broke off, or does not have the checksum that it was sent with. The SDK retries it. */
export class IncompleteAnswerError extends Error {
  override name = 'IncompleteAnswerError';
  readonly $retryable = {};
}

/** The body stopped arriving. The SDK knows the name, and retries it. */
class AnswerTimeoutError extends Error {
  override name = 'TimeoutError';
}

/** The bytes of an answer. */
export interface Answer {
  bytes: Buffer;
  /** Gives their memory to other answers; to be called once, when they are of no use any more. */
  release: () => void;
}

interface AnswerOptions {
  /** `x-amz-crc32` as received: the CRC-32 of the body, in decimal. */
  checksum?: string | undefined;
  /** `Content-Length` as received. */
  length?: string | undefined;
  /** Milliseconds the whole body may take. */
  timeout: number;
  memory: AnswerMemory;
}

/**
 * Collects a body.
 *
 * @throws IncompleteAnswerError, or one named TimeoutError.
 */
export async function readAnswer(body: Readable, options: AnswerOptions): Promise<Answer> {
  const { checksum, length, timeout, memory } = options;
  const timer = setTimeout(() => {
    body.destroy(new AnswerTimeoutError(`the answer did not arrive within ${timeout} ms`));
  }, timeout);
  const collected = new Collected(memory, Math.min(Number(length ?? 0), MOST_EXPECTED));
  body.on('data', (piece: Buffer) => {
    collected.add(piece);
  });
  try {
    await finished(body);
  } catch (cause) {
    if (cause instanceof AnswerTimeoutError) throw cause;
    throw new IncompleteAnswerError('the answer broke off', { cause });
  } finally {
    clearTimeout(timer);
  }
  if (checksum !== undefined && Number(checksum) !== collected.checksum) {
    throw new IncompleteAnswerError('the answer does not match its x-amz-crc32');
  }
  return collected.answer();
}

/** Whatever an answer says of its length. */
const MOST_EXPECTED = 4 * 1024 * 1024;

/** What has come of a body. Copied at once, its pieces do not outlive their first garbage collection. */
class Collected {
  checksum = 0;
  private readonly memory: AnswerMemory;
  private readonly expected: number;
  private buffer: Buffer | undefined;
  private size = 0;

  constructor(memory: AnswerMemory, expected: number) {
    this.memory = memory;
    this.expected = expected;
  }

  add(piece: Buffer): void {
    this.checksum = crc32(piece, this.checksum);
    const size = this.size + piece.byteLength;
    if (this.buffer === undefined || size > this.buffer.byteLength) this.enlarge(size);
    this.buffer?.set(piece, this.size);
    this.size = size;
  }

  answer(): Answer {
    const { buffer, size, memory } = this;
    if (buffer === undefined) return { bytes: Buffer.alloc(0), release: () => undefined };
    return {
      bytes: buffer.subarray(0, size),
      release: () => {
        memory.give(buffer);
      },
    };
  }

  private enlarge(size: number): void {
    const larger = this.memory.take(Math.max(size, this.expected, 2 * this.size));
    if (this.buffer !== undefined) {
      this.buffer.copy(larger, 0, 0, this.size);
      this.memory.give(this.buffer);
    }
    this.buffer = larger;
  }
}
