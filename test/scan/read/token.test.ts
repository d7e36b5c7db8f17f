import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { HttpProblem } from '../../../src/http/problem';
import { nextToken, readToken } from '../../../src/scan/read/token';
import type { Key } from '../../../src/dynamodb/key';
import type { ScanQuery } from '../../../src/dynamodb/scanCall';
import { MAX_PARALLEL_SEGMENTS, type Position } from '../../../src/scan/read/scan';

const QUERY: ScanQuery = { TableName: 'Records' };
const MANY = 1_000_000;

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\\', '\0', '\n', '\u2028', '\ud800', '\udc00x', '😀', "'", '.', '{"S":"x"}', ''),
);
const name = fc.oneof(
  text.filter((name) => name !== '__proto__'),
  fc.constantFrom('id', 'constructor', 'toString', '0', 'S'),
);
const keyValue = fc.oneof(
  fc.record({ S: text }),
  fc.record({
    N: fc.oneof(fc.bigInt().map(String), fc.constantFrom('-1.5E-130', '0.10', '9007199254740993')),
  }),
  fc.record({ B: fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64')) }),
);
const key: fc.Arbitrary<Key> = fc
  .array(fc.tuple(name, keyValue), { minLength: 1, maxLength: 4 })
  .map((entries) => Object.fromEntries(entries));

/** Possible positions of a scan of many segments. */
const position: fc.Arbitrary<Position> = fc
  .record({
    begun: fc.uniqueArray(
      fc.record({ segment: fc.nat(MANY - 1), startKey: fc.option(key, { nil: undefined }) }),
      { maxLength: MAX_PARALLEL_SEGMENTS, selector: ({ segment }) => segment },
    ),
    untouched: fc.nat(3),
  })
  .map(({ begun, untouched }) => ({
    begun,
    next: Math.min(MANY, Math.max(0, ...begun.map(({ segment }) => segment + 1)) + untouched),
  }));

const query: fc.Arbitrary<ScanQuery> = fc.record(
  {
    TableName: text,
    IndexName: text,
    FilterExpression: text,
    ExpressionAttributeNames: fc.dictionary(text, text, { maxKeys: 3 }),
    ExpressionAttributeValues: fc.dictionary(text, keyValue, { maxKeys: 3 }),
    TotalSegments: fc.nat(20),
    ConsistentRead: fc.boolean(),
  },
  { requiredKeys: ['TableName'] },
);

/** Returns the code of the problem for a token; undefined if it is valid. */
function rejectionCode(token: string, query = QUERY, segments = MANY): string | undefined {
  try {
    readToken(token, query, segments);
    return undefined;
  } catch (error) {
    if (!(error instanceof HttpProblem)) throw error;
    return error.details.code;
  }
}

const INVALID = 'InvalidStartingToken';
const OF_ANOTHER_QUERY = 'StartingTokenOfAnotherQuery';

describe('nextToken', () => {
  it('contains the position of any scan, whatever its keys contain', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        expect(readToken(nextToken(query, position), query, MANY)).toEqual(position);
      }),
      { numRuns: 500 },
    );
  });

  it('returns the same token for the same position', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        const copy = structuredClone({ query, position });
        expect(nextToken(copy.query, copy.position)).toBe(nextToken(query, position));
      }),
    );
  });

  it('uses only characters without a special meaning in URLs, headers and shells', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        expect(nextToken(query, position)).toMatch(/^[\w.-]+$/);
      }),
    );
  });

  it('does not reveal the query', () => {
    const token = nextToken({ ...QUERY, FilterExpression: 'secret' }, { begun: [], next: 0 });
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).not.toMatch(/secret|Records/);
  });

  it.each([1, 2, 16, 17, MANY])('can describe the end of %d segments, and nothing after it', (segments) => {
    const token = nextToken(QUERY, {
      begun: [{ segment: segments - 1, startKey: undefined }],
      next: segments,
    });
    expect(rejectionCode(token, QUERY, segments)).toBeUndefined();
    expect(rejectionCode(token, QUERY, segments - 1)).toBe(OF_ANOTHER_QUERY);
  });

  it.each([1, 2, 16])('is not accepted for a complete scan of %d segments', (segments) => {
    const token = nextToken(QUERY, { begun: [], next: segments });
    expect(rejectionCode(token, QUERY, segments)).toBe(OF_ANOTHER_QUERY);
    expect(rejectionCode(token, QUERY, segments + 1)).toBeUndefined();
  });

  it('is not accepted with a segment in progress that has not been started', () => {
    const begun = [
      { segment: 2, startKey: undefined },
      { segment: 3, startKey: undefined },
    ];
    expect(rejectionCode(nextToken(QUERY, { begun, next: 4 }), QUERY, 5)).toBeUndefined();
    expect(rejectionCode(nextToken(QUERY, { begun, next: 3 }), QUERY, 5)).toBe(OF_ANOTHER_QUERY);
  });

  it('contains the keys of all segments that are read at once', () => {
    const begun = Array.from({ length: MAX_PARALLEL_SEGMENTS }, (_, segment) => ({
      segment,
      startKey: { id: { S: `item ${segment}` } },
    }));
    const position = { begun, next: MAX_PARALLEL_SEGMENTS };
    expect(readToken(nextToken(QUERY, position), QUERY, MAX_PARALLEL_SEGMENTS)).toEqual(position);
  });

  it('keeps a key attribute named __proto__', () => {
    const startKey = JSON.parse('{"__proto__":{"S":"a"},"id":{"S":"b"}}') as Key;
    const token = nextToken(QUERY, { begun: [{ segment: 0, startKey }], next: 1 });
    if (rejectionCode(token) !== undefined) return;
    const [begun] = readToken(token, QUERY, 1).begun;
    expect(Object.keys(begun?.startKey ?? {})).toEqual(['__proto__', 'id']);
  });
});

describe('readToken rejects a token of another query:', () => {
  const full: ScanQuery = {
    TableName: 'Records',
    IndexName: 'byPlace',
    ConsistentRead: false,
    Select: 'SPECIFIC_ATTRIBUTES',
    FilterExpression: '#a = :a',
    ProjectionExpression: '#a',
    ExpressionAttributeNames: { '#a': 'a', '#b': 'b' },
    ExpressionAttributeValues: {
      ':a': { N: '1' },
      ':b': { M: { x: { S: 'x' }, y: { L: [{ S: '1' }, { S: '2' }] } } },
    },
    Segment: 0,
    TotalSegments: 2,
  };
  const token = nextToken(full, { begun: [{ segment: 0, startKey: { id: { S: 'a' } } }], next: 2 });

  it.each(Object.keys(full))('a query without its %s', (member) => {
    expect(rejectionCode(token, { ...full, [member]: undefined }, 2)).toBe(OF_ANOTHER_QUERY);
  });

  it.each<[string, Partial<ScanQuery>]>([
    ['table', { TableName: 'records' }],
    ['index', { IndexName: 'byTime' }],
    ['consistency', { ConsistentRead: true }],
    ['selection', { Select: 'ALL_ATTRIBUTES' }],
    ['filter', { FilterExpression: '#a <> :a' }],
    ['projection', { ProjectionExpression: '#b' }],
    ['names', { ExpressionAttributeNames: { '#a': 'b', '#b': 'a' } }],
    ['name too many', { ExpressionAttributeNames: { '#a': 'a', '#b': 'b', '#c': 'c' } }],
    ['value', { ExpressionAttributeValues: { ...full.ExpressionAttributeValues, ':a': { N: '2' } } }],
    [
      'type of a value',
      { ExpressionAttributeValues: { ...full.ExpressionAttributeValues, ':a': { S: '1' } } },
    ],
    [
      'order in a list',
      {
        ExpressionAttributeValues: {
          ...full.ExpressionAttributeValues,
          ':b': { M: { x: { S: 'x' }, y: { L: [{ S: '2' }, { S: '1' }] } } },
        },
      },
    ],
    ['segment', { Segment: 1 }],
    ['number of segments', { TotalSegments: 3 }],
  ])('another %s', (_, change) => {
    expect(rejectionCode(token, { ...full, ...change }, 2)).toBe(OF_ANOTHER_QUERY);
  });

  it('any other query', () => {
    fc.assert(
      fc.property(query, query, position, (one, other, position) => {
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        expect(rejectionCode(nextToken(one, position), other)).toBe(OF_ANOTHER_QUERY);
      }),
    );
  });

  it('but not a query whose parameters have another order, at any level, or are undefined', () => {
    const reversed = reverse({ ...full, Limit: undefined }) as ScanQuery;
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(full));
    expect(rejectionCode(token, reversed, 2)).toBeUndefined();
  });

  /** Changes the order of the properties of each object. */
  function sorted(value: unknown): unknown {
    return ordered(value, (entries) => entries.sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  function reverse(value: unknown): unknown {
    return ordered(value, (entries) => entries.reverse());
  }

  function ordered(value: unknown, order: (entries: [string, unknown][]) => [string, unknown][]): unknown {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((element) => ordered(element, order));
    return Object.fromEntries(
      order(Object.entries(value)).map(([name, member]) => [name, ordered(member, order)]),
    );
  }
});

describe('readToken, given a changed token,', () => {
  const CHARACTERS = Array.from(
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= \n%"{é😀',
  );
  const TOKEN = nextToken(QUERY, { begun: [{ segment: 0, startKey: { id: { S: 'ab' } } }], next: 1 });
  const [STATE = '', DIGEST = ''] = TOKEN.split('.');

  it('never returns another position if a character is changed, added or lost', () => {
    const change = fc.record({
      at: fc.nat(),
      removed: fc.nat(1),
      inserted: fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 1 }),
    });
    fc.assert(
      fc.property(position, change, (position, { at, removed, inserted }) => {
        const token = nextToken(QUERY, position);
        const characters = Array.from(token);
        characters.splice(at % token.length, removed, ...inserted);
        const changed = characters.join('');
        const rejected = rejectionCode(changed);
        const read = rejected === undefined ? readToken(changed, QUERY, MANY) : position;
        expect({ rejected: rejected ?? INVALID, read }).toEqual({ rejected: INVALID, read: position });
      }),
      { numRuns: 2000 },
    );
  });

  it('rejects any other character in the digest or the content, except the last one of the content', () => {
    const places = Array.from(TOKEN, (_, at) => at).filter((at) => at !== STATE.length - 1);
    // Two characters that both decode to 62, or to 63.
    const same = new Set(['-+', '_/']);
    const accepted = places.flatMap((at) =>
      CHARACTERS.filter((character) => character !== TOKEN[at] && !same.has(`${TOKEN[at] ?? ''}${character}`))
        .map((character) => TOKEN.slice(0, at) + character + TOKEN.slice(at + 1))
        .filter((changed) => rejectionCode(changed) !== INVALID),
    );
    expect(accepted).toEqual([]);
  });

  it('rejects another last character of the content, although it decodes to the same bytes', () => {
    const others = CHARACTERS.filter((character) => character !== STATE.at(-1));
    const accepted = others.filter(
      (character) => rejectionCode(`${STATE.slice(0, -1)}${character}.${DIGEST}`) !== INVALID,
    );
    expect(accepted).toEqual([]);
  });

  it.each([
    ['more after its digest', `${TOKEN}.x`],
    ['a dot after its digest', `${TOKEN}.`],
    ['a line feed before it', `\n${TOKEN}`],
    ['a space in it', `${STATE.slice(0, 4)} ${STATE.slice(4)}.${DIGEST}`],
    ['padding', `${STATE}=.${DIGEST}`],
    ['a character that is none of base64', `${STATE}%.${DIGEST}`],
  ])('rejects it with %s', (_, changed) => {
    expect(rejectionCode(changed)).toBe(INVALID);
  });

  it('rejects a part of it', () => {
    for (let at = 0; at < TOKEN.length; at++) {
      expect(rejectionCode(TOKEN.slice(0, at))).toBe(INVALID);
      expect(rejectionCode(TOKEN.slice(at + 1))).toBe(INVALID);
    }
  });

  it('rejects any other text', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.base64String(), fc.json()), fc.boolean(), (made, hasDigest) => {
        const token = hasDigest ? `${made}.${DIGEST}` : made;
        expect(rejectionCode(token)).toBe(INVALID);
      }),
    );
  });

  it('rejects any JSON with a valid checksum, as invalid or as the token of another query', () => {
    const state = fc.oneof(
      fc.json(),
      fc
        .record({ q: fc.string(), n: fc.anything(), b: fc.anything() })
        .map((made) => JSON.stringify(made, plain)),
    );
    fc.assert(
      fc.property(state, (state) => {
        const digest = createHash('sha256').update(state).digest().subarray(0, 12).toString('base64url');
        expect([INVALID, OF_ANOTHER_QUERY]).toContain(
          rejectionCode(`${Buffer.from(state).toString('base64url')}.${digest}`),
        );
      }),
    );
  });

  function plain(_: string, value: unknown): unknown {
    return typeof value === 'bigint' ? String(value) : value;
  }
});
