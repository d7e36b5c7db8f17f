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
  const readTyped = typedPages(send);
  return async (parameters, signal) => {
    const NumberFormat = numbers === 'string' ? 'string' : undefined;
    const response = await send({ ...parameters, NumberFormat }, NDJSON, signal);
    const items: unknown[] = [];
    const chars = await completely(response, signal, () =>
      readLines(response, (line) => items.push(parse(line))),
    );
    const { headers } = response;
    if (chars === 0 && headers.get('Content-Length') !== '0')
      return confirmEmpty(readTyped, parameters, signal);
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

/**
 * Reads a page again that seems to be empty. Over HTTP without TLS, Chromium accepts a response whose connection ended
 * within the headers. Without Content-Length it looks empty, but JSON has an end of its own.
 *
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_stream_parser.cc
 */
async function confirmEmpty(
  readTyped: ReadPage,
  parameters: Record<string, unknown>,
  signal: AbortSignal,
): Promise<RawPage> {
  const page = await readTyped(parameters, signal);
  if (page.count === 0) return page;
  throw new ScanError('IncompleteResponse', 'The response ended within its headers.', { status: 200 });
}

/** Reads counts instead of items, as the one line of NDJSON. */
export function countPages(send: Send): ReadPage {
  const readPage = plainPages(send, 'number');
  return async ({ MaxItems: _, ...parameters }, signal) => {
    const page = await readPage({ ...parameters, Select: 'COUNT' }, signal);
    const [counts] = page.items as [{ Count?: unknown }?];
    if (typeof counts?.Count === 'number') return { ...page, items: [], count: counts.Count };
    const code = counts === undefined ? 'IncompleteResponse' : 'MalformedResponse';
    throw new ScanError(code, 'The response has no Count.', { status: 200 });
  };
}

/** The parts of a typed JSON response that the client uses. */
interface TypedResult {
  /** Absent if only the number was requested. */
  Items?: unknown[];
  Count: number;
  NextToken?: string;
  ConsumedCapacity?: { CapacityUnits: number };
}

/** Reads pages as typed JSON, whose items are DynamoDB's typed values. */
export function typedPages(send: Send): ReadPage {
  return async (parameters, signal) => {
    const response = await send(parameters, TYPED_JSON, signal);
    const {
      Items = [],
      Count,
      NextToken,
      ConsumedCapacity,
      chars,
    } = await completely(response, signal, async () => {
      const text = await response.text();
      if (!text.endsWith('}')) throw new Error('it ends early');
      return { ...(JSON.parse(text) as TypedResult), chars: text.length };
    });
    return {
      items: Items,
      count: Count,
      nextToken: NextToken,
      readUnits: ConsumedCapacity?.CapacityUnits ?? 0,
      estimate: estimateOf(response),
      chars,
    };
  };
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
