/** Masks attributes, so that real personal data need not leave the place where it belongs. No I/O. */
import { createHmac } from 'node:crypto';
import { fitsType, mapValues, typedMember, type Attributes } from '../../dynamodb/attributeValue';
import { normalizeNumber } from '../../dynamodb/number';
import { Faker } from './fake';
import { ItemFileError } from './itemFileError';

/**
 * `hash` is a keyed hash as text, the same for equal values. `redact` is the text REDACTED. `fake` is a value of the same
 * type, length and kinds of characters.
 */
export const MASK_METHODS = ['hash', 'redact', 'fake'] as const;

export type MaskMethod = (typeof MASK_METHODS)[number];

/** The method for each masked attribute, by the name of the attribute. */
export type MaskRules = ReadonlyMap<string, MaskMethod>;

/** 128 bits, so that two different values never have the same hash in practice. */
const HASH_HEX_DIGITS = 32;

/** Masks the content of S, N, B, BOOL or NULL, and returns a typed value. */
type MaskScalar = (type: string, content: unknown) => Attributes;

/**
 * Creates a function that masks the attributes of an item. Equal values have the same mask in each attribute and table,
 * except for fake booleans, which depend on their item. Lists, maps and sets are masked value by value, except by
 * `redact`. The names in a map, the size of a collection and NULL stay visible, again except by `redact`.
 *
 * The function takes valid DynamoDB JSON. An invalid value stays, so callers must reject it.
 *
 * @param secret a key for the hashes and the fakes. Without it, no one can test which value has a given hash.
 * @param onMasked called with the name of each attribute that is masked.
 */
export function createMask(
  rules: MaskRules,
  secret: Buffer,
  onMasked: (name: string) => void = () => undefined,
): (attributes: Attributes) => Attributes {
  const hash = createHash(secret);
  const faker = new Faker(secret);
  return (attributes) => {
    const fake = createFake(faker, attributes);
    const entries = Object.entries(attributes).map(([name, value]) => {
      const method = rules.get(name);
      if (method === undefined) return [name, value];
      onMasked(name);
      if (method === 'redact') return [name, { S: 'REDACTED' }];
      return [name, maskEach(value, method === 'hash' ? hash : fake)];
    });
    return Object.fromEntries(entries) as Attributes;
  };
}

/**
 * Checks that each rule has masked an attribute: a misspelled name would leave data unmasked.
 *
 * @param masked the names of all masked attributes.
 * @throws ItemFileError with the first unused rule.
 */
export function checkRulesUsed(rules: MaskRules, masked: ReadonlySet<string>): void {
  const unused = [...rules.keys()].find((name) => !masked.has(name));
  if (unused === undefined) return;
  throw new ItemFileError(
    `no item has the attribute ${JSON.stringify(unused)}, which --mask names. Check its spelling. Only whole attributes can be masked, not parts of a map`,
  );
}

/** Masks the scalars of a typed value. Sets keep no order and no duplicates. */
function maskEach(value: unknown, mask: MaskScalar): unknown {
  const [type, content] = typedMember(value) ?? ['', undefined];
  if (!fitsType(type, content)) return value;
  if (type === 'L') return { L: (content as unknown[]).map((element) => maskEach(element, mask)) };
  if (type === 'M') return { M: mapValues(content as Attributes, (element) => maskEach(element, mask)) };
  if (!Array.isArray(content)) return mask(type, content);
  const masked = content.map((element) => mask(type.slice(0, 1), element));
  const [elementType] = Object.keys(masked[0] ?? { [type.slice(0, 1)]: '' });
  const elements = masked.flatMap((element) => Object.values(element) as string[]);
  return { [`${elementType}S`]: [...new Set(elements)].sort() };
}

function createHash(secret: Buffer): MaskScalar {
  return (type, content) => {
    if (type === 'NULL') return { NULL: content };
    const hmac = createHmac('sha256', secret).update(`${type}:${normalize(type, String(content))}`);
    return { S: hmac.digest('hex').slice(0, HASH_HEX_DIGITS) };
  };
}

/** Equal values have the same text then: 1 and 1.0, or bytes in different notations of base64. */
function normalize(type: string, text: string): string {
  if (type === 'N') return normalizeNumber(text);
  return type === 'B' ? Buffer.from(text, 'base64').toString('base64') : text;
}

/** A boolean depends on its item: fakes that depend on true and false alone would be easy to reverse. */
function createFake(faker: Faker, item: Attributes): MaskScalar {
  let booleanCount = 0;
  return (type, content) => {
    switch (type) {
      case 'S':
        return { S: faker.text(content as string) };
      case 'N':
        return { N: faker.number(content as string) };
      case 'B':
        return { B: faker.binary(content as string) };
      case 'BOOL':
        return { BOOL: faker.boolean(`${booleanCount++}:${JSON.stringify(item)}`) };
      default:
        return { [type]: content };
    }
  };
}
