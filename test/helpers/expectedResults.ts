/** Scan responses for tests, and their expected results, computed in a slow and obvious way. */
import fc from 'fast-check';
import { readPage } from '../../src/dynamodb/page';
import { bodyOf } from '../../src/dynamodb/responseBody';
import type { Repository } from '../../src/dynamodb/repository';
import type { ScanCall } from '../../src/dynamodb/scanCall';
import type { ItemForm } from '../../src/dynamodb/transcoder/transcoder';
import { ACTIVE } from './servedApp';

/** An attribute value as DynamoDB JSON writes it; binary is in base64. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { M: Item }
  | { L: AttributeValue[] }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };

export type Item = Record<string, AttributeValue>;

/** The body of a successful Scan. */
export interface ScanResponse {
  Items: Item[];
  Count: number;
  ScannedCount: number;
  LastEvaluatedKey?: Item;
  ConsumedCapacity?: object;
}

/** The levels of nesting that DynamoDB allows. */
export const DEEPEST = 32;

/** Choices of a writer as a list of numbers; `[0]` always selects the simplest notation. */
export type Dice = readonly number[];

/** Returns the plain JSON of items, joined by commas by default. */
export function plainItems(
  items: readonly Item[],
  { numbers = 'number', separator = ',' }: Partial<Pick<ItemForm, 'numbers' | 'separator'>> = {},
): string {
  return items.map((item) => plainItem(item, numbers)).join(separator);
}

function plainItem(item: Item, numbers: ItemForm['numbers']): string {
  const members = Object.entries(item).map(
    ([name, value]) => `${JSON.stringify(name)}:${plainValue(value, numbers)}`,
  );
  return `{${members.join(',')}}`;
}

/** Returns the plain JSON of one value. */
export function plainValue(value: AttributeValue, numbers: ItemForm['numbers'] = 'number'): string {
  const number = (digits: string) => (numbers === 'string' ? `"${digits}"` : digits);
  if ('S' in value) return JSON.stringify(value.S);
  if ('N' in value) return number(value.N);
  if ('B' in value) return JSON.stringify(value.B);
  if ('BOOL' in value) return JSON.stringify(value.BOOL);
  if ('NULL' in value) return 'null';
  if ('M' in value) return plainItem(value.M, numbers);
  if ('L' in value) return `[${value.L.map((element) => plainValue(element, numbers)).join(',')}]`;
  if ('SS' in value) return JSON.stringify(value.SS);
  if ('NS' in value) return `[${value.NS.map(number).join(',')}]`;
  if ('BS' in value) return JSON.stringify(value.BS);
  throw new TypeError(`no attribute value: ${JSON.stringify(value)}`);
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/**
 * Parses JSON for an exact comparison. Numbers become their digits. Strings and names get a `$` in front, which
 * distinguishes them from numbers and makes the name `__proto__` harmless.
 */
export function parseExactly(json: string): unknown {
  // First unchanged: in quotes, an invalid number would be accepted.
  JSON.parse(json);
  const tagged = json.replace(STRING_OR_NUMBER, (token) =>
    token.startsWith('"') ? `"$${token.slice(1)}` : `"${token}"`,
  );
  return JSON.parse(tagged);
}

const WHITE_SPACE = ['', '', ' ', '\n', '\r\n\t '];

/** Writes JSON in any valid notation: the dice choose white space, order and escapes. */
export function writeLoosely(json: unknown, dice: Dice): string {
  let throws = 0;

  function roll(sides: number): number {
    return (dice[throws++ % dice.length] ?? 0) % sides;
  }

  function spaced(text: string): string {
    const space = () => WHITE_SPACE[roll(WHITE_SPACE.length)] ?? '';
    return space() + text + space();
  }

  function character(c: string): string {
    const plain = JSON.stringify(c).slice(1, -1);
    const units = Array.from({ length: c.length }, (_, at) => c.charCodeAt(at).toString(16));
    const escaped = units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('');
    const capitals = escaped.toUpperCase().replaceAll('U', 'u');
    const forms = [plain, c === '/' ? '\\/' : plain, escaped, capitals];
    return forms[roll(forms.length)] ?? plain;
  }

  function write(value: unknown): string {
    // By code point, because UTF-8 cannot represent half a surrogate pair.
    if (typeof value === 'string') return spaced(`"${Array.from(value, character).join('')}"`);
    if (Array.isArray(value)) return spaced(`[${value.map(write).join(',') || spaced('')}]`);
    if (typeof value !== 'object' || value === null) return spaced(JSON.stringify(value));
    const members: string[] = [];
    for (const [name, member] of Object.entries(value)) {
      const position = members.length - roll(members.length + 1);
      members.splice(position, 0, `${write(name)}:${write(member)}`);
    }
    return spaced(`{${members.join(',') || spaced('')}}`);
  }

  return write(json);
}

export const diceArbitrary: fc.Arbitrary<Dice> = fc.oneof(
  fc.constant([0]),
  fc.array(fc.nat(59), { minLength: 1, size: 'medium' }),
);

const character = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }) },
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  fc.constantFrom(...Array.from('"\\/\b\f\n\r\t\0\x1f\x7f\u2028{}[],:')),
  fc.integer({ min: 0xd800, max: 0xdfff }).map((surrogate) => String.fromCharCode(surrogate)),
);

const text = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: character }) },
  fc.string({ unit: character, minLength: 40, maxLength: 60 }),
);

const attributeName = fc.oneof(
  { weight: 2, arbitrary: text },
  fc.constantFrom('__proto__', 'constructor', '', 'Items', 'S', '0'),
);

const number = fc.oneof(
  fc.stringMatching(/^-?(0|[1-9]\d{0,19})(\.\d{1,18})?([eE][+-]?\d{1,3})?$/),
  fc.bigInt({ min: 1n - 10n ** 38n, max: 10n ** 38n - 1n }).map(String),
  fc.constantFrom(
    '-0',
    '1.23e+40',
    '1E-130',
    '9007199254740993',
    '-9.9999999999999999999999999999999999999E+125',
    '1234567890123456789012345678.0123456789',
  ),
);

const binary = fc.uint8Array().map((bytes) => Buffer.from(bytes).toString('base64'));

const scalar: fc.Arbitrary<AttributeValue> = fc.oneof(
  fc.record({ S: text }),
  fc.record({ N: number }),
  fc.record({ B: binary }),
  fc.record({ BOOL: fc.boolean() }),
  fc.record({ NULL: fc.constant(true as const) }),
  fc.record({ SS: fc.array(text) }),
  fc.record({ NS: fc.array(number) }),
  fc.record({ BS: fc.array(binary) }),
);

/** Nests a value in lists, and in maps where there is a name; the outermost comes last. */
export function nest(innermost: AttributeValue, names: readonly (string | undefined)[]): AttributeValue {
  return names.reduce<AttributeValue>(
    (value, name) => (name === undefined ? { L: [value] } : { M: Object.fromEntries([[name, value]]) }),
    innermost,
  );
}

function itemOf(value: fc.Arbitrary<AttributeValue>): fc.Arbitrary<Item> {
  const members = fc.array(fc.tuple(attributeName, value), { maxLength: 5 });
  // Unlike an assignment, this creates an ordinary property named `__proto__`.
  return members.map((entries) => Object.fromEntries(entries));
}

/** Any value, nested a few levels deep. */
export const { value: attributeValueArbitrary } = fc.letrec<{ value: AttributeValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 8, arbitrary: scalar },
    { weight: 2, arbitrary: fc.record({ L: fc.array(tie('value'), { maxLength: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ M: itemOf(tie('value')) }) },
  ),
}));

const deep = fc
  .tuple(
    scalar,
    fc.array(fc.option(attributeName, { nil: undefined }), { maxLength: DEEPEST - 1, size: 'max' }),
  )
  .map(([innermost, names]) => nest(innermost, names));

const item = itemOf(fc.oneof({ weight: 12, arbitrary: attributeValueArbitrary }, deep));

/** Responses to a Scan, with any attributes that DynamoDB can store. */
export const scanResponseArbitrary: fc.Arbitrary<ScanResponse> = fc
  .record(
    {
      LastEvaluatedKey: item,
      Items: fc.array(item, { maxLength: 4 }),
      ScannedCount: fc.nat(),
      ConsumedCapacity: fc.record({ TableName: text, CapacityUnits: fc.constantFrom(0.5, 128) }),
    },
    { requiredKeys: ['Items', 'ScannedCount'] },
  )
  .map((response) => ({ ...response, Count: response.Items.length }));

/** A repository that responds as DynamoDB does, and records its calls. */
export interface Table extends Repository {
  calls: ScanCall[];
}

/** A table with these pages. Each request costs half a read unit, and a page ends at the `id` of its last item if that is unique. */
export function tableOf(...pages: readonly (readonly Item[])[]): Table {
  const calls: ScanCall[] = [];
  const used = new Set<string>();
  const keys = pages.map((items, index) => {
    const id = items.at(-1)?.id ?? { S: `page ${index}` };
    // With the same key for two pages, a scan would never end.
    const isUnique = !used.has(JSON.stringify(id));
    used.add(JSON.stringify(id));
    return { id: isUnique ? id : { S: `page ${index}` } };
  });
  const endings = keys.map((key) => JSON.stringify(key));
  return {
    calls,
    scanPage: (call) => {
      calls.push(call);
      const { Select, ReturnConsumedCapacity, ExclusiveStartKey: startKey } = call;
      const index = startKey === undefined ? 0 : endings.indexOf(JSON.stringify(startKey)) + 1;
      const items = pages[index] ?? [];
      const response = {
        ...(Select !== 'COUNT' && { Items: items }),
        Count: items.length,
        ScannedCount: items.length,
        ...(index + 1 < pages.length && { LastEvaluatedKey: keys[index] }),
        ...(ReturnConsumedCapacity === 'TOTAL' && { ConsumedCapacity: { CapacityUnits: 0.5 } }),
      };
      const countOnly = Select === 'COUNT';
      const bytes = Buffer.from(JSON.stringify(response));
      return Promise.resolve(readPage(bodyOf(bytes), { countOnly, startKey }));
    },
    describe: () => Promise.resolve(ACTIVE),
    close: () => undefined,
  };
}
