/** A user's file of records: its text to DynamoDB items with a sound key. No I/O. */
import { splitNumber, stringify } from 'lossless-json';
import { marshallMap } from './marshall';
import { isObject, RecordFileError, splitRecords, type Attributes } from './recordText';

/** The attribute that is a table's hash key and, where there is one, its range key. */
export interface KeyNames {
  hash: string;
  range?: string;
}

/** A record, as DynamoDB takes it. */
export interface Item {
  /** The item in DynamoDB JSON. */
  json: string;
  /** Where in the file it stands, for messages: `line 7`, `index 6`. */
  where: string;
}

/** What a file held. */
export interface Records {
  items: Item[];
  /** The key's attributes in order, with their types. */
  key: { name: string; type: KeyType }[];
  /** Whether the file says that it is one part of a longer scan. */
  partial: boolean;
}

type KeyType = 'S' | 'N' | 'B';

const KEY_TYPES: readonly string[] = ['S', 'N', 'B'] satisfies KeyType[];

/**
 * Reads records from text: a JSON array, one JSON object a line (NDJSON), or an object with `Items`,
 * as `aws dynamodb scan` prints it.
 *
 * Records are plain JSON or typed (`{"S":"…"}`). A key is never an object in plain JSON, so the key
 * of the first record tells which. Numbers keep their digits.
 *
 * @throws RecordFileError where the text does not parse, or a record lacks its key, has a key of
 *   another type than the first one's, or the same key as an earlier one.
 */
export function parseRecords(text: string, keyNames: KeyNames): Records {
  if (text.trim() === '') throw new RecordFileError('the file is empty');
  const { entries, partial } = splitRecords(text);
  const typed = isTypedValue(entries[0]?.value[keyNames.hash]);
  const names = [keyNames.hash, ...(keyNames.range === undefined ? [] : [keyNames.range])];
  const items = entries.map(({ value, where }) => {
    const attributes = typed ? value : marshallMap(value);
    return { attributes, where };
  });
  const key = checkKeys(items, names);
  return {
    items: items.map(({ attributes, where }) => ({ json: stringify(attributes) ?? '', where })),
    key,
    partial,
  };
}

function checkKeys(
  items: readonly { attributes: Attributes; where: string }[],
  names: readonly string[],
): Records['key'] {
  const seen = new Map<string, string>();
  const types = new Map<string, KeyType>();
  for (const { attributes, where } of items) {
    const values = names.map((name) => {
      const [type, value] = keyValue(attributes, name, where);
      const expected = types.get(name) ?? type;
      types.set(name, expected);
      if (type !== expected) {
        throw new RecordFileError(
          `${where}: the key ${quote(name)} is of type ${type}, in the first record of type ${expected}`,
        );
      }
      return type === 'N' ? canonicalNumber(value) : value;
    });
    const id = JSON.stringify(values);
    const earlier = seen.get(id);
    if (earlier !== undefined) {
      throw new RecordFileError(
        `${where}: the same key as at ${earlier}, ${id}; name the attributes that tell records apart: --key HASH,RANGE`,
      );
    }
    seen.set(id, where);
  }
  return names.map((name) => ({ name, type: types.get(name) ?? 'S' }));
}

function keyValue(attributes: Attributes, name: string, where: string): [KeyType, string] {
  if (!Object.hasOwn(attributes, name)) {
    const others = Object.keys(attributes).slice(0, 10).map(quote).join(', ');
    throw new RecordFileError(
      `${where}: the record has no ${quote(name)}, the key; it has ${others || 'no attributes'}. Name its key: --key NAME or --key HASH,RANGE`,
    );
  }
  const value = attributes[name];
  if (!isTypedValue(value)) {
    throw new RecordFileError(`${where}: the key ${quote(name)} must be a string, a number or binary`);
  }
  return Object.entries(value)[0] as [KeyType, string];
}

/** `{"S":"…"}`, `{"N":"…"}` or `{"B":"…"}`: what a key can be. */
function isTypedValue(value: unknown): value is Partial<Record<KeyType, string>> {
  if (!isObject(value)) return false;
  const [[type, content] = [], ...others] = Object.entries(value);
  return others.length === 0 && KEY_TYPES.includes(type ?? '') && typeof content === 'string';
}

/** 1, 1.0 and 10e-1 are one key. */
function canonicalNumber(number: string): string {
  try {
    const { sign, digits, exponent } = splitNumber(number);
    return `${sign}${digits}e${exponent}`;
  } catch {
    // Whether this is a number is for the engine to say.
    return number;
  }
}

function quote(name: string): string {
  return JSON.stringify(name);
}
