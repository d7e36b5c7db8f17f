/** DynamoDB's typed values: made from plain JSON, and checked where a file brings its own. No I/O. */
import { isLosslessNumber } from 'lossless-json';
import { isObject, type Attributes } from './recordText';

/** Marshalls a record parsed by lossless-json: its values become S, N, BOOL, NULL, L and M. */
export function marshallMap(attributes: Attributes): Attributes {
  // fromEntries defines properties: an attribute named __proto__ stays one.
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, marshall(value)]));
}

function marshall(value: unknown): unknown {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isLosslessNumber(value)) return { N: value.value };
  if (Array.isArray(value)) return { L: value.map(marshall) };
  return { M: marshallMap(value as Attributes) };
}

/** Levels of lists and maps in an item, as in DynamoDB. */
const MAX_DEPTH = 32;

/**
 * Says what is wrong with an item's values, which dynalite would store as something else or end the
 * process over; undefined where nothing is.
 */
export function valueFault(attributes: Attributes): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const fault = faultOf(value, 1);
    if (fault !== undefined) return `the attribute ${JSON.stringify(name)} ${fault}`;
  }
  return undefined;
}

const isString = (content: unknown) => typeof content === 'string';
const isStrings = (content: unknown) => Array.isArray(content) && content.every(isString);
const isBoolean = (content: unknown) => typeof content === 'boolean';

const CONTENT: Readonly<Record<string, (content: unknown) => boolean>> = {
  S: isString,
  N: isString,
  B: isString,
  BOOL: isBoolean,
  NULL: isBoolean,
  SS: isStrings,
  NS: isStrings,
  BS: isStrings,
  L: Array.isArray,
  M: isObject,
};

function faultOf(value: unknown, depth: number): string | undefined {
  const [only, ...others] = isObject(value) ? Object.entries(value) : [];
  const [type, content] = only ?? ['', undefined];
  const fits = Object.hasOwn(CONTENT, type) && CONTENT[type]?.(content) === true;
  if (!fits || others.length > 0) return 'holds what is no typed value such as {"S":"text"}';
  if (type !== 'L' && type !== 'M') return undefined;
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const nested of Object.values(content as object)) {
    const fault = faultOf(nested, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}
