import { plainJson, type AttributeValue, type Item } from '../src/data/attributeValue';
import { compareDecimals } from '../src/data/decimal';
import { ItemStore } from '../src/data/itemStore';
import { sortedIndexes } from '../src/data/sort';

const DIGITS = '12345678901234567890123456789012345678';

describe('plainJson', () => {
  const cases: [string, AttributeValue, string][] = [
    ['38 digits', { N: DIGITS }, DIGITS],
    ['a string that looks like a number', { S: '1' }, '"1"'],
    ['a number set', { NS: ['1', DIGITS] }, `[1, ${DIGITS}]`],
    ['a string set', { SS: ['a"b'] }, '["a\\"b"]'],
    ['null', { NULL: true }, 'null'],
    ['binary', { B: 'AAE=' }, '"AAE="'],
    ['a map', { M: { a: { L: [{ BOOL: false }] } } }, '{"a":[false]}'],
  ];
  it.each(cases)('writes %s', (_, value, expected) => {
    expect(plainJson(value, 0)).toBe(expected);
  });

  it('keeps an attribute named __proto__', () => {
    const item = JSON.parse('{"__proto__":{"M":{"__proto__":{"N":"1"}}}}') as Item;
    expect(plainJson({ M: item }, 0)).toBe('{"__proto__":{"__proto__":1}}');
  });

  it('writes only the beginning of a large value if that is enough', () => {
    const large: AttributeValue = { L: Array.from({ length: 100_000 }, () => ({ N: '1' })) };
    expect(plainJson(large, 0, 100).length).toBeLessThan(110);
  });
});

const decimal = (text: string) => ({ text, rounded: Number(text) });

describe('compareDecimals', () => {
  it.each([
    ['9', '10'],
    ['-10', '-9'],
    [DIGITS, `${DIGITS.slice(0, -1)}9`],
    ['9007199254740992', '9007199254740993'],
    ['1e-130', '2e-130'],
    ['-1e125', '1E+125'],
    ['0.1', '0.10000000000000000001'],
  ])('orders %s before %s', (smaller, larger) => {
    expect(compareDecimals(decimal(smaller), decimal(larger))).toBeLessThan(0);
    expect(compareDecimals(decimal(larger), decimal(smaller))).toBeGreaterThan(0);
  });

  it.each([
    ['1', '1.0'],
    ['100', '1e2'],
    ['0', '-0'],
  ])('treats %s and %s as equal', (one, other) => {
    expect(compareDecimals(decimal(one), decimal(other))).toBe(0);
  });
});

describe('sortedIndexes', () => {
  const store = new ItemStore();
  store.append([{ a: { N: '10' } }, { a: { S: '9' } }, {}, { a: { N: '9' } }, { a: { S: '10' } }]);
  const { signal } = new AbortController();

  it('sorts numbers as numbers, then strings, and absent values last', async () => {
    const order = { attribute: 'a', descending: false };
    expect(await sortedIndexes(store, order, signal)).toEqual([3, 0, 4, 1, 2]);
  });

  it('keeps absent values last in descending order', async () => {
    const order = { attribute: 'a', descending: true };
    expect(await sortedIndexes(store, order, signal)).toEqual([1, 4, 0, 3, 2]);
  });

  it('does not take inherited names for attributes', async () => {
    const order = { attribute: 'toString', descending: false };
    expect(await sortedIndexes(store, order, signal)).toEqual([0, 1, 2, 3, 4]);
  });

  it('returns nothing if it is aborted', async () => {
    const order = { attribute: 'a', descending: false };
    expect(await sortedIndexes(store, order, AbortSignal.abort())).toBeUndefined();
  });
});

describe('ItemStore', () => {
  it('counts the types of each attribute, also of one named __proto__', () => {
    const store = new ItemStore();
    const items = JSON.parse('[{"a":{"N":"1"},"__proto__":{"S":"x"}},{"a":{"S":"1"}}]') as Item[];
    store.append(items);
    expect([store.item(0), store.item(1)]).toEqual(items);
    expect([...store.columns.values()].map(({ name, types }) => [name, ...types])).toEqual([
      ['a', ['N', 1], ['S', 1]],
      ['__proto__', ['S', 1]],
    ]);
  });
});
