import { itemParser } from '../src/numbers';

const parse = itemParser('bigint-when-unsafe');

it.each<[json: string, value: unknown]>([
  ['0', 0],
  ['-1.5', -1.5],
  ['0.1', 0.1],
  ['1.10', 1.1],
  ['100', 100],
  ['1E+3', 1000],
  ['1e400', 10n ** 400n],
  ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ['9007199254740992', 2 ** 53],
  ['9007199254740993', 9007199254740993n],
  ['-12345678901234567890123456789012345678', -12345678901234567890123456789012345678n],
  ['12345678901234567890.0', 12345678901234567890n],
  ['0.3333333333333333', 0.3333333333333333],
  ['0.33333333333333333333333333333333333333', '0.33333333333333333333333333333333333333'],
  ['-123456789.123456789123456789', '-123456789.123456789123456789'],
  ['1E-130', 1e-130],
  ['1.2345678901234567890E-100', '1.2345678901234567890E-100'],
  ['9.9999999999999999999999999999999999999E+125', BigInt('9'.repeat(38)) * 10n ** 88n],
])('returns %s as %p', (json, value) => {
  expect(parse(`{"n":${json}}`)).toEqual({ n: value });
  expect(parse(`[[${json}]]`)).toEqual([[value]]);
});

it('does not change numbers in strings, whatever the strings contain', () => {
  const item = {
    a: '12345678901234567890',
    n12345678901234567890: 'n12345678901234567890',
    nn: 'nnn1e5',
    quote: '\\" 12345678901234567890 "\\',
    empty: '',
  };
  const json = `${JSON.stringify(item).slice(0, -1)},"big":12345678901234567890}`;
  expect(parse(json)).toEqual({ ...item, big: 12345678901234567890n });
});

it('keeps an attribute named __proto__', () => {
  const item = parse('{"__proto__":{"n":12345678901234567890}}') as object;
  expect(Object.entries(item)).toEqual([['__proto__', { n: 12345678901234567890n }]]);
});

it.each(['{', '{"a":01234567890123456789}', '{"a":12345678901234567890 1}', '12345678901234567890"'])(
  'throws a SyntaxError for %s',
  (json) => {
    expect(() => parse(json)).toThrow(SyntaxError);
  },
);

it('rounds only with numbers: number', () => {
  expect(itemParser('number')('{"n":9007199254740993}')).toEqual({ n: 9007199254740992 });
});
