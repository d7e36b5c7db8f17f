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
 * Collects a body.
 *
 * @param checksum `x-amz-crc32` as received: the CRC-32 of the body, in decimal.
 * @param timeout milliseconds the whole body may take.
 * @throws IncompleteAnswerError, or one named TimeoutError.
 */
export async function readAnswer(
  body: Readable,
  checksum: string | undefined,
  timeout: number,
): Promise<Buffer> {
  const timer = setTimeout(() => {
    body.destroy(new AnswerTimeoutError(`the answer did not arrive within ${timeout} ms`));
  }, timeout);
  const chunks: Buffer[] = [];
  body.on('data', (chunk: Buffer) => chunks.push(chunk));
  try {
    await finished(body);
  } catch (cause) {
    if (cause instanceof AnswerTimeoutError) throw cause;
    throw new IncompleteAnswerError('the answer broke off', { cause });
  } finally {
    clearTimeout(timer);
  }
  const answer = Buffer.concat(chunks);
  if (checksum !== undefined && Number(checksum) !== crc32(answer)) {
    throw new IncompleteAnswerError('the answer does not match its x-amz-crc32');
  }
  return answer;
}
