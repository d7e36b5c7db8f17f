/** Reads the body of DynamoDB's answer, whole or not at all. */
import { finished } from 'node:stream/promises';
import type { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';

/** The body broke off, or does not have the checksum that it was sent with. The SDK retries it. */
export class IncompleteAnswerError extends Error {
  override name = 'IncompleteAnswerError';
  readonly $retryable = {};
}

/** The body stopped arriving. The SDK knows the name, and retries it. */
class AnswerTimeoutError extends Error {
  override name = 'TimeoutError';
}

/**
 * Collects a body, in the pieces that it comes in.
 *
 * @param checksum `x-amz-crc32` as received: the CRC-32 of the body, in decimal.
 * @param timeout milliseconds the whole body may take.
 * @throws IncompleteAnswerError, or one named TimeoutError.
 */
export async function readAnswer(
  body: Readable,
  checksum: string | undefined,
  timeout: number,
): Promise<Buffer[]> {
  const timer = setTimeout(() => {
    body.destroy(new AnswerTimeoutError(`the answer did not arrive within ${timeout} ms`));
  }, timeout);
  const pieces: Buffer[] = [];
  let actual = 0;
  body.on('data', (piece: Buffer) => {
    pieces.push(piece);
    actual = crc32(piece, actual);
  });
  try {
    await finished(body);
  } catch (cause) {
    if (cause instanceof AnswerTimeoutError) throw cause;
    throw new IncompleteAnswerError('the answer broke off', { cause });
  } finally {
    clearTimeout(timer);
  }
  if (checksum !== undefined && Number(checksum) !== actual) {
    throw new IncompleteAnswerError('the answer does not match its x-amz-crc32');
  }
  return pieces;
}
