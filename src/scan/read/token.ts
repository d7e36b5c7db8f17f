/** NextToken: the position of a scan, bound to its query. The server keeps no state, and there is no I/O. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { HttpProblem } from '../../http/problem';
import type { ScanQuery } from '../../dynamodb/scanCall';
import { MAX_PARALLEL_SEGMENTS, type Position } from './scan';
import type { TokenFormat } from './tokenCipher';

const keyValue = z.union([
  z.strictObject({ S: z.string() }),
  z.strictObject({ N: z.string() }),
  z.strictObject({ B: z.base64() }),
]);

/** As entries, because zod drops an attribute named __proto__. */
const keyEntries = z.array(z.tuple([z.string(), keyValue])).min(1);

/** Short names, because a token can contain sixteen keys: q is the query digest, n is `next`, b is `begun`. */
const payload = z.strictObject({
  q: z.string(),
  n: z.int().min(0),
  b: z.array(z.tuple([z.int().min(0), keyEntries.nullable()])).max(MAX_PARALLEL_SEGMENTS),
});

/** How many bytes of a SHA-256 digest are kept. */
const DIGEST_BYTES = 12;

/**
 * Writes a token of URL-safe characters, opaque to clients. It contains one key per segment in progress, after which the
 * scan continues, and digests of the query and of itself.
 */
export function nextToken(query: ScanQuery, { begun, next }: Position, format = READABLE): string {
  const state = JSON.stringify({
    q: digest(canonical(query)),
    n: next,
    b: begun.map(({ segment, startKey }) => [segment, startKey ? Object.entries(startKey) : null]),
  });
  return format.write(state);
}

/** Base64 with a checksum, which finds truncated tokens. It is not a signature: a client can compute it. */
const READABLE: TokenFormat = {
  write: (state) => `${Buffer.from(state).toString('base64url')}.${digest(state)}`,
  read: (token) => {
    const state = Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString();
    return token === READABLE.write(state) ? state : undefined;
  },
};

/**
 * Reads a token. Everything in it is validated, because a client can write one.
 *
 * @param segments the number of segments of the query.
 * @throws HttpProblem 400 if it is not a valid token, or belongs to another query.
 */
export function readToken(token: string, query: ScanQuery, segments: number, format = READABLE): Position {
  const state = format.read(token);
  const parsed = payload.safeParse(state === undefined ? undefined : jsonOf(state));
  if (!parsed.success) {
    throw new HttpProblem(
      'InvalidStartingToken',
      'StartingToken must be the complete NextToken of an earlier response.',
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
      'StartingToken belongs to another query. Send it with the same table, index, expressions, values and segments as the request that returned it.';
    throw new HttpProblem('StartingTokenOfAnotherQuery', detail);
  }
  const begun = b.map(([segment, key]) => ({ segment, startKey: key ? Object.fromEntries(key) : undefined }));
  return { begun, next: n };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest().subarray(0, DIGEST_BYTES).toString('base64url');
}

/** Serializes a query so that the order of its parameters does not matter. */
function canonical(query: ScanQuery): string {
  return JSON.stringify(query, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
