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
  /** Number of evaluated items; undefined if the server hides it. */
  scanned: number | undefined;
  /** Undefined if the server hides it. */
  readUnits: number | undefined;
  /** DynamoDB's estimate of the number of items to evaluate. */
  estimate: number | undefined;
  /** Length of the text. */
  chars: number;
}

/** Reads the page that the parameters describe. It throws ScanError, or the signal's reason. */
export type ReadPage = (parameters: Record<string, unknown>, signal: AbortSignal) => Promise<RawPage>;

const NDJSON = 'application/x-ndjson';
const TYPED_JSON = 'application/x-amz-json-1.0';
const ESTIMATE = 'X-Item-Count-Estimate';

/**
 * Reads pages as NDJSON, whose items are plain values. The server sends X-Count after the other headers, so the page is
 * complete if it has that many items. Without this check, a page in Chromium can be incomplete: over HTTP without TLS, it
 * accepts a response whose connection ended within the headers.
 *
 * @see https://source.chromium.org/chromium/chromium/src/+/main:net/http/http_stream_parser.cc
 */
export function plainPages(send: Send, numbers: Numbers): ReadPage {
  const parse = itemParser(numbers);
  const NumberFormat = numbers === 'string' ? 'string' : undefined;
  return async (parameters, signal) => {
    const response = await send({ ...parameters, NumberFormat }, NDJSON, signal);
    const items: unknown[] = [];
    const count = numberIn(response, 'X-Count');
    const chars = await completely(response, signal, async () => {
      const length = await readLines(response, (line) => items.push(parse(line)));
      if (count === items.length) return length;
      // Content-Length comes after X-Count, and web pages can always read it.
      const isHidden = length > 0 || numberIn(response, 'Content-Length') === 0;
      if (count === undefined && isHidden) throw notReadable(response);
      throw new Error(`it has ${items.length} items, and X-Count is ${count ?? 'missing'}`);
    });
    return {
      items,
      count: items.length,
      chars,
      nextToken: response.headers.get('X-Next-Token') ?? undefined,
      scanned: numberIn(response, 'X-Scanned-Count'),
      readUnits: numberIn(response, 'X-Consumed-Capacity-Units'),
      estimate: numberIn(response, ESTIMATE),
    };
  };
}

/** Reads counts instead of items, as typed JSON: its body has all that is needed, also if the server sends no X-Count. */
export function countPages(send: Send): ReadPage {
  const readPage = typedPages(send);
  return ({ MaxItems: _, ...parameters }, signal) => readPage({ ...parameters, Select: 'COUNT' }, signal);
}

/** The parts of a typed JSON response that the client uses. */
interface TypedResult {
  /** Absent if only the number was requested. */
  Items?: unknown[];
  Count: number;
  ScannedCount?: number;
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
      ScannedCount,
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
      scanned: ScannedCount,
      readUnits: ConsumedCapacity?.CapacityUnits,
      estimate: numberIn(response, ESTIMATE),
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
    if (cause instanceof ScanError) throw cause;
    const details = { ...detailsOf(response), cause };
    if (cause instanceof SyntaxError) {
      throw new ScanError('MalformedResponse', `The response is not JSON: ${cause.message}`, details);
    }
    const message = `The response is not complete: ${(cause as Error).message}`;
    throw new ScanError('IncompleteResponse', message, details);
  }
}

function numberIn({ headers }: Response, name: string): number | undefined {
  const value = headers.get(name);
  return value === null ? undefined : Number(value);
}

function notReadable(response: Response): ScanError {
  const message =
    'X-Count is not readable, so X-Next-Token can be hidden too. Add both to CORS_EXPOSE_HEADERS of the server.';
  return new ScanError('HeadersNotReadable', message, detailsOf(response));
}
