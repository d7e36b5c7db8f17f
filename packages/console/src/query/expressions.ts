/** Turns the conditions of the filter builder into DynamoDB's expressions. No I/O. */
import type { AttributeType, AttributeValue } from '../data/attributeValue';
import type { KeyAttribute } from '../api/table';
import { operatorOf, type OperatorId } from './operators';

/** One row of the filter builder. Callers must check it with `conditionIssue` before they build expressions. */
export interface Condition {
  attribute: string;
  operator: OperatorId;
  type: AttributeType;
  value: string;
  /** The upper end of `between`. */
  upper?: string;
}

export interface Expressions {
  KeyConditionExpression?: string;
  FilterExpression?: string;
  ExpressionAttributeNames?: Record<string, string>;
  ExpressionAttributeValues?: Record<string, AttributeValue>;
}

const NUMBER = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i;
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const PLAIN_NAME = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Returns why a condition cannot be sent, as a sentence, or undefined if it can. */
export function conditionIssue(condition: Condition): string | undefined {
  const { attribute, operator, type } = condition;
  if (attribute === '') return 'Choose an attribute.';
  if (operatorOf(operator).types.length === 0) return undefined;
  for (const text of textsOf(condition)) {
    if (type === 'N' && !NUMBER.test(text)) return 'Enter a number, for example 5 or -0.25.';
    if (type === 'B' && !BASE64.test(text)) return 'Enter binary data as base64.';
  }
  return undefined;
}

/**
 * Builds the expressions for conditions that are joined with AND. A condition with `=` on the partition key makes the
 * request a Query. Every name and value is a placeholder, so that reserved words and odd names are safe.
 *
 * @param key the key of the table or of the index that is read.
 */
export function expressionsOf(conditions: readonly Condition[], key: readonly KeyAttribute[]): Expressions {
  const [keyConditions, filters] = splitByKey(conditions, key);
  const placeholders = new Placeholders();
  const join = (list: readonly Condition[]) => list.map((one) => text(one, placeholders)).join(' AND ');
  const KeyConditionExpression = join(keyConditions);
  const FilterExpression = join(filters);
  return {
    ...(KeyConditionExpression !== '' && { KeyConditionExpression }),
    ...(FilterExpression !== '' && { FilterExpression }),
    ...(placeholders.names.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries(placeholders.names),
    }),
    ...(placeholders.values.size > 0 && {
      ExpressionAttributeValues: Object.fromEntries(placeholders.values),
    }),
  };
}

/** Returns the conditions for the key, empty if the partition key is not given, and all others. */
export function splitByKey(
  conditions: readonly Condition[],
  key: readonly KeyAttribute[],
): [Condition[], Condition[]] {
  const partition = conditions.find((one) => isOn(one, key, 'HASH') && one.operator === 'eq');
  if (partition === undefined) return [[], [...conditions]];
  const sort = conditions.find(
    (one) => isOn(one, key, 'RANGE') && operatorOf(one.operator).isForSortKey === true,
  );
  const forKey = sort === undefined ? [partition] : [partition, sort];
  const others = conditions.filter((one) => !forKey.includes(one));
  // A Query accepts no key attributes in its filter, so this combination needs a Scan.
  const needsScan = others.some(({ attribute }) =>
    key.some(({ AttributeName }) => AttributeName === attribute),
  );
  return needsScan ? [[], [...conditions]] : [forKey, others];
}

/** A value of another type never equals the key, and DynamoDB rejects it in a key condition. */
function isOn({ attribute, type }: Condition, key: readonly KeyAttribute[], role: string): boolean {
  return key.some(
    ({ AttributeName, AttributeType: keyType, KeyType }) =>
      KeyType === role && AttributeName === attribute && keyType === type,
  );
}

class Placeholders {
  /** From placeholder to attribute name. */
  readonly names = new Map<string, string>();
  readonly values = new Map<string, AttributeValue>();

  name(attribute: string): string {
    const known = [...this.names].find(([, name]) => name === attribute)?.[0];
    if (known !== undefined) return known;
    const placeholder = PLAIN_NAME.test(attribute) ? `#${attribute}` : unused('#n', this.names);
    this.names.set(placeholder, attribute);
    return placeholder;
  }

  value(attribute: string, value: AttributeValue): string {
    const base = PLAIN_NAME.test(attribute) ? `:${attribute}` : ':v';
    const placeholder = base !== ':v' && !this.values.has(base) ? base : unused(base, this.values);
    this.values.set(placeholder, value);
    return placeholder;
  }
}

function unused(prefix: string, used: ReadonlyMap<string, unknown>): string {
  let number = 1;
  while (used.has(`${prefix}${number}`)) number += 1;
  return `${prefix}${number}`;
}

const SIGNS: Partial<Record<OperatorId, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

function text(condition: Condition, placeholders: Placeholders): string {
  const { attribute, operator, type } = condition;
  const name = placeholders.name(attribute);
  const [first = '', ...others] =
    operatorOf(operator).types.length === 0
      ? []
      : textsOf(condition).map((one) => placeholders.value(attribute, valueOf(type, one)));
  switch (operator) {
    case 'between':
      return `${name} BETWEEN ${first} AND ${others[0] ?? ''}`;
    case 'in':
      return `${name} IN (${[first, ...others].join(', ')})`;
    case 'begins':
      return `begins_with(${name}, ${first})`;
    case 'contains':
      return `contains(${name}, ${first})`;
    case 'lacks':
      return `NOT contains(${name}, ${first})`;
    case 'exists':
      return `attribute_exists(${name})`;
    case 'absent':
      return `attribute_not_exists(${name})`;
    case 'type':
      return `attribute_type(${name}, ${placeholders.value(attribute, { S: type })})`;
    case 'eq':
    case 'ne':
    case 'lt':
    case 'le':
    case 'gt':
    case 'ge':
      return `${name} ${SIGNS[operator] ?? ''} ${first}`;
  }
}

/** Returns the entered values: one, two for `between`, or the parts of a comma-separated list. */
function textsOf({ operator, type, value, upper = '' }: Condition): string[] {
  const trim = (entered: string) => (type === 'S' ? entered : entered.trim());
  if (operator === 'between') return [trim(value), trim(upper)];
  if (operator === 'in') return value.split(',').map((part) => part.trim());
  return [trim(value)];
}

function valueOf(type: AttributeType, entered: string): AttributeValue {
  if (type === 'BOOL') return { BOOL: entered !== 'false' };
  if (type === 'NULL') return { NULL: true };
  if (type === 'N') return { N: entered };
  return type === 'B' ? { B: entered } : { S: entered };
}
