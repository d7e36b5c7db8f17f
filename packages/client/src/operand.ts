/** Operands of filters and keys, as types and as the typed values that the server accepts. No I/O. */

const digits: unique symbol = Symbol('digits');

/** A number with all its digits, for comparison with numbers that JavaScript would round. */
export interface ExactNumber {
  readonly [digits]: string;
}

/** Any operand. */
type AnyOperand =
  | string
  | number
  | bigint
  | boolean
  | null
  | Uint8Array
  | ExactNumber
  | ReadonlySet<string | number | bigint | ExactNumber | Uint8Array>
  | readonly AnyOperand[]
  | { readonly [name: string]: AnyOperand };

/** A set operand for an attribute that plain JSON shows as an array. */
type SetOperand<Element> = Element extends string
  ? ReadonlySet<Operand<Element>>
  : Element extends number | bigint
    ? ReadonlySet<NumberOperand>
    : never;

export type NumberOperand = number | bigint | ExactNumber;

/** Binary values arrive as base64 in a string, and are sent as bytes. */
type StringOperand<Text extends string> = Text extends `${number}`
  ? `${number}` extends Text
    ? NumberOperand
    : Text
  : Text | Uint8Array;

/** What an attribute of this type can be compared with. Numbers that arrive as strings are sent as numbers. */
export type Operand<Value> = unknown extends Value
  ? AnyOperand
  : Value extends string
    ? StringOperand<Value>
    : Value extends number | bigint
      ? NumberOperand
      : Value extends boolean | null
        ? Value
        : Value extends readonly (infer Element)[]
          ? readonly Operand<Element>[] | SetOperand<Element>
          : Value extends object
            ? { readonly [Name in keyof Value]: Operand<Value[Name]> }
            : never;

/** A number in DynamoDB's syntax. */
const NUMBER = /^-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Returns an operand that keeps all digits, which a JavaScript number would not: `exactNumber('0.1234567890123456789')`.
 *
 * @throws TypeError if the text is not a number.
 */
export function exactNumber(text: string): ExactNumber {
  if (!NUMBER.test(text)) throw new TypeError(`exactNumber(${JSON.stringify(text)}): not a number`);
  return { [digits]: text };
}

/**
 * Converts an operand to the JSON of a typed value. Arrays become lists, sets become DynamoDB sets.
 *
 * @param path names the operand in an error message.
 * @throws TypeError if DynamoDB has no such value.
 */
export function encodeOperand(operand: unknown, path: string): unknown {
  if (operand === null) return { NULL: true };
  if (typeof operand === 'string') return { S: operand };
  if (typeof operand === 'boolean') return { BOOL: operand };
  const number = numberText(operand);
  if (number !== undefined) return { N: number };
  if (operand instanceof Uint8Array) return { B: base64(operand) };
  if (operand instanceof Set) return encodeSet([...(operand as Set<unknown>)], path);
  if (Array.isArray(operand)) {
    return { L: operand.map((element, index) => encodeOperand(element, `${path}[${index}]`)) };
  }
  if (!isPlainObject(operand)) {
    throw new TypeError(`${path} must be a value that DynamoDB can store, not ${describe(operand)}`);
  }
  const entries = Object.entries(operand);
  return {
    M: Object.fromEntries(entries.map(([name, value]) => [name, encodeOperand(value, `${path}.${name}`)])),
  };
}

/** Whether the value is an object of names and values, and neither an exact number nor an instance of a class. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null || digits in value) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype of any realm.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function numberText(operand: unknown): string | undefined {
  if (typeof operand === 'bigint' || Number.isFinite(operand)) return String(operand);
  const isExact = typeof operand === 'object' && operand !== null && digits in operand;
  return isExact ? (operand as ExactNumber)[digits] : undefined;
}

function encodeSet(elements: readonly unknown[], path: string): unknown {
  if (elements.length > 0) {
    if (elements.every((element) => typeof element === 'string')) return { SS: elements };
    if (elements.every((element) => element instanceof Uint8Array)) return { BS: elements.map(base64) };
    const numbers = elements.map(numberText);
    if (!numbers.includes(undefined)) return { NS: numbers };
  }
  throw new TypeError(`${path} must be a set of one or more strings, numbers or bytes`);
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function describe(value: unknown): string {
  if (typeof value === 'number' || value === undefined) return String(value);
  return typeof value === 'object' ? 'an instance of a class' : `a ${typeof value}`;
}
