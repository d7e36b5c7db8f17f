/** Requests one page and reads it completely. */
import { readLines } from './lines';
import { itemParser, type Numbers } from './numbers';
import { ScanError } from './scanError';
import { detailsOf, type Send } from './transport';

/** A page as it arrives. */
export interface RawPage {
  items: unknown[];
  /** Number of items, also if only they were counted. */
  count: number;
  /** Undefined at the end. */
  nextToken: string | undefined;
  readUnits: number;
  /** DynamoDB's estimate of the number of items to evaluate. */
  estimate: number | undefined;
  /** Length of the text. */
  chars: number;
}

/** Reads the page that the parameters describe. It throws ScanError, or the signal's reason. */
export type ReadPage = (parameters: Record<string, unknown>, signal: AbortSignal) => Promise<RawPage>;

const NDJSON = 'application/x-ndjson';
const TYPED_JSON = 'application/x-amz-json-1.0';

/** Reads pages as NDJSON, whose items are plain values. */
export function plainPages(send: Send, numbers: Numbers): ReadPage {
  const parse = itemParser(numbers);
  return async (parameters, signal) => {
    const NumberFormat = numbers === 'string' ? 'string' : undefined;
    const response = await send({ ...parameters, NumberFormat }, NDJSON, signal);
    const items: unknown[] = [];
    const chars = await completely(response, signal, () =>
      readLines(response, (line) => items.push(parse(line))),
    );
    const { headers } = response;
    const readUnits = headers.get('X-Consumed-Capacity-Units');
    // Without it, X-Next-Token may be hidden too, and the first page would look like the last one.
    if (readUnits === null) throw notReadable(response);
    const nextToken = headers.get('X-Next-Token') ?? undefined;
    return {
      items,
      count: items.length,
      nextToken,
      readUnits: Number(readUnits),
      estimate: estimateOf(response),
      chars,
    };
  };
}

/** The parts of a JSON response that the client uses. */
interface Result {
  Items?: unknown[];
  Count: number;
  NextToken?: string;
  ConsumedCapacity?: { CapacityUnits: number };
  /** Length of the text. */
  chars: number;
}

/** Reads pages as typed JSON, whose items are DynamoDB's typed values. */
export function typedPages(send: Send): ReadPage {
  return async (parameters, signal) => {
    const response = await send(parameters, TYPED_JSON, signal);
    return { ...partOf(await result(response, signal)), estimate: estimateOf(response) };
  };
}

/** Reads counts instead of items. */
export function countPages(send: Send): ReadPage {
  return async ({ MaxItems: _, ...parameters }, signal) => {
    const response = await send({ ...parameters, Select: 'COUNT' }, 'application/json', signal);
    return { ...partOf(await result(response, signal)), estimate: estimateOf(response) };
  };
}

function partOf({ Items: items = [], Count: count, NextToken: nextToken, ConsumedCapacity, chars }: Result) {
  return { items, count, nextToken, readUnits: ConsumedCapacity?.CapacityUnits ?? 0, chars };
}

async function result(response: Response, signal: AbortSignal): Promise<Result> {
  return completely(response, signal, async () => {
    const text = await response.text();
    if (!text.trimEnd().endsWith('}')) throw new Error('the text ends early');
    return { ...(JSON.parse(text) as Omit<Result, 'chars'>), chars: text.length };
  });
}

/** Reads a body, and throws a ScanError that says whether it is incomplete or not JSON. */
async function completely<Content>(
  response: Response,
  signal: AbortSignal,
  read: () => Promise<Content>,
): Promise<Content> {
  try {
    return await read();
  } catch (cause) {
    signal.throwIfAborted();
    const details = { ...detailsOf(response), cause };
    if (cause instanceof SyntaxError) {
      throw new ScanError('MalformedResponse', `The response is not JSON: ${cause.message}`, details);
    }
    const message = `The response is not complete: ${(cause as Error).message}`;
    throw new ScanError('IncompleteResponse', message, details);
  }
}

function estimateOf({ headers }: Response): number | undefined {
  const estimate = headers.get('X-Item-Count-Estimate');
  return estimate === null ? undefined : Number(estimate);
}

function notReadable(response: Response): ScanError {
  const message =
    'The response has no readable header X-Consumed-Capacity-Units, so the client cannot know whether X-Next-Token is hidden too. Add both to CORS_EXPOSE_HEADERS of the server.';
  return new ScanError('HeadersNotReadable', message, detailsOf(response));
}
