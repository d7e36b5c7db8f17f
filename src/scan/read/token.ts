/** NextToken: where a scan stands, bound to its query. No memory on the server, and no I/O. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { Problem } from '../../http/problem';
import type { ScanQuery } from '../../dynamodb/repository';
import { SEGMENTS_AT_ONCE, type Position } from './scan';

const keyValue = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
  z.strictObject({ B: z.base64() }),
]);

/** As entries, for zod loses a member called __proto__. */
const keyEntries = z.array(z.tuple([z.string(), keyValue])).min(1);

/** Names are short, for a token may have sixteen keys: of the query, next, begun. */
const payload = z.strictObject({
  q: z.string(),
  n: z.int().min(0),
  b: z.array(z.tuple([z.int().min(0), keyEntries.nullable()])).max(SEGMENTS_AT_ONCE),
});

/** Bytes of a SHA-256 that are kept. */
const DIGEST_LENGTH = 12;

/**
 * Writes a token: URL-safe characters, opaque to clients. It holds the keys that the scan goes on
 * after, one a segment in hand, and digests of the query and of itself.
 */
export function nextToken(query: ScanQuery, { begun, next }: Position): string {
  const state = JSON.stringify({
    q: digest(canonical(query)),
    n: next,
    b: begun.map(({ segment, startKey }) => [segment, startKey ? Object.entries(startKey) : null]),
  });
  return tokenOf(state);
}

function tokenOf(state: string): string {
  return `${Buffer.from(state).toString('base64url')}.${digest(state)}`;
}

/**
 * Reads a token back.
 *
 * @param segments how many segments the query has.
 * @throws Problem 400 where it is no token, or is one of another query.
 */
export function readToken(token: string, query: ScanQuery, segments: number): Position {
  const state = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString();
  const parsed = payload.safeParse(token === tokenOf(state) ? jsonOf(state) : undefined);
  if (!parsed.success) {
    throw refused(
      'InvalidStartingToken',
      'StartingToken takes a NextToken, whole, as an earlier answer gave it.',
    );
  }
  const { q, n, b } = parsed.data;
  const isOfQuery =
    q === digest(canonical(query)) &&
    n <= segments &&
    b.every(([segment]) => segment < n) &&
    (b.length > 0 || n < segments);
  if (!isOfQuery) {
    const detail =
      'StartingToken is of another query. Send it with the table, index, expressions, values and segments of the request whose answer had it.';
    throw refused('StartingTokenOfAnotherQuery', detail);
  }
  const begun = b.map(([segment, key]) => ({ segment, startKey: key ? Object.fromEntries(key) : undefined }));
  return { begun, next: n };
}

/** Whoever can compute a digest can write a token: it may hold anything. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(code: string, detail: string): Problem {
  return new Problem(400, code, detail);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, DIGEST_LENGTH).toString('base64url');
}

/** The same text for the same query, in whatever order its members come. */
function canonical(query: ScanQuery): string {
  return JSON.stringify(query, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
