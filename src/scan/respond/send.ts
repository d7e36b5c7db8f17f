/** Sends a response as its chunks arrive, or buffers it until it is complete. */
import { finished, pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { abortResponse, HttpProblem } from '../../http/problem';

/** Maximum size of a buffered response. */
export const MAX_BUFFERED_BYTES = 8 * 1024 * 1024;

type Chunks = AsyncGenerator<readonly Buffer[], void, undefined>;

/**
 * Sends chunks as they arrive, at the speed of the client, each flushed through compression.
 *
 * Until the first chunk is there a failure is thrown, so that it gets its true status. A later failure resets
 * the connection.
 *
 * A client that takes nothing for `writeTimeoutMs` gets a reset, so that it does not occupy the server.
 *
 * @param setHeaders called just before the response begins.
 * @param hasMore whether another page may follow; if not, the rest is sent at once with a Content-Length.
 */
export async function sendChunks(
  chunks: Chunks,
  response: Response,
  setHeaders: () => void,
  hasMore: () => boolean,
  writeTimeoutMs: number,
): Promise<void> {
  resetWithoutProgress(response, writeTimeoutMs);
  const first = await chunks.next();
  const complete = !hasMore() && first.done !== true ? await collect(first.value, chunks) : undefined;
  setHeaders();
  response.status(200);
  if (complete !== undefined) {
    response.set('Content-Length', String(complete.byteLength)).end(complete);
    await finished(response).catch(() => undefined);
    return;
  }
  response.flushHeaders();
  // Nothing is left to do on a rejection: the client has disconnected, or the connection was reset.
  await pipeline(streamOrReset(first, chunks, response), response).catch(() => undefined);
}

/**
 * Node.js emits `timeout` if the socket has neither received nor sent a byte for that time. Without waiting bytes the
 * client is not the cause: the server waits for DynamoDB.
 */
function resetWithoutProgress(response: Response, timeoutMs: number): void {
  response.setTimeout(timeoutMs, () => {
    if (response.writableLength === 0) response.socket?.setTimeout(timeoutMs);
    else abortResponse(response, new Error(`the client has read nothing for ${timeoutMs / 1000} seconds`));
  });
}

async function collect(first: readonly Buffer[], rest: Chunks): Promise<Buffer> {
  // Copies, because the generator reuses the memory of a chunk when it is asked for the next one.
  const all = [Buffer.concat(first)];
  for await (const chunk of rest) all.push(Buffer.concat(chunk));
  return Buffer.concat(all);
}

/**
 * Collects a response whose headers are known only at its end.
 *
 * @throws HttpProblem 400 if it is larger than 8 MiB.
 */
export async function* bufferChunks(chunks: Chunks): Chunks {
  const buffered: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    // A copy, because pages share their memory.
    const copy = Buffer.concat(chunk);
    buffered.push(copy);
    size += copy.byteLength;
    if (size > MAX_BUFFERED_BYTES) throw tooLarge();
  }
  yield buffered;
}

async function* streamOrReset(
  first: IteratorResult<readonly Buffer[]>,
  rest: Chunks,
  response: Response,
): AsyncGenerator<Buffer, void, undefined> {
  try {
    for (let next = first; next.done !== true; next = await rest.next()) {
      yield* next.value;
      (response as Flushable).flush?.();
    }
  } catch (error) {
    abortResponse(response, error);
    throw error;
  } finally {
    await rest.return();
  }
}

/** The `compression` middleware adds `flush`, which sends the bytes that it has buffered. */
interface Flushable {
  flush?: () => void;
}

function tooLarge(): HttpProblem {
  const detail =
    'This response is over 8 MiB. This format sends NextToken, LastEvaluatedKey and ConsumedCapacity in headers, so the whole response is buffered first. Request fewer items, or send Accept: application/json.';
  return new HttpProblem('AnswerTooLarge', detail);
}
