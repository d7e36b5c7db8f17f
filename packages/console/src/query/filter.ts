/** Turns the conditions of the filter builder into the client's filter and key. No I/O. */
import { and, exactNumber, not, or, type Filter, type Operand, type QueryKey } from 'scan-records-client';
import type { KeyAttribute } from '../api/table';
import type { AttributeType } from '../data/attributeValue';
import { operatorOf, type OperatorId } from './operators';

/** One row of the filter builder. Callers must check it with `conditionIssue` before they build a filter. */
export interface Condition {
  attribute: string;
  operator: OperatorId;
  type: AttributeType;
  value: string;
  /** The upper end of `between`. */
  upper?: string;
}

/** How conditions are joined: all must be true, or at least one. */
export type Match = 'all' | 'any';

type Item = Record<string, unknown>;

/** What the client reads: one partition if there is a key, and only items that match the filter. */
export interface Selection {
  key?: QueryKey<Item>;
  filter?: Filter<Item>;
}

/** The most operands that DynamoDB accepts in one IN. */
const MAX_LIST_VALUES = 100;

/** Returns why a condition cannot be sent, as a sentence, or undefined if it can. */
export function conditionIssue(condition: Condition): string | undefined {
  const { attribute, operator, type } = condition;
  if (attribute === '') return 'Choose an attribute.';
  if (operatorOf(operator).types.length === 0) return undefined;
  try {
    const { length } = operandsOf(condition);
    if (length <= MAX_LIST_VALUES) return undefined;
    return `The list has ${length} values. DynamoDB accepts at most ${MAX_LIST_VALUES}.`;
  } catch {
    return type === 'B' ? 'Enter binary data as base64.' : 'Enter a number, for example 5 or -0.25.';
  }
}

/**
 * Returns the selection for conditions. A condition with `=` on the partition key makes the request a Query.
 *
 * @param key the key of the table or of the index that is read.
 */
export function selectionOf(
  conditions: readonly Condition[],
  match: Match,
  key: readonly KeyAttribute[],
): Selection {
  const [keyConditions, filters] = splitByKey(conditions, match, key);
  const join = match === 'all' ? and : or;
  return {
    ...(keyConditions.length > 0 && {
      key: Object.fromEntries(keyConditions.map((one) => [one.attribute, operatorsOf(one)])),
    }),
    ...(filters.length > 0 && { filter: join(...filters.map(filterOf)) }),
  };
}

/** Returns the conditions for the key, empty if the partition key is not given, and all others. */
export function splitByKey(
  conditions: readonly Condition[],
  match: Match,
  key: readonly KeyAttribute[],
): [Condition[], Condition[]] {
  const scan: [Condition[], Condition[]] = [[], [...conditions]];
  const partition = conditions.find((one) => isOn(one, key, 'HASH') && one.operator === 'eq');
  if (partition === undefined || (match === 'any' && conditions.length > 1)) return scan;
  const sort = conditions.find(
    (one) => isOn(one, key, 'RANGE') && operatorOf(one.operator).isForSortKey === true,
  );
  const forKey = sort === undefined ? [partition] : [partition, sort];
  const others = conditions.filter((one) => !forKey.includes(one));
  // A Query accepts no key attributes in its filter, so this combination needs a Scan.
  const needsScan = others.some(({ attribute }) =>
    key.some(({ AttributeName }) => AttributeName === attribute),
  );
  return needsScan ? scan : [forKey, others];
}

/** A value of another type never equals the key, and DynamoDB rejects it in a key condition. */
function isOn({ attribute, type }: Condition, key: readonly KeyAttribute[], role: string): boolean {
  return key.some(
    ({ AttributeName, AttributeType: keyType, KeyType }) =>
      KeyType === role && AttributeName === attribute && keyType === type,
  );
}

function filterOf(condition: Condition): Filter<Item> {
  const { attribute, operator } = condition;
  const filter = { [attribute]: operatorsOf(condition) } as Filter<Item>;
  return operator === 'lacks' ? not(filter) : filter;
}

/** The client's operators whose name differs from that of the builder. */
const CLIENT_NAMES: Partial<Record<OperatorId, string>> = { begins: 'beginsWith', lacks: 'contains' };

/** Returns the client's operator with its operand. */
function operatorsOf(condition: Condition): Record<string, unknown> {
  const { operator, type } = condition;
  if (operator === 'exists' || operator === 'absent') return { exists: operator === 'exists' };
  if (operator === 'type') return { type };
  const operands = operandsOf(condition);
  const takesList = operator === 'between' || operator === 'in';
  return { [CLIENT_NAMES[operator] ?? operator]: takesList ? operands : operands[0] };
}

/** @throws Error if the text is not a value of its type. */
function operandsOf(condition: Condition): Operand<unknown>[] {
  return textsOf(condition).map((text) => operandOf(condition.type, text));
}

/** Returns the entered values: one, two for `between`, or the parts of a comma-separated list. */
export function textsOf({ operator, type, value, upper = '' }: Condition): string[] {
  const trim = (entered: string) => (type === 'S' ? entered : entered.trim());
  if (operator === 'between') return [trim(value), trim(upper)];
  if (operator === 'in') return value.split(',').map((part) => part.trim());
  return [trim(value)];
}

function operandOf(type: AttributeType, text: string): Operand<unknown> {
  if (type === 'BOOL') return text !== 'false';
  if (type === 'NULL') return null;
  if (type === 'N') return exactNumber(plainNumber(text));
  return type === 'B' ? Uint8Array.from(atob(text), (char) => char.charCodeAt(0)) : text;
}

/**
 * Writes forms that people enter, such as +5, .5 and 5., as DynamoDB accepts them. Other texts do not become numbers: a dot
 * is removed or completed only next to a digit.
 */
export function plainNumber(text: string): string {
  return text
    .replace(/^\+(?=[\d.])/, '')
    .replace(/^(-?)\.(?=\d)/, '$10.')
    .replace(/^(-?\d+)\.(?=e|$)/i, '$1');
}
