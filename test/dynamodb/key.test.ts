import fc from 'fast-check';
import { parse } from 'lossless-json';
import { keyJson, type Key } from '../../src/dynamodb/key';
import { typedValues } from '../../src/scan/request/values';
import { PLAIN_JSON, type ItemForm } from '../../src/dynamodb/transcoder/transcoder';

const STRINGS: ItemForm = { ...PLAIN_JSON, numbers: 'string' };
const TYPED: ItemForm = { ...PLAIN_JSON, values: 'typed' };

/** Returns the key that the server reads after a JavaScript client has parsed it and sent it back. */
function sentBack(json: string): unknown {
  const kept: unknown = JSON.parse(json);
  const body = JSON.stringify({ ExclusiveStartKey: kept });
  const { ExclusiveStartKey } = parse(body) as { ExclusiveStartKey: Record<string, unknown> };
  return typedValues(ExclusiveStartKey);
}

describe('keyJson', () => {
  it.each<[string, Key, string]>([
    ['a string as it is', { id: { S: 'a "b"\n' } }, '{"id":"a \\"b\\"\\n"}'],
    ['half a surrogate pair escaped', { id: { S: '\ud83d' } }, '{"id":"\\ud83d"}'],
    ['an integer as it is', { id: { N: '42' } }, '{"id":42}'],
    ['a fraction as it is', { id: { N: '-0.5' } }, '{"id":-0.5}'],
    ['2^53 as it is', { id: { N: '9007199254740992' } }, '{"id":9007199254740992}'],
    [
      '2^53 + 1 typed, as parsers round it',
      { id: { N: '9007199254740993' } },
      '{"id":{"N":"9007199254740993"}}',
    ],
    [
      'a fraction that parsers round typed',
      { id: { N: '0.1000000000000000000001' } },
      '{"id":{"N":"0.1000000000000000000001"}}',
    ],
    ['an exponent in a form that parsers do not keep typed', { id: { N: '1E+40' } }, '{"id":{"N":"1E+40"}}'],
    ['trailing zeros, which parsers drop, typed', { id: { N: '1.10' } }, '{"id":{"N":"1.10"}}'],
    ['binary typed, as it would come back as a string', { id: { B: '/wD+' } }, '{"id":{"B":"/wD+"}}'],
    [
      'each attribute on its own',
      { hash: { S: 'a' }, range: { B: 'AA==' } },
      '{"hash":"a","range":{"B":"AA=="}}',
    ],
    ['an attribute called as a type is', { S: { S: 'a' } }, '{"S":"a"}'],
    ['any name', { 'a "b"': { S: '' } }, '{"a \\"b\\"":""}'],
  ])('writes %s', (_, key, json) => {
    expect(keyJson(key, PLAIN_JSON)).toBe(json);
  });

  it('writes every number in typed form if numbers are strings', () => {
    const key: Key = { hash: { N: '42' }, range: { S: '42' } };
    expect(keyJson(key, STRINGS)).toBe('{"hash":{"N":"42"},"range":"42"}');
  });

  it('writes every value in typed form if items are typed', () => {
    const key: Key = { hash: { N: '42' }, range: { S: '42' } };
    expect(keyJson(key, TYPED)).toBe('{"hash":{"N":"42"},"range":{"S":"42"}}');
  });

  it.each([
    ['as numbers', PLAIN_JSON],
    ['as strings', STRINGS],
    ['typed', TYPED],
  ])('writes keys that a JavaScript client can send back unchanged, with numbers as %s', (_, form) => {
    fc.assert(
      fc.property(keyArbitrary, (key) => {
        expect(sentBack(keyJson(key, form))).toEqual(key);
      }),
      { numRuns: 2000 },
    );
  });
});

const text = fc.string({
  unit: fc.oneof(
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    fc.constantFrom(...Array.from('"\\/\n\0\x7f\u2028{}[]:,')),
    fc.integer({ min: 0xd800, max: 0xdfff }).map((surrogate) => String.fromCharCode(surrogate)),
  ),
});

/** Digits of numbers, up to DynamoDB's 38; the first and the last are not zero. */
const digits = fc.stringMatching(/^[1-9](?:\d{0,36}[1-9])?$/);

/** A number between 1E-130 and 10E+125 in every notation. */
const number = fc
  .record({
    sign: fc.constantFrom('', '-'),
    digits,
    /** The power of ten of the first digit. */
    magnitude: fc.oneof(fc.integer({ min: -130, max: 125 }), fc.integer({ min: -10, max: 25 })),
    write: fc.constantFrom(
      inFull,
      withExponent('e'),
      withExponent('E'),
      withExponent('e+'),
      withExponent('E+'),
    ),
  })
  .map(({ sign, digits, magnitude, write }) => sign + write(digits, magnitude));

function inFull(digits: string, magnitude: number): string {
  if (magnitude < 0) return `0.${'0'.repeat(-magnitude - 1)}${digits}`;
  const padded = digits.padEnd(magnitude + 1, '0');
  const fraction = padded.slice(magnitude + 1);
  return padded.slice(0, magnitude + 1) + (fraction === '' ? '' : `.${fraction}`);
}

function withExponent(letter: 'e' | 'E' | 'e+' | 'E+') {
  return ([first = '', ...others]: string, magnitude: number): string => {
    const fraction = others.length === 0 ? '' : `.${others.join('')}`;
    const exponent = magnitude < 0 ? `${letter.charAt(0)}${magnitude}` : `${letter}${magnitude}`;
    return first + fraction + exponent;
  };
}

const binary = fc.uint8Array({ minLength: 1 }).map((bytes) => Buffer.from(bytes).toString('base64'));

const keyValue = fc.oneof(
  fc.record({ S: text }),
  fc.record({ N: fc.oneof(number, fc.constantFrom('0', '9007199254740993', '1e+21', '-0')) }),
  fc.record({ B: binary }),
);

const name = fc
  .oneof(text, fc.constantFrom('constructor', 'toString', 'S', 'N', 'M', '0', ''))
  // A key with this name cannot be sent.
  .filter((name) => name !== '__proto__');

/** A hash key, or a hash and a range key; in an index, up to four attributes. */
const keyArbitrary: fc.Arbitrary<Key> = fc
  .uniqueArray(fc.tuple(name, keyValue), { minLength: 1, maxLength: 4, selector: ([name]) => name })
  .map((entries) => Object.fromEntries(entries) as Key);
