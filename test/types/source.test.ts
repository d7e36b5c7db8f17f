import { addMap, emptyMapShape } from '../../src/types/shape';
import { interfaceName, interfaceSource, type SourceOptions } from '../../src/types/source';

const OPTIONS: SourceOptions = {
  tableName: 'Orders',
  keyAttributes: ['id'],
  numbers: 'number',
  isWholeTable: true,
};

/** Returns the lines inside of the interface. */
function properties(items: readonly object[], options: Partial<SourceOptions> = {}): string {
  const source = sourceOf(items, options);
  return source.slice(source.indexOf('{\n') + 2, source.lastIndexOf('}'));
}

function sourceOf(items: readonly object[], options: Partial<SourceOptions> = {}): string {
  const shape = emptyMapShape();
  for (const item of items) addMap(shape, { ...item });
  return interfaceSource(shape, { ...OPTIONS, ...options });
}

const S = { S: 'x' };
const N = { N: '1' };

it.each<[values: object[], type: string]>([
  [[S], 'string'],
  [[N], 'number'],
  [[{ BOOL: true }], 'boolean'],
  [[{ NULL: true }, S], 'string | null'],
  [[{ NULL: true }], 'unknown'],
  [[N, S], 'string | number'],
  [[{ L: [] }], 'unknown[]'],
  [[{ L: [S] }, { L: [] }], 'string[]'],
  [[{ L: [S, N] }], '(string | number)[]'],
  [[{ L: [{ L: [N] }] }], 'number[][]'],
  [[{ L: [S] }, S], 'string | string[]'],
  [[{ M: {} }], 'Record<string, unknown>'],
])('infers from %j the type %s', (values, type) => {
  expect(properties(values.map((value) => ({ a: value })))).toBe(`  a: ${type};\n`);
});

it('marks attributes that some items lack as optional, at every level', () => {
  const items = [{ id: S, a: { M: { x: N, y: N } } }, { id: S, a: { M: { x: S } } }, { id: S }];
  expect(properties(items)).toBe(`  id: string;
  a?: {
    x: string | number;
    y?: number;
  };
`);
});

it('does not give a type to an optional attribute that every object inherits', () => {
  const items: object[] = [{ constructor: S, toString: S }, { toString: S }];
  expect(properties(items)).toBe(`  constructor?: unknown;
  toString: string;
`);
});

it('describes what plain JSON does not show', () => {
  const item = { b: { B: 'AA==' }, bs: { BS: ['AA=='] }, ns: { NS: ['1'] }, ss: { SS: ['a'] } };
  expect(properties([item])).toBe(`  /** Binary, as base64. */
  b: string;
  /** A set of binary values, as base64. */
  bs: string[];
  /** A set of numbers. */
  ns: number[];
  /** A set of strings. */
  ss: string[];
`);
});

it('writes the key first, then the other attributes in alphabetical order', () => {
  const item = { b: S, sk: N, 'a-b': S, __proto__x: S, pk: S, class: S };
  expect(properties([item], { keyAttributes: ['pk', 'sk'] })).toBe(`  pk: string;
  sk: number;
  __proto__x: string;
  "a-b": string;
  b: string;
  class: string;
`);
});

it.each([
  ['number', 'number', 'number[]'],
  ['string', '`${number}`', '`${number}`[]'],
  ['bigint-when-unsafe', 'number | bigint | `${number}`', '(number | bigint | `${number}`)[]'],
] as const)('writes the type of numbers for the mode %s', (numbers, type, array) => {
  expect(properties([{ n: N, l: { L: [N] } }], { numbers })).toBe(`  l: ${array};\n  n: ${type};\n`);
});

it('writes a map with many rare names as a dictionary', () => {
  const items = Array.from({ length: 40 }, (_, n) => ({ a: { M: { [`user ${n}`]: n % 2 ? S : N } } }));
  expect(properties(items)).toBe('  a: Record<string, string | number>;\n');
});

it('says how many items it has seen', () => {
  expect(sourceOf([{ id: S }])).toMatch(/^\/\/ Inferred from all 1 items of the table Orders by/);
  expect(sourceOf([{ id: S }], { isWholeTable: false })).toMatch(
    /^\/\/ Inferred from a sample of 1 items .*\n\/\/ Other items may have other attributes and types\.\n/,
  );
});

it.each([
  ['Orders', 'OrdersItem'],
  ['my-orders.prod_2', 'MyOrdersProd2Item'],
  ['2024-orders', 'Table2024OrdersItem'],
  ['arn:aws:dynamodb:eu-west-1:123456789012:table/Orders', 'OrdersItem'],
  ['---', 'Item'],
])('names the interface of the table %s %s', (table, name) => {
  expect(interfaceName(table)).toBe(name);
});
