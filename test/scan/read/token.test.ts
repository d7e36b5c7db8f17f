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

/** Where a scan of many segments may stand. */
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

/** The code of the problem that a token is refused with; undefined where it is read. */
function refusal(token: string, query = QUERY, segments = MANY): string | undefined {
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

describe('a token', () => {
  test('says where any scan stands, whatever is in its keys', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        expect(readToken(nextToken(query, position), query, MANY)).toEqual(position);
      }),
      { numRuns: 500 },
    );
  });

  test('is the same for the same position', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        const copy = structuredClone({ query, position });
        expect(nextToken(copy.query, copy.position)).toBe(nextToken(query, position));
      }),
    );
  });

  test('has no character that a URL, a header or a shell would take for something else', () => {
    fc.assert(
      fc.property(query, position, (query, position) => {
        expect(nextToken(query, position)).toMatch(/^[\w.-]+$/);
      }),
    );
  });

  test('shows nothing of what is asked for', () => {
    const token = nextToken({ ...QUERY, FilterExpression: 'secret' }, { begun: [], next: 0 });
    expect(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()).not.toMatch(/secret|Records/);
  });

  test.each([1, 2, 16, 17, MANY])('may be of the end of %d segments, and no further', (segments) => {
    const token = nextToken(QUERY, {
      begun: [{ segment: segments - 1, startKey: undefined }],
      next: segments,
    });
    expect(refusal(token, QUERY, segments)).toBeUndefined();
    expect(refusal(token, QUERY, segments - 1)).toBe(OF_ANOTHER_QUERY);
  });

  test.each([1, 2, 16])('is of none that has read all of %d segments', (segments) => {
    const token = nextToken(QUERY, { begun: [], next: segments });
    expect(refusal(token, QUERY, segments)).toBe(OF_ANOTHER_QUERY);
    expect(refusal(token, QUERY, segments + 1)).toBeUndefined();
  });

  test('has no segment in hand that was not begun', () => {
    const begun = [
      { segment: 2, startKey: undefined },
      { segment: 3, startKey: undefined },
    ];
    expect(refusal(nextToken(QUERY, { begun, next: 4 }), QUERY, 5)).toBeUndefined();
    expect(refusal(nextToken(QUERY, { begun, next: 3 }), QUERY, 5)).toBe(OF_ANOTHER_QUERY);
  });

  test('holds the keys of as many segments as are read at once', () => {
    const begun = Array.from({ length: MAX_PARALLEL_SEGMENTS }, (_, segment) => ({
      segment,
      startKey: { id: { S: `item ${segment}` } },
    }));
    const position = { begun, next: MAX_PARALLEL_SEGMENTS };
    expect(readToken(nextToken(QUERY, position), QUERY, MAX_PARALLEL_SEGMENTS)).toEqual(position);
  });

  test('does not lose a part of a key that is named __proto__', () => {
    const startKey = JSON.parse('{"__proto__":{"S":"a"},"id":{"S":"b"}}') as Key;
    const token = nextToken(QUERY, { begun: [{ segment: 0, startKey }], next: 1 });
    if (refusal(token) !== undefined) return;
    const [begun] = readToken(token, QUERY, 1).begun;
    expect(Object.keys(begun?.startKey ?? {})).toEqual(['__proto__', 'id']);
  });
});

describe('a token of another query is refused:', () => {
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

  test.each(Object.keys(full))('one without its %s', (member) => {
    expect(refusal(token, { ...full, [member]: undefined }, 2)).toBe(OF_ANOTHER_QUERY);
  });

  test.each<[string, Partial<ScanQuery>]>([
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
    expect(refusal(token, { ...full, ...change }, 2)).toBe(OF_ANOTHER_QUERY);
  });

  test('any other', () => {
    fc.assert(
      fc.property(query, query, position, (one, other, position) => {
        fc.pre(JSON.stringify(sorted(one)) !== JSON.stringify(sorted(other)));
        expect(refusal(nextToken(one, position), other)).toBe(OF_ANOTHER_QUERY);
      }),
    );
  });

  test('but none whose members come in another order, at whatever level, or are undefined', () => {
    const reversed = reverse({ ...full, Limit: undefined }) as ScanQuery;
    expect(JSON.stringify(reversed)).not.toBe(JSON.stringify(full));
    expect(refusal(token, reversed, 2)).toBeUndefined();
  });

  /** With the members of each object in an order of their own. */
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

describe('a token that was tampered with', () => {
  const CHARACTERS = Array.from(
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.+/= \n%"{é😀',
  );
  const TOKEN = nextToken(QUERY, { begun: [{ segment: 0, startKey: { id: { S: 'ab' } } }], next: 1 });
  const [STATE = '', DIGEST = ''] = TOKEN.split('.');

  test('never says anything else: with a character changed, added or lost', () => {
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
        const refused = refusal(changed);
        const read = refused === undefined ? readToken(changed, QUERY, MANY) : position;
        expect({ refused: refused ?? INVALID, read }).toEqual({ refused: INVALID, read: position });
      }),
      { numRuns: 2000 },
    );
  });

  test('is refused with any other character in its digest, and any but the last of what it says', () => {
    const places = Array.from(TOKEN, (_, at) => at).filter((at) => at !== STATE.length - 1);
    // Characters that are both read as 62, or as 63.
    const same = new Set(['-+', '_/']);
    const accepted = places.flatMap((at) =>
      CHARACTERS.filter((character) => character !== TOKEN[at] && !same.has(`${TOKEN[at] ?? ''}${character}`))
        .map((character) => TOKEN.slice(0, at) + character + TOKEN.slice(at + 1))
        .filter((changed) => refusal(changed) !== INVALID),
    );
    expect(accepted).toEqual([]);
  });

  test('is refused with another last character of what it says, though it decodes to the same', () => {
    const others = CHARACTERS.filter((character) => character !== STATE.at(-1));
    const accepted = others.filter(
      (character) => refusal(`${STATE.slice(0, -1)}${character}.${DIGEST}`) !== INVALID,
    );
    expect(accepted).toEqual([]);
  });

  test.each([
    ['more after its digest', `${TOKEN}.x`],
    ['a dot after its digest', `${TOKEN}.`],
    ['a line feed before it', `\n${TOKEN}`],
    ['a space in it', `${STATE.slice(0, 4)} ${STATE.slice(4)}.${DIGEST}`],
    ['padding', `${STATE}=.${DIGEST}`],
    ['a character that is none of base64', `${STATE}%.${DIGEST}`],
  ])('is refused with %s', (_, changed) => {
    expect(refusal(changed)).toBe(INVALID);
  });

  test('is refused in part', () => {
    for (let at = 0; at < TOKEN.length; at++) {
      expect(refusal(TOKEN.slice(0, at))).toBe(INVALID);
      expect(refusal(TOKEN.slice(at + 1))).toBe(INVALID);
    }
  });

  test('is refused whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.base64String(), fc.json()), fc.boolean(), (made, hasDigest) => {
        const token = hasDigest ? `${made}.${DIGEST}` : made;
        expect(refusal(token)).toBe(INVALID);
      }),
    );
  });

  test('is refused, or of another query, whatever JSON it holds under a digest of its own', () => {
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
          refusal(`${Buffer.from(state).toString('base64url')}.${digest}`),
        );
      }),
    );
  });

  function plain(_: string, value: unknown): unknown {
    return typeof value === 'bigint' ? String(value) : value;
  }
});
