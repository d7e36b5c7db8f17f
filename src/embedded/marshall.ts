/** Plain JSON to DynamoDB's types. No I/O. */
import { isLosslessNumber } from 'lossless-json';
import type { Attributes } from './recordText';

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
