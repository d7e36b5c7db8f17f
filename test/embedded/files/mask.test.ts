import fc from 'fast-check';
import { describeInvalidValue } from '../../../src/dynamodb/attributeValue';
import { isNumberText, normalizeNumber } from '../../../src/dynamodb/number';
import { checkRulesUsed, createMask, type MaskMethod } from '../../../src/embedded/files/mask';
import { attributeValueArbitrary, type AttributeValue } from '../../helpers/expectedResults';

const SECRET = Buffer.from('a secret of the test');
const OTHER_SECRET = Buffer.from('another secret');

/** Masks one value as the attribute `a` of an item. */
function masked(method: MaskMethod, value: AttributeValue, secret = SECRET): Record<string, unknown> {
  const mask = createMask(new Map([['a', method]]), secret);
  return mask({ id: { S: 'x' }, a: value }).a as Record<string, unknown>;
}

const HASH = /^[0-9a-f]{32}$/;
const hash = (value: AttributeValue, secret = SECRET) => masked('hash', value, secret).S as string;
const fakeText = (text: string, secret = SECRET) => masked('fake', { S: text }, secret).S as string;
const fakeNumber = (digits: string, secret = SECRET) => masked('fake', { N: digits }, secret).N as string;

describe('createMask', () => {
  it('masks the named attributes and no others', () => {
    const item = JSON.parse(
      '{"id":{"S":"1"},"a.b":{"S":"x"},"__proto__":{"S":"y"},"m":{"M":{"a":{"S":"z"}}}}',
    ) as object;
    const rules = new Map([
      ['a.b', 'redact' as const],
      ['__proto__', 'redact' as const],
      ['a', 'redact' as const],
    ]);
    expect(JSON.stringify(createMask(rules, SECRET)({ ...item }))).toBe(
      '{"id":{"S":"1"},"a.b":{"S":"REDACTED"},"__proto__":{"S":"REDACTED"},"m":{"M":{"a":{"S":"z"}}}}',
    );
  });

  it('does not change the item', () => {
    const item = { a: { L: [{ S: 'x' }] } };
    createMask(new Map([['a', 'fake']]), SECRET)(item);
    expect(item).toEqual({ a: { L: [{ S: 'x' }] } });
  });

  it('reports the names of the masked attributes', () => {
    const names: string[] = [];
    const mask = createMask(
      new Map([
        ['a', 'hash' as const],
        ['b', 'fake' as const],
      ]),
      SECRET,
      (name) => names.push(name),
    );
    mask({ a: { S: 'x' }, c: { S: 'y' } });
    mask({ b: { S: 'x' } });
    expect(names).toEqual(['a', 'b']);
  });

  it('keeps invalid values, which callers reject', () => {
    const item = { a: { S: 1 }, b: 'x', c: {}, d: { N: 'abc' } };
    const mask = createMask(new Map(['a', 'b', 'c', 'd'].map((name) => [name, 'fake' as const])), SECRET);
    expect(mask(item)).toEqual(item);
  });
});

describe('checkRulesUsed', () => {
  const rules = new Map([
    ['email', 'hash' as const],
    ['address.city', 'fake' as const],
  ]);

  it('accepts rules that have masked an attribute', () => {
    expect(() => checkRulesUsed(rules, new Set(['address.city', 'email']))).not.toThrow();
  });

  it('rejects a rule for an attribute that no item has', () => {
    expect(() => checkRulesUsed(rules, new Set(['email']))).toThrow(
      'no item has the attribute "address.city", which --mask names. Check its spelling. Only whole attributes can be masked, not parts of a map',
    );
  });
});

describe('hash', () => {
  it.each<[string, AttributeValue, AttributeValue]>([
    ['1 and 1.0', { N: '1' }, { N: '1.0' }],
    ['100 and 1e2', { N: '100' }, { N: '1e2' }],
    ['0 and -0', { N: '0' }, { N: '-0' }],
    ['0.5 and .5', { N: '0.5' }, { N: '.5' }],
    ['equal bytes', { B: 'AQ==' }, { B: 'AQ' }],
    ['equal text', { S: 'é' }, { S: 'é' }],
  ])('is the same for %s', (_what, one, other) => {
    expect(hash(one)).toMatch(HASH);
    expect(hash(other)).toBe(hash(one));
  });

  it('is the same in each attribute', () => {
    const mask = createMask(
      new Map([
        ['a', 'hash' as const],
        ['b', 'hash' as const],
      ]),
      SECRET,
    );
    const { a, b } = mask({ a: { S: 'x' }, b: { S: 'x' } });
    expect(a).toEqual(b);
  });

  it('differs for each value, type and secret', () => {
    const values: AttributeValue[] = [
      { S: '' },
      { S: '1' },
      { S: 'true' },
      { S: 'A' },
      { S: 'a' },
      { N: '1' },
      { N: '-1' },
      { B: 'MQ==' },
      { BOOL: true },
      { BOOL: false },
    ];
    const hashes = values.flatMap((value) => [hash(value), hash(value, OTHER_SECRET)]);
    expect(new Set(hashes).size).toBe(2 * values.length);
  });

  it('is the beginning of the HMAC-SHA-256 of type and value', () => {
    expect(hash({ S: 'x' })).toBe('c71019c2e6fb51c1355549b4cf7c4bb7');
  });

  it('hashes each value of a list, map or set', () => {
    const [one, x] = [hash({ N: '1' }), hash({ S: 'x' })];
    expect(masked('hash', { L: [{ N: '1' }, { M: { k: { S: 'x' } } }, { NULL: true }, { L: [] }] })).toEqual({
      L: [{ S: one }, { M: { k: { S: x } } }, { NULL: true }, { L: [] }],
    });
    expect(masked('hash', { NS: ['1', '1.0'] })).toEqual({ SS: [one] });
    expect(masked('hash', { BS: ['AQ==', 'Ag=='] })).toEqual({
      SS: [hash({ B: 'AQ==' }), hash({ B: 'Ag==' })].sort(),
    });
  });

  it('does not depend on the order of a set', () => {
    expect(masked('hash', { SS: ['x', 'y', 'z'] })).toEqual(masked('hash', { SS: ['z', 'x', 'y'] }));
  });
});

describe('redact', () => {
  it('replaces any value with the same text', () => {
    fc.assert(
      fc.property(attributeValueArbitrary, (value) => {
        expect(masked('redact', value)).toEqual({ S: 'REDACTED' });
      }),
    );
  });
});

/** The kind of each character of ASCII text. */
function shapeOf(text: string): string {
  return text.replace(/[A-Z]/g, 'A').replace(/[a-z]/g, 'a').replace(/\d/g, '0');
}

const ascii = fc.string({ unit: 'grapheme-ascii' });
const number = fc.oneof(
  fc.stringMatching(/^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/),
  fc.stringMatching(/^-?[1-9]\d{0,37}$/),
  fc.constantFrom(
    '0',
    '-0',
    '0.0',
    '1E-130',
    '9.9999999999999999999999999999999999999E+125',
    '1e5',
    `1${'0'.repeat(125)}`,
  ),
);

describe('fake', () => {
  it('keeps the kind of each character', () => {
    fc.assert(
      fc.property(ascii, (text) => {
        expect(shapeOf(fakeText(text))).toBe(shapeOf(text));
      }),
    );
  });

  it.each([
    ['É', /^[A-Z]$/],
    ['ñ', /^[a-z]$/],
    ['東京', /^[a-z]{2}$/],
    ['٣²', /^\d{2}$/],
    ['𝒜𠮷', /^[A-Z][a-z]$/],
    ['€ – 😀!', /^€ – 😀!$/],
    ['', /^$/],
  ])('changes %j to a text like %s', (text, pattern) => {
    expect(fakeText(text)).toMatch(pattern);
  });

  it('leaves no four letters or digits in their place, except by chance', () => {
    const names = Array.from({ length: 200 }, (_, index) => `Customer Number-${1000 + index}@example.com`);
    const kept = names.filter((name) => {
      const fake = fakeText(name);
      return Array.from(name).some(
        (_, at) =>
          /^[a-z\d]{4}$/i.test(name.slice(at, at + 4)) && name.slice(at, at + 4) === fake.slice(at, at + 4),
      );
    });
    expect(kept.length).toBeLessThan(5);
  });

  it('returns a different text for each text of a shape', () => {
    const all = Array.from({ length: 1000 }, (_, index) => String(index).padStart(3, '0'));
    expect(all.map((text) => fakeText(text)).sort()).toEqual(all);
  });

  it('always changes a single letter or digit', () => {
    const letters = Array.from('abcdefghijklmnopqrstuvwxyz0123456789');
    expect(letters.filter((letter) => fakeText(letter) === letter)).toEqual([]);
  });

  it('changes every part if one character differs', () => {
    const [one, other] = [fakeText('anna.smith-1'), fakeText('anna.smith-2')];
    expect(one.split(/\W/)[0]).not.toBe(other.split(/\W/)[0]);
    expect(one.split(/\W/)[1]).not.toBe(other.split(/\W/)[1]);
  });

  it('fakes a text of 400 KB', () => {
    expect(fakeText('Ab3'.repeat(133_000))).toHaveLength(399_000);
  });

  it('keeps sign, scale and number of digits of a number', () => {
    fc.assert(
      fc.property(number, (digits) => {
        const fake = fakeNumber(digits);
        expect(fake.replace(/[1-9]/g, '0')).toBe(digits.replace(/[1-9]/g, '0'));
        expect(isNumberText(fake)).toBe(true);
        expect(normalizeNumber(fake).replace(/\d/g, '0')).toBe(normalizeNumber(digits).replace(/\d/g, '0'));
      }),
    );
  });

  it('returns equal numbers for equal numbers', () => {
    expect(normalizeNumber(fakeNumber('1.50'))).toBe(normalizeNumber(fakeNumber('1.5')));
    expect(normalizeNumber(fakeNumber('7.0'))).toBe(normalizeNumber(fakeNumber('7')));
  });

  it('returns a different number for each number', () => {
    const all = Array.from({ length: 2000 }, (_, index) => String(index - 1000));
    expect(new Set(all.map((digits) => fakeNumber(digits))).size).toBe(2000);
  });

  it('keeps the length of binary', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1 }), (bytes) => {
        const fake = Buffer.from(
          masked('fake', { B: Buffer.from(bytes).toString('base64') }).B as string,
          'base64',
        );
        expect(fake).toHaveLength(bytes.length);
      }),
    );
  });

  it('returns a boolean that depends on the item and not on the value', () => {
    const mask = createMask(new Map([['a', 'fake']]), SECRET);
    const fakes = Array.from({ length: 64 }, (_, id) => mask({ id: { N: String(id) }, a: { BOOL: true } }).a);
    expect(new Set(fakes.map((fake) => (fake as { BOOL: boolean }).BOOL)).size).toBe(2);
  });

  it('keeps NULL, and fakes each value of a list, map or set', () => {
    expect(masked('fake', { L: [{ NULL: true }, { M: { name: { S: 'Ann' } } }] })).toEqual({
      L: [{ NULL: true }, { M: { name: { S: fakeText('Ann') } } }],
    });
    expect(masked('fake', { SS: ['Ann', 'Bob'] })).toEqual({ SS: [fakeText('Ann'), fakeText('Bob')].sort() });
  });

  it('depends on the value and the secret only', () => {
    const text = 'Ann Lee, +49 30 1234567';
    expect(fakeText(text)).toBe(fakeText(text));
    expect(fakeText(text, OTHER_SECRET)).not.toBe(fakeText(text));
    expect(fakeNumber('123456789', OTHER_SECRET)).not.toBe(fakeNumber('123456789'));
  });
});

describe('hash and fake', () => {
  it.each<MaskMethod>(['hash', 'fake'])('return valid values of the same structure: %s', (method) => {
    fc.assert(
      fc.property(attributeValueArbitrary, (value) => {
        const mask = createMask(new Map([['a', method]]), SECRET);
        const result = mask({ a: value });
        expect(describeInvalidValue(result)).toBeUndefined();
        expect(mask({ a: value })).toEqual(result);
        expect(structureOf(result.a, method)).toEqual(structureOf(value, method));
      }),
    );
  });
});

/** The types of a value, as the method keeps them. */
function structureOf(value: unknown, method: MaskMethod): unknown {
  const [[type, content] = ['', undefined]] = Object.entries(value as object) as [string, unknown][];
  const textual = ['S', 'N', 'B', 'BOOL'];
  if (type === 'L') return (content as unknown[]).map((element) => structureOf(element, method));
  if (type === 'M') {
    return Object.entries(content as object).map(([name, element]) => [name, structureOf(element, method)]);
  }
  if (method === 'fake') return type;
  if (textual.includes(type)) return 'S';
  return type.endsWith('S') ? 'set' : type;
}
