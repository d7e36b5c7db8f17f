/** Checks that every item of a file has a valid, unique key. No I/O. */
import { splitNumber, stringify } from 'lossless-json';
import { isObject, type Attributes } from '../dynamodb/attributeValue';
import { ItemFileError } from './splitItems';

/** Names of the key attributes: the hash key and, if the table has one, the range key. */
export interface KeyNames {
  hash: string;
  range?: string;
}

/** The key attributes in order, with their types. */
export type KeySchema = { name: string; type: KeyType }[];

type KeyType = 'S' | 'N' | 'B';

interface KeyedItem {
  attributes: Attributes;
  where: string;
}

/** Longer values are truncated in error messages. */
const MAX_QUOTED_CHARS = 60;

const MAX_LISTED_NAMES = 10;

/** Normalizes a key the way the engine compares keys: 1 equals 1.0, and a lone surrogate becomes U+FFFD. */
const NORMALIZE: Readonly<Record<KeyType, (value: string) => string>> = {
  S: (value) => Buffer.from(value).toString(),
  N: normalizeNumber,
  B: (value) => Buffer.from(value, 'base64').toString('base64'),
};

/**
 * Returns the types of the key attributes.
 *
 * @throws ItemFileError if an item has no key, has a key of another type than the first item, or has the
 *   same key as an earlier item.
 */
export function checkKeys(items: readonly KeyedItem[], { hash, range }: KeyNames): KeySchema {
  const names = range === undefined ? [hash] : [hash, range];
  const types = new Map<string, KeyType>();
  const places = new Map<string, string>();
  for (const { attributes, where } of items) {
    const values = names.map((name) => keyValue(attributes, name, where));
    for (const { name, type } of values) {
      const expected = types.get(name) ?? type;
      types.set(name, expected);
      if (type !== expected) {
        throw new ItemFileError(
          `${where}: the key attribute ${quote(name)} has type ${type}, but in the first item it has type ${expected}. Use one type for all items`,
        );
      }
    }
    const id = JSON.stringify(values.map(({ type, value }) => NORMALIZE[type](value)));
    const earlier = places.get(id);
    if (earlier !== undefined) {
      const key = values.map(({ value }) => quote(value)).join(', ');
      throw new ItemFileError(
        `${where}: the key ${key} is already used at ${earlier}. Name the attributes that identify an item: --key HASH,RANGE`,
      );
    }
    places.set(id, where);
  }
  return names.map((name) => ({ name, type: types.get(name) ?? 'S' }));
}

/** Whether a value is a typed key value: `{"S":"…"}`, `{"N":"…"}` or `{"B":"…"}`. */
export function isKeyValue(value: unknown): value is Partial<Record<KeyType, string>> {
  if (!isObject(value)) return false;
  const [[type, content] = [], ...others] = Object.entries(value);
  return others.length === 0 && Object.hasOwn(NORMALIZE, type ?? '') && typeof content === 'string';
}

function keyValue(attributes: Attributes, name: string, where: string) {
  if (!Object.hasOwn(attributes, name)) {
    const others = Object.keys(attributes).slice(0, MAX_LISTED_NAMES).map(quote).join(', ');
    const list = others === '' ? 'It has no attributes' : `It has ${others}`;
    throw new ItemFileError(
      `${where}: the item has no key attribute ${quote(name)}. ${list}. Name the key: --key NAME or --key HASH,RANGE`,
    );
  }
  const typed = attributes[name];
  if (!isKeyValue(typed)) {
    throw new ItemFileError(
      `${where}: the key attribute ${quote(name)} must be a string, a number or binary, not ${excerpt(typed)}`,
    );
  }
  const [type, value] = Object.entries(typed)[0] as [KeyType, string];
  return { name, type, value };
}

function normalizeNumber(number: string): string {
  try {
    const { sign, digits, exponent } = splitNumber(number.replace(/^(-?)\./, '$10.'));
    return `${sign}${digits}e${exponent}`;
  } catch {
    // Not a valid number. The engine rejects it when the item is written.
    return number;
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}

function excerpt(value: unknown): string {
  const json = stringify(value) ?? '';
  return json.length > MAX_QUOTED_CHARS ? `${json.slice(0, MAX_QUOTED_CHARS)}…` : json;
}
