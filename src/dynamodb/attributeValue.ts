/** DynamoDB's typed values: conversion from plain JSON, and validation of values from outside. No I/O. */
import { isLosslessNumber, stringify } from 'lossless-json';

/** A parsed JSON object whose fields are attributes. */
export type Attributes = Record<string, unknown>;

/** Whether a value parsed by lossless-json is a JSON object. */
export function isObject(value: unknown): value is Attributes {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);
}

/** Marshalls an item parsed by lossless-json: its values become S, N, BOOL, NULL, L and M. */
export function marshallMap(attributes: Attributes): Attributes {
  return mapValues(attributes, marshall);
}

/** Returns an object with the same names and changed values. */
export function mapValues<Value>(
  attributes: Readonly<Record<string, Value>>,
  change: (value: Value) => unknown,
): Attributes {
  // fromEntries defines properties: an attribute named __proto__ stays one.
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, change(value)]));
}

/** Marshalls one value parsed by lossless-json. */
export function marshall(value: unknown): unknown {
  if (value === null) return { NULL: true };
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'boolean') return { BOOL: value };
  if (isLosslessNumber(value)) return { N: value.value };
  if (Array.isArray(value)) return { L: value.map(marshall) };
  return { M: marshallMap(value as Attributes) };
}

/** Maximum nesting of lists and maps in an item, as in DynamoDB. */
export const MAX_DEPTH = 32;

/**
 * Describes an invalid value of an item; undefined if all are valid. dynalite would store an invalid value as
 * something else, or end the process.
 */
export function describeInvalidValue(attributes: Attributes): string | undefined {
  for (const [name, value] of Object.entries(attributes)) {
    const description = invalidValue(value, 1);
    if (description !== undefined) return `the attribute ${JSON.stringify(name)} ${description}`;
  }
  return undefined;
}

const isString = (content: unknown) => typeof content === 'string';
const isStrings = (content: unknown) => Array.isArray(content) && content.every(isString);
const isBoolean = (content: unknown) => typeof content === 'boolean';

/** The content of each type. https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html */
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

/** Returns type and content of a typed value, for example `["S", "text"]` for `{"S":"text"}`; otherwise undefined. */
export function typedMember(value: unknown): [type: string, content: unknown] | undefined {
  const [only, ...others] = isObject(value) ? Object.entries(value) : [];
  return only !== undefined && others.length === 0 && Object.hasOwn(CONTENT, only[0]) ? only : undefined;
}

/** Whether the content is valid for the type. The contents of M and L are not examined. */
export function fitsType(type: string, content: unknown): boolean {
  return CONTENT[type]?.(content) === true;
}

/** Longer values are truncated in error messages. */
const MAX_SHOWN_CHARS = 60;

/** Returns the JSON of a value for an error message. */
export function excerpt(value: unknown): string {
  const json = stringify(value) ?? '';
  return json.length > MAX_SHOWN_CHARS ? `${json.slice(0, MAX_SHOWN_CHARS)}…` : json;
}

function invalidValue(value: unknown, depth: number): string | undefined {
  const [type, content] = typedMember(value) ?? ['', undefined];
  if (!fitsType(type, content)) {
    return `has the value ${excerpt(value)}, which is not a typed value such as {"S":"text"} or {"N":"1"}`;
  }
  if (type !== 'L' && type !== 'M') return undefined;
  if (depth > MAX_DEPTH) return `is nested deeper than ${MAX_DEPTH} levels`;
  for (const nested of Object.values(content as object)) {
    const problem = invalidValue(nested, depth + 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
