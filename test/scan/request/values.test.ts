import fc from 'fast-check';
import { parse } from 'lossless-json';
import { RequestValueError, typedValues } from '../../../src/scan/request/values';
import { parseExactly, plainItems, scanResponseArbitrary, type Item } from '../../helpers/expectedResults';

/** Returns the typed form of a value in JSON. */
function typed(json: string): unknown {
  return typedValues(parse(`{":v":${json}}`) as Record<string, unknown>)[':v'];
}

const DIGITS = '12345678901234567890123456789012345678';

describe('plain JSON in a request', () => {
  it.each([
    ['a string', '"a"', { S: 'a' }],
    ['an empty string', '""', { S: '' }],
    ['half a surrogate pair', '"\\ud83d"', { S: '\ud83d' }],
    ['an integer', '42', { N: '42' }],
    ['an integer past 2^53', '9007199254740993', { N: '9007199254740993' }],
    ['38 digits', DIGITS, { N: DIGITS }],
    ['a fraction with a zero at its end', '1.10', { N: '1.10' }],
    ['an exponent', '1.5E-7', { N: '1.5E-7' }],
    ['true', 'true', { BOOL: true }],
    ['false', 'false', { BOOL: false }],
    ['null', 'null', { NULL: true }],
    ['an array', '["a",1,[null]]', { L: [{ S: 'a' }, { N: '1' }, { L: [{ NULL: true }] }] }],
    ['an empty array', '[]', { L: [] }],
    ['an object', '{"a":1,"b":{"c":"d"}}', { M: { a: { N: '1' }, b: { M: { c: { S: 'd' } } } } }],
    ['an empty object', '{}', { M: {} }],
    [
      'an object with a type’s name beside another',
      '{"S":"a","N":"1"}',
      { M: { S: { S: 'a' }, N: { S: '1' } } },
    ],
    ['an object with a type’s name in small letters', '{"s":"a"}', { M: { s: { S: 'a' } } }],
    [
      'names that objects have anyway',
      '{"constructor":1,"toString":2}',
      { M: { constructor: { N: '1' }, toString: { N: '2' } } },
    ],
  ])('is converted to a typed value: %s', (_, json, value) => {
    expect(typed(json)).toEqual(value);
  });

  it('is converted to typed values with the same meaning, whatever it is', () => {
    fc.assert(
      fc.property(plainArbitrary, (value) => {
        const item = { ':v': typed(JSON.stringify(value)) } as Item;
        expect(parseExactly(plainItems([item]))).toEqual(parseExactly(JSON.stringify({ ':v': value })));
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a typed value in a request', () => {
  it.each([
    ['S', '{"S":"a"}', { S: 'a' }],
    ['N', `{"N":"${DIGITS}"}`, { N: DIGITS }],
    ['B', '{"B":"/wD+"}', { B: '/wD+' }],
    ['B of one byte', '{"B":"AA=="}', { B: 'AA==' }],
    ['B of no bytes', '{"B":""}', { B: '' }],
    ['BOOL', '{"BOOL":false}', { BOOL: false }],
    ['NULL', '{"NULL":true}', { NULL: true }],
    ['SS', '{"SS":["b","a"]}', { SS: ['b', 'a'] }],
    ['NS', '{"NS":["9007199254740993","1.10"]}', { NS: ['9007199254740993', '1.10'] }],
    ['BS', '{"BS":["/wD+","AA=="]}', { BS: ['/wD+', 'AA=='] }],
    ['M', '{"M":{"a":{"S":"b"}}}', { M: { a: { S: 'b' } } }],
    ['M of plain JSON', '{"M":{"a":9007199254740993}}', { M: { a: { N: '9007199254740993' } } }],
    ['M of a map that looks typed', '{"M":{"S":"a"}}', { M: { S: { S: 'a' } } }],
    ['L', '{"L":[{"B":"/wD+"}]}', { L: [{ B: '/wD+' }] }],
    ['L of plain JSON', '{"L":[1,"a"]}', { L: [{ N: '1' }, { S: 'a' }] }],
    ['in a plain array', '[{"SS":["a"]}]', { L: [{ SS: ['a'] }] }],
    ['in a plain object', '{"a":{"B":"/wD+"}}', { M: { a: { B: '/wD+' } } }],
  ])('is accepted as that value: %s', (_, json, value) => {
    expect(typed(json)).toEqual(value);
  });

  it('is accepted for every value that an item can have, and rejected if the SDK cannot send it', () => {
    fc.assert(
      fc.property(scanResponseArbitrary, ({ Items }) => {
        const texts = Items.map((item) => JSON.stringify(item));
        expect(texts.map(outcome)).toEqual(texts.map((json) => (isSendable(json) ? json : 'refused')));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['S', '{"S":5}', 'a string'],
    ['S', '{"S":null}', 'a string'],
    ['N', '{"N":5}', 'the digits of a number in quotes'],
    ['B', '{"B":5}', 'base64 in quotes'],
    ['B', '{"B":"no base64"}', 'base64 in quotes'],
    ['B', '{"B":"_-8="}', 'base64 in quotes'],
    ['B', '{"B":"AAA"}', 'base64 in quotes'],
    ['B', '{"B":"A==="}', 'base64 in quotes'],
    ['B', '{"B":"AA==\\n"}', 'base64 in quotes'],
    ['BOOL', '{"BOOL":"true"}', 'true or false'],
    ['BOOL', '{"BOOL":1}', 'true or false'],
    ['NULL', '{"NULL":false}', 'true'],
    ['NULL', '{"NULL":null}', 'true'],
    ['M', '{"M":[]}', 'an object'],
    ['M', '{"M":5}', 'an object'],
    ['M', '{"M":null}', 'an object'],
    ['L', '{"L":{}}', 'an array'],
    ['L', '{"L":"a"}', 'an array'],
    ['SS', '{"SS":[]}', 'an array of one or more strings, each once'],
    ['SS', '{"SS":"a"}', 'an array of one or more strings, each once'],
    ['SS', '{"SS":["a",1]}', 'an array of one or more strings, each once'],
    ['SS', '{"SS":["a","b","a"]}', 'an array of one or more strings, each once'],
    ['NS', '{"NS":[]}', 'an array of one or more numbers in quotes'],
    ['NS', '{"NS":[1]}', 'an array of one or more numbers in quotes'],
    ['BS', '{"BS":[]}', 'an array of one or more strings of base64'],
    ['BS', '{"BS":["AA==","no base64"]}', 'an array of one or more strings of base64'],
    ['N', '{"a":[{"b":{"N":5}}]}', 'the digits of a number in quotes'],
    ['SS', '{"L":[{"M":{"a":{"SS":[]}}}]}', 'an array of one or more strings, each once'],
  ])(
    'is rejected if its content is not valid for %s, and the message shows what is: %s',
    (type, json, holds) => {
      expect(() => typed(json)).toThrow(
        new RequestValueError(
          `${type} in a typed value must be ${holds}; write a map with an attribute named ${type} as {"M":{"${type}":…}}`,
        ),
      );
    },
  );
});

describe('a value in a request', () => {
  it.each([
    ['arrays', (levels: number) => '['.repeat(levels) + ']'.repeat(levels)],
    ['objects', (levels: number) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1)],
    ['typed lists', (levels: number) => '{"L":['.repeat(levels) + ']}'.repeat(levels)],
    [
      'typed maps',
      (levels: number) => '{"M":{"a":'.repeat(levels - 1) + '{"M":{}}' + '}}'.repeat(levels - 1),
    ],
  ])('can nest 32 levels of %s and no more', (_, nested) => {
    expect(() => typed(nested(32))).not.toThrow();
    expect(() => typed(nested(33))).toThrow(
      new RequestValueError('values can be nested at most 32 levels deep'),
    );
  });

  it.each([
    ['at the top', '{"__proto__":1}'],
    ['in an object', '{":v":{"__proto__":{"S":"a"}}}'],
    ['in an object in an array', '{":v":[{"a":{"__proto__":null}}]}'],
    ['in a typed map', '{":v":{"M":{"__proto__":1}}}'],
    ['in an escape', '{":v":{"\\u005f_proto__":1}}'],
  ])('cannot have an attribute named __proto__, which the SDK would lose: %s', (_, json) => {
    expect(() => typedValues(parse(json) as Record<string, unknown>)).toThrow(
      new RequestValueError('an attribute named "__proto__" cannot be sent to DynamoDB'),
    );
  });

  it('keeps __proto__ if it is only text', () => {
    expect(typed('"__proto__"')).toEqual({ S: '__proto__' });
  });
});

/** Returns the typed values of an item, as JSON. */
function outcome(json: string): string {
  try {
    return JSON.stringify(typedValues(parse(json) as Record<string, unknown>));
  } catch (error) {
    if (error instanceof RequestValueError) return 'refused';
    throw error;
  }
}

/** Whether the SDK can send an item: it loses __proto__, empty sets and duplicate strings. */
function isSendable(json: string): boolean {
  let isSound = !json.includes('"__proto__":');
  JSON.parse(json, (name, value: unknown) => {
    // An attribute with the name of a set type contains an object.
    const members: unknown[] = Array.isArray(value) ? value : ['of no set'];
    if (['SS', 'NS', 'BS'].includes(name)) isSound &&= members.length > 0;
    if (name === 'SS') isSound &&= new Set(members).size === members.length;
    return value;
  });
  return isSound;
}

/** Any JSON in which no object is a typed value. */
const { value: plainArbitrary } = fc.letrec<{ value: fc.JsonValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 4, arbitrary: fc.jsonValue({ maxDepth: 0 }) },
    { weight: 2, arbitrary: fc.array(tie('value'), { maxLength: 4 }) },
    {
      weight: 2,
      arbitrary: fc.dictionary(
        fc.string().map((name) => `#${name}`),
        tie('value'),
        { maxKeys: 4 },
      ),
    },
  ),
}));
