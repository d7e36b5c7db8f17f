/** A user's file of records: its text to DynamoDB items with a sound key. No I/O. */
import { stringify } from 'lossless-json';
import { marshallMap, valueFault } from '../dynamodb/attributeValue';
import { checkKeys, isKeyValue, type KeyNames, type KeySchema } from './keys';
import { RecordFileError, splitRecords } from './recordText';

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
  key: KeySchema;
  /** Global secondary indexes, which hold nothing but keys. */
  indexes?: readonly { name: string; key: KeySchema }[];
  /** Whether the file says that it is one part of a longer scan. */
  partial: boolean;
}

/**
 * Reads records from text: a JSON array, one JSON object a line (NDJSON), or an object with `Items`,
 * as `aws dynamodb scan` prints it.
 *
 * Records are plain JSON or typed (`{"S":"…"}`). A key is never an object in plain JSON, so the key
 * of the first record tells which. Numbers keep their digits.
 *
 * @throws RecordFileError where the text does not parse, a key is not sound, or a value is no value of
 *   DynamoDB's.
 */
export function parseRecords(text: string, keyNames: KeyNames): Records {
  if (text.trim() === '') throw new RecordFileError('the file is empty');
  const { entries, partial } = splitRecords(text, keyNames.hash);
  const typed = isKeyValue(entries[0]?.value[keyNames.hash]);
  const records = entries.map(({ value, where }) => {
    const attributes = typed ? value : marshallMap(value);
    return { attributes, where };
  });
  const key = checkKeys(records, keyNames);
  const items = records.map(({ attributes, where }) => {
    const fault = valueFault(attributes);
    if (fault !== undefined) throw new RecordFileError(`${where}: ${fault}`);
    return { json: stringify(attributes) ?? '', where };
  });
  return { items, key, partial };
}
