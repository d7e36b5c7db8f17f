/** Changes templates at random, but the same way for the same seed. */

/** Returns the next number below `limit`. */
export type Random = (limit: number) => number;

/** https://en.wikipedia.org/wiki/Linear_congruential_generator */
export function randomOf(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)] as Item;
}

interface Slot {
  parent: Record<string, unknown>;
  key: string;
}

/** Returns every place of a value inside another, which can contain itself. */
function slotsOf(value: unknown, seen = new Set<unknown>()): Slot[] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return [];
  seen.add(value);
  const parent = value as Record<string, unknown>;
  return Object.keys(parent).flatMap((key) => [{ parent, key }, ...slotsOf(parent[key], seen)]);
}

const INCLUDE = { Name: 'AWS::Include', Parameters: { Location: 's3://bucket/part.yaml' } };

/** Values that a template can contain at the wrong place. */
const VALUES: readonly unknown[] = [
  ...[
    null,
    0,
    1.5,
    true,
    false,
    '',
    'text',
    '*',
    "'*'",
    '(',
    '#set($',
    '$default',
    '{proxy+}',
    '/a/{b}/{c+}',
  ],
  ...[[], [null], [[1]], {}, { a: null }, { toString: null }, '{{resolve:ssm:name}}'],
  ...['P', 'Fn', 'Missing', 'AWS::NoValue', null, {}].map((Ref) => ({ Ref })),
  ...['C', 'Missing', null, {}].map((Condition) => ({ Condition })),
  ...['Fn.Arn', 'x', null, ['Fn', { Ref: 'P' }]].map((argument) => ({ 'Fn::GetAtt': argument })),
  ...[
    '${Fn}-${P}',
    null,
    ['${A}', { A: { Ref: 'P' } }],
    ['${A}', null],
    ['${A}', { A: { Ref: 'AWS::NoValue' } }],
  ].map((argument) => ({ 'Fn::Sub': argument })),
  ...[['C', 1, 2], ['C', {}, { Ref: 'AWS::NoValue' }], [null], null].map((argument) => ({
    'Fn::If': argument,
  })),
  ...[
    'Join',
    'Select',
    'Split',
    'FindInMap',
    'Equals',
    'Not',
    'And',
    'Or',
    'Length',
    'ToJsonString',
    'ForEach::L',
  ].flatMap((name) =>
    [null, {}, ['', [null, {}]], ['X', ['a', 'b'], { 'K${X}': { Ref: 'X' } }]].map((argument) => ({
      [`Fn::${name}`]: argument,
    })),
  ),
  ...[
    { 'Fn::ImportValue': 'x' },
    { 'Fn::Transform': INCLUDE },
    { 'Fn::Transform': null },
    { a: 1, 'Fn::Transform': INCLUDE },
  ],
];

/** Replaces one value inside a template, in place: by another value, by a part of the template, or by itself with more around it. */
export function mutate(template: object, random: Random): void {
  const slots = slotsOf(template);
  const { parent, key } = pick(random, slots);
  const other = pick(random, slots);
  const own = parent[key];
  parent[key] = pick(random, [
    ...Array<unknown>(6).fill(structuredClone(pick(random, VALUES))),
    // The same object at two places becomes an alias, also of its own anchor.
    other.parent[other.key],
    [own],
    { key: own },
    { ...(typeof own === 'object' ? own : {}), 'Fn::Transform': INCLUDE },
  ]);
}
