/** Converts DynamoDB's typed values into plain ones, both as `parseExactly` represents JSON. No I/O. */
import { isObject } from './exactJson';

/**
 * Returns the plain value, or undefined if the value does not have DynamoDB's typed form.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export function plainOf(typed: unknown): unknown {
  if (!isObject(typed)) return undefined;
  const [entry, ...others] = Object.entries(typed);
  if (entry === undefined || others.length > 0) return undefined;
  const [type, value] = entry;
  return Object.hasOwn(READERS, type) ? READERS[type]?.(value) : undefined;
}

const READERS: Readonly<Record<string, (value: unknown) => unknown>> = {
  $S: text,
  $B: text,
  $N: number,
  $BOOL: (value) => (typeof value === 'boolean' ? value : undefined),
  $NULL: (value) => (value === true ? null : undefined),
  $SS: (value) => all(value, text),
  $BS: (value) => all(value, text),
  $NS: (value) => all(value, number),
  $L: (value) => all(value, plainOf),
  $M: (value) => {
    if (!isObject(value)) return undefined;
    const names = Object.keys(value);
    const values = all(Object.values(value), plainOf);
    return values && Object.fromEntries(names.map((name, index) => [name, values[index]]));
  },
};

function text(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('$') ? value : undefined;
}

/** A number is a string of its digits. */
function number(value: unknown): unknown {
  const { digits } = /^\$(?<digits>-?\d[\d.eE+-]*)$/.exec(String(text(value)))?.groups ?? {};
  return digits;
}

function all(values: unknown, read: (value: unknown) => unknown): unknown[] | undefined {
  if (!Array.isArray(values)) return undefined;
  const plain = values.map(read);
  return plain.includes(undefined) ? undefined : plain;
}
