/** Sends an answer as it comes, or holds it until it is whole. */
import { finished, pipeline } from 'node:stream/promises';
import type { Response } from 'express';
import { breakOff, Problem } from '../../http/problem';

/** Bytes of an answer that is held. */
const HOLD_LIMIT = 8 * 1024 * 1024;

type Chunks = AsyncGenerator<readonly Buffer[], void, undefined>;

/**
 * Sends chunks as they come, as fast as the client takes them, each flushed through compression.
 * Until the first is there a failure is thrown, to get its true status; afterwards it breaks the
 * connection.
 *
 * @param setHead called when the answer is about to begin.
 * @param isLast whether what follows the first chunk is there already: then all is sent at once.
 */
export async function stream(
  chunks: Chunks,
  response: Response,
  setHead: () => void,
  isLast: () => boolean,
): Promise<void> {
  const first = await chunks.next();
  const whole = isLast() && first.done !== true ? await collect(first.value, chunks) : undefined;
  setHead();
  response.status(200);
  if (whole !== undefined) {
    response.set('Content-Length', String(whole.byteLength)).end(whole);
    await finished(response).catch(() => undefined);
    return;
  }
  response.flushHeaders();
  // A rejection leaves nothing to do: the client left, or `allOrBreak` has broken the answer off.
  await pipeline(allOrBreak(first, chunks, response), response).catch(() => undefined);
}

async function collect(first: readonly Buffer[], rest: Chunks): Promise<Buffer> {
  // Copies, for the records' memory is another answer's once more is asked for.
  const all = [Buffer.concat(first)];
  for await (const chunk of rest) all.push(Buffer.concat(chunk));
  return Buffer.concat(all);
}

/**
 * Collects an answer, for what its head says is known only at its end.
 *
 * @throws Problem 400 where it is too large to be held.
 */
export async function* hold(chunks: Chunks): Chunks {
  const held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    // A copy, for pages share their memory.
    const copy = Buffer.concat(chunk);
    held.push(copy);
    size += copy.byteLength;
    if (size > HOLD_LIMIT) throw tooLarge();
  }
  yield held;
}

async function* allOrBreak(
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
    breakOff(response, error);
    throw error;
  } finally {
    await rest.return();
  }
}

/** With the `compression` middleware; what it has in hand goes out. */
interface Flushable {
  flush?: () => void;
}

function tooLarge(): Problem {
  const detail =
    'In this format NextToken, LastEvaluatedKey and ConsumedCapacity are headers, for which the answer has to be whole first, and it is over 8 MiB. Ask for fewer records, or for application/json.';
  return new Problem(400, 'AnswerTooLarge', detail);
}
