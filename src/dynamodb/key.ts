/** The primary key of an item; on an index scan, together with the index key. No I/O. */
import type { ItemForm } from './transcoder/transcoder';

/** In DynamoDB JSON: `{"id":{"S":"a"}}`; binary is in base64. */
export type Key = Readonly<Record<string, KeyValue>>;

type KeyValue = { S: string } | { N: string } | { B: string };

/**
 * Writes a key as JSON that the client can send back unchanged. Binary values, and numbers that a JSON parser would
 * round, are written in typed form: `{"N":"9007199254740993"}`.
 */
export function keyJson(key: Key, { values, numbers }: Pick<ItemForm, 'values' | 'numbers'>): string {
  if (values === 'typed') return JSON.stringify(key);
  const fields = Object.entries(key).map(([name, value]) => {
    const isPlain = 'S' in value || ('N' in value && numbers === 'number' && isExactDouble(value.N));
    return `${JSON.stringify(name)}:${isPlain ? plainJson(value) : JSON.stringify(value)}`;
  });
  return `{${fields.join(',')}}`;
}

function plainJson(value: { S: string } | { N: string }): string {
  return 'S' in value ? JSON.stringify(value.S) : value.N;
}

/** Whether a JSON parser that reads numbers as IEEE 754 doubles keeps all digits. */
function isExactDouble(digits: string): boolean {
  const number = Number(digits);
  return Number.isFinite(number) && String(number) === digits;
}
