/** Whether every record has a key of its own. No I/O. */
import { splitNumber } from 'lossless-json';
import { isObject, type Attributes } from '../dynamodb/attributeValue';
import { RecordFileError } from './recordText';

/** The attribute that is a table's hash key and, where there is one, its range key. */
export interface KeyNames {
  hash: string;
  range?: string;
}

/** The key's attributes in order, with their types. */
export type KeySchema = { name: string; type: KeyType }[];

type KeyType = 'S' | 'N' | 'B';

interface KeyedRecord {
  attributes: Attributes;
  where: string;
}

/** A key as the engine compares it: 1 is 1.0, and text its UTF-8, in which half a surrogate pair is U+FFFD. */
const CANONICAL: Readonly<Record<KeyType, (value: string) => string>> = {
  S: (value) => Buffer.from(value).toString(),
  N: canonicalNumber,
  B: (value) => Buffer.from(value, 'base64').toString('base64'),
};

/**
 * Finds the types of the key's attributes, and that no two records share a key.
 *
 * @throws RecordFileError where a record lacks its key, has it of another type than the first one, or
 *   has the same as an earlier one.
 */
export function checkKeys(records: readonly KeyedRecord[], { hash, range }: KeyNames): KeySchema {
  const names = range === undefined ? [hash] : [hash, range];
  const types = new Map<string, KeyType>();
  const seen = new Map<string, string>();
  for (const { attributes, where } of records) {
    const values = names.map((name) => keyValue(attributes, name, where));
    values.forEach(({ name, type }) => {
      const expected = types.get(name) ?? type;
      types.set(name, expected);
      if (type !== expected) {
        throw new RecordFileError(
          `${where}: the key ${quote(name)} is of type ${type}, in the first record of type ${expected}`,
        );
      }
    });
    const id = JSON.stringify(values.map(({ type, value }) => CANONICAL[type](value)));
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      const key = values.map(({ value }) => quote(value)).join(', ');
      throw new RecordFileError(
        `${where}: the same key as at ${earlier}, ${key}; name the attributes that tell records apart: --key HASH,RANGE`,
      );
    }
    seen.set(id, where);
  }
  return names.map((name) => ({ name, type: types.get(name) ?? 'S' }));
}

/** `{"S":"…"}`, `{"N":"…"}` or `{"B":"…"}`: what a key can be. */
export function isKeyValue(value: unknown): value is Partial<Record<KeyType, string>> {
  if (!isObject(value)) return false;
  const [[type, content] = [], ...others] = Object.entries(value);
  return others.length === 0 && Object.hasOwn(CANONICAL, type ?? '') && typeof content === 'string';
}

function keyValue(attributes: Attributes, name: string, where: string) {
  if (!Object.hasOwn(attributes, name)) {
    const others = Object.keys(attributes).slice(0, 10).map(quote).join(', ');
    throw new RecordFileError(
      `${where}: the record has no ${quote(name)}, the key; it has ${others || 'no attributes'}. Name its key: --key NAME or --key HASH,RANGE`,
    );
  }
  const typed = attributes[name];
  if (!isKeyValue(typed)) {
    throw new RecordFileError(`${where}: the key ${quote(name)} must be a string, a number or binary`);
  }
  const [type, value] = Object.entries(typed)[0] as [KeyType, string];
  return { name, type, value };
}

function canonicalNumber(number: string): string {
  try {
    const { sign, digits, exponent } = splitNumber(number.replace(/^(-?)\./, '$10.'));
    return `${sign}${digits}e${exponent}`;
  } catch {
    // Whether this is a number is for the engine to say.
    return number;
  }
}

function quote(text: string): string {
  return JSON.stringify(text);
}
