/** Converts the text of a user's file to DynamoDB items and checks their keys. No I/O. */
import { stringify } from 'lossless-json';
import { marshallMap, describeInvalidValue } from '../dynamodb/attributeValue';
import { checkKeys, isKeyValue, type KeyNames, type KeySchema } from './keys';
import { ItemFileError, splitItems } from './splitItems';

/** An item that is ready to be written to a table. */
export interface Item {
  /** The item in DynamoDB JSON. */
  json: string;
  /** Its place in the file, for error messages: `line 7`, `index 6`. */
  where: string;
}

/** The contents of a table: its items, key and indexes. */
export interface TableContents {
  items: Item[];
  key: KeySchema;
  /** Global secondary indexes with the projection KEYS_ONLY. */
  indexes?: readonly { name: string; key: KeySchema }[];
  /** Whether the file says that it is only one part of a scan. */
  partial: boolean;
}

/**
 * Parses a JSON array, NDJSON (one JSON object per line), or an object with `Items`, which is the output
 * of `aws dynamodb scan`.
 *
 * Items are plain JSON or typed (`{"S":"…"}`). The key of the first item decides which, because a key
 * in plain JSON is never an object. Numbers keep their digits.
 *
 * @throws ItemFileError if the text is not valid JSON, a key is missing, invalid or duplicate, or a value
 *   is not a valid DynamoDB value.
 */
export function parseItemFile(text: string, keyNames: KeyNames): TableContents {
  if (text.trim() === '') {
    throw new ItemFileError('the file is empty. Write [] for a table without items');
  }
  const { entries, partial } = splitItems(text, keyNames.hash);
  const typed = isKeyValue(entries[0]?.value[keyNames.hash]);
  const keyedItems = entries.map(({ value, where }) => {
    const attributes = typed ? value : marshallMap(value);
    return { attributes, where };
  });
  const key = checkKeys(keyedItems, keyNames);
  const items = keyedItems.map(({ attributes, where }) => {
    const description = describeInvalidValue(attributes);
    if (description !== undefined) throw new ItemFileError(`${where}: ${description}`);
    return { json: stringify(attributes) ?? '', where };
  });
  return { items, key, partial };
}
