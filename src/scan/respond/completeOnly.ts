/** Keeps the read limit of the server from shortening a response that has no place for NextToken. */
import { HttpProblem } from '../../http/problem';
import type { Format } from '../formats/format';
import { MAX_BUFFERED_BYTES } from './send';

type Chunks = ReturnType<Format['write']>;

/** The items of this many read units are about as large as the buffer. */
const MAX_DELAYED_UNITS = 1000;

/**
 * Passes on all chunks, and throws at the end if the scan has not reached the end of the table.
 *
 * If the response is probably small, because of the limit or a filter, its first chunk is delayed until it is complete,
 * so that the failure gets its own status. Otherwise the connection is reset.
 *
 * @param isComplete whether the scan has reached the end of the table; called after the last chunk.
 * @param limit the limit of the server, where undefined means no limit, and whether many items may be left out.
 * @throws HttpProblem 429
 */
export function completeOnly(
  chunks: Chunks,
  isComplete: () => boolean,
  { maxReadUnits, isFiltered }: { maxReadUnits: number | undefined; isFiltered: boolean },
): Chunks {
  if (maxReadUnits === undefined) return chunks;
  const complete = rejectPartial(chunks, isComplete, maxReadUnits);
  return isFiltered || maxReadUnits <= MAX_DELAYED_UNITS ? delayStart(complete) : complete;
}

async function* rejectPartial(chunks: Chunks, isComplete: () => boolean, maxReadUnits: number): Chunks {
  yield* chunks;
  if (isComplete()) return;
  const detail = `The scan reached the limit of this server, ${maxReadUnits} read units per request, before its end. Send MaxReadUnits of at most ${Math.min(maxReadUnits, MAX_DELAYED_UNITS)} to get one part after another: each response says in X-Next-Token where the next one begins. Or send Accept: application/json, which has NextToken in its body.`;
  throw new HttpProblem('ReadLimitReached', detail);
}

/** Delays the first chunk until the response is complete or more than 8 MiB of it are there. */
async function* delayStart(chunks: Chunks): Chunks {
  const buffered: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    if (size > MAX_BUFFERED_BYTES) {
      yield chunk;
      continue;
    }
    // A copy, because pages share their memory.
    const copy = Buffer.concat(chunk);
    buffered.push(copy);
    size += copy.byteLength;
    if (size > MAX_BUFFERED_BYTES) yield buffered.splice(0);
  }
  if (size <= MAX_BUFFERED_BYTES) yield buffered;
}
