/** The primary key of an item; on an index scan, together with the index key. No I/O. */
import type { ItemForm } from './transcoder/transcoder';

/** In DynamoDB JSON: `{"id":{"S":"a"}}`; binary is in base64. */
export type Key = Readonly<Record<string, KeyValue>>;

type KeyValue = { S: string } | { N: string } | { B: string };

/**
 * Writes a key so that it comes back as it was: what plain JSON cannot tell from a string, or a
 * reader's JSON parser would round, is typed, `{"N":"9007199254740993"}`.
 */
export function keyJson(key: Key, { values, numbers }: Pick<ItemForm, 'values' | 'numbers'>): string {
  if (values === 'typed') return JSON.stringify(key);
  const fields = Object.entries(key).map(([name, value]) => {
    const isPlain = 'S' in value || ('N' in value && numbers === 'number' && isRead(value.N));
    return `${JSON.stringify(name)}:${isPlain ? plainJson(value) : JSON.stringify(value)}`;
  });
  return `{${fields.join(',')}}`;
}

function plainJson(value: { S: string } | { N: string }): string {
  return 'S' in value ? JSON.stringify(value.S) : value.N;
}

/** Whether a JSON parser that makes IEEE 754 doubles keeps this number. */
function isRead(digits: string): boolean {
  const number = Number(digits);
  return Number.isFinite(number) && String(number) === digits;
}
