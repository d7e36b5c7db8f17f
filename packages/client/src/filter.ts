/** Filters as objects, and their translation to a FilterExpression. No I/O. */
import { isPlainObject, type NumberOperand, type Operand } from './operand';
import type { Placeholders } from './placeholders';

/** Operands that have an order. */
type Comparable<Value> = unknown extends Value ? Operand<Value> : Extract<Operand<Value>, Ordered>;
type Ordered = string | NumberOperand | Uint8Array;

/** What an attribute of this type can contain: a part of a string, or an element of a list or set. */
type Contained<Value> = unknown extends Value
  ? Operand<Value>
  : Value extends string
    ? string
    : Value extends readonly (infer Member)[]
      ? Operand<Member>
      : never;

/** DynamoDB's names of the types. */
type TypeName = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'L' | 'M' | 'SS' | 'NS' | 'BS';

/** Conditions on one value. Several operators must all be true. */
export interface Operators<Value> {
  eq?: Operand<Value>;
  ne?: Operand<Value>;
  lt?: Comparable<Value>;
  le?: Comparable<Value>;
  gt?: Comparable<Value>;
  ge?: Comparable<Value>;
  /** Both ends are included. */
  between?: readonly [Comparable<Value>, Comparable<Value>];
  in?: readonly Operand<Value>[];
  beginsWith?: Extract<Comparable<Value>, string | Uint8Array>;
  /** A part of a string, or an element of a list or a set. */
  contains?: Contained<Value>;
  exists?: boolean;
  type?: TypeName;
  /** Characters of a string, bytes of a binary value, or elements. */
  size?: SizeCondition;
  /** Conditions on the attributes of a map. */
  where?: unknown extends Value ? Conditions<Record<string, unknown>> : MapConditions<Value>;
}

type SizeCondition =
  number | Pick<Operators<number>, 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge' | 'between' | 'in'>;

type MapConditions<Value> = Value extends readonly unknown[]
  ? never
  : Value extends object
    ? Conditions<Value>
    : never;

/** Operators, or a value that the attribute must equal. */
export type Condition<Value> =
  (unknown extends Value ? Scalar : Extract<Operand<Value>, Scalar>) | Operators<Value>;

type Scalar = string | boolean | null | NumberOperand;

/** Conditions by attribute. All must be true. */
export type Conditions<Item> = { readonly [Name in keyof Item]?: Condition<Exclude<Item[Name], undefined>> };

const combination: unique symbol = Symbol('combination');

/** Filters that are joined by `and`, `or` or `not`. */
interface Combination<Item> {
  readonly [combination]: { operator: 'AND' | 'OR' | 'NOT'; filters: readonly Filter<Item>[] };
}

/** Conditions on the attributes of an item, or a combination of filters. */
export type Filter<Item> = Conditions<Item> | Combination<Item>;

/** All filters must be true. */
export function and<Item>(...filters: readonly Filter<NoInfer<Item>>[]): Filter<Item> {
  return { [combination]: { operator: 'AND', filters } };
}

/** At least one filter must be true. */
export function or<Item>(...filters: readonly Filter<NoInfer<Item>>[]): Filter<Item> {
  return { [combination]: { operator: 'OR', filters } };
}

/** The filter must be false. */
export function not<Item>(filter: Filter<NoInfer<Item>>): Filter<Item> {
  return { [combination]: { operator: 'NOT', filters: [filter] } };
}

/**
 * Translates a filter to an expression; undefined if it has no conditions.
 *
 * @throws TypeError if an operator or an operand is not valid.
 */
export function filterExpression(filter: unknown, placeholders: Placeholders): string | undefined {
  const terms = filterTerms(filter, placeholders);
  return terms.length === 0 ? undefined : terms.join(' AND ');
}

/** Returns terms that must all be true. Each is a single condition or in parentheses. */
function filterTerms(filter: unknown, placeholders: Placeholders): string[] {
  if (typeof filter === 'object' && filter !== null && combination in filter) {
    return combine((filter as Combination<unknown>)[combination], placeholders);
  }
  return conditionTerms(filter, { path: '', label: 'filter' }, placeholders);
}

function combine(
  { operator, filters }: Combination<unknown>[typeof combination],
  placeholders: Placeholders,
): string[] {
  const terms = filters.map((filter) => filterTerms(filter, placeholders));
  if (terms.length === 0 || terms.some(({ length }) => length === 0)) {
    // An empty filter is true for every item, which is hardly what its author means.
    throw new TypeError(`filter: ${operator.toLowerCase()}() needs filters with conditions`);
  }
  // DynamoDB rejects redundant parentheses.
  if (operator === 'AND' || (operator === 'OR' && terms.length === 1)) return terms.flat();
  const operands = terms.map((all) => (all.length === 1 ? all.join('') : `(${all.join(' AND ')})`));
  return [operator === 'NOT' ? `(NOT ${operands.join('')})` : `(${operands.join(' OR ')})`];
}

/** The place of a condition, in the expression and in an error message. */
interface Place {
  path: string;
  label: string;
}

function conditionTerms(conditions: unknown, { path, label }: Place, placeholders: Placeholders): string[] {
  if (!isPlainObject(conditions))
    throw new TypeError(`${label} must be an object of conditions by attribute`);
  return Object.entries(conditions).flatMap(([name, condition]) => {
    const place = { path: `${path}${path && '.'}${placeholders.name(name)}`, label: `${label}.${name}` };
    return operatorTerms(condition, place, placeholders);
  });
}

function operatorTerms(condition: unknown, place: Place, placeholders: Placeholders): string[] {
  const operators = isPlainObject(condition) ? condition : { eq: condition };
  const entries = Object.entries(operators);
  if (entries.length === 0) throw new TypeError(`${place.label} must have at least one operator`);
  return entries.flatMap(([operator, operand]) => {
    // An undefined operand must not widen the filter.
    if (operand === undefined) throw new TypeError(`${place.label} must not be undefined`);
    const label = isPlainObject(condition) ? `${place.label}.${operator}` : place.label;
    if (operator === 'where') return conditionTerms(operand, { path: place.path, label }, placeholders);
    if (operator === 'size') {
      return operatorTerms(operand, { path: `size(${place.path})`, label }, placeholders);
    }
    return [operatorTerm(operator, operand, { path: place.path, label }, placeholders)];
  });
}

const COMPARATORS: Readonly<Record<string, string>> = {
  eq: '=',
  ne: '<>',
  lt: '<',
  le: '<=',
  gt: '>',
  ge: '>=',
};

/** Returns the condition of one operator, which filters and keys share. */
export function operatorTerm(
  operator: string,
  operand: unknown,
  { path, label }: Place,
  placeholders: Placeholders,
): string {
  const value = (part: unknown, index?: number) =>
    placeholders.value(part, index === undefined ? label : `${label}[${index}]`);
  const list = (length?: number) => operandList(operand, label, length).map(value);
  if (Object.hasOwn(COMPARATORS, operator)) return `${path} ${COMPARATORS[operator] ?? ''} ${value(operand)}`;
  switch (operator) {
    case 'between':
      return `${path} BETWEEN ${list(2).join(' AND ')}`;
    case 'in':
      return `${path} IN (${list().join(', ')})`;
    case 'beginsWith':
      return `begins_with(${path}, ${value(operand)})`;
    case 'contains':
      return `contains(${path}, ${value(operand)})`;
    case 'type':
      return `attribute_type(${path}, ${value(operand)})`;
    case 'exists':
      if (typeof operand !== 'boolean') throw new TypeError(`${label} must be true or false`);
      return `${operand ? 'attribute_exists' : 'attribute_not_exists'}(${path})`;
    default:
      throw new TypeError(`${label} is not an operator. ${OPERATORS}`);
  }
}

const OPERATORS =
  'Use eq, ne, lt, le, gt, ge, between, in, beginsWith, contains, exists, type, size or where.';

function operandList(operand: unknown, label: string, length?: number): unknown[] {
  // DynamoDB accepts at most 100 operands of IN.
  const [min, max] = length === undefined ? [1, 100] : [length, length];
  if (Array.isArray(operand) && operand.length >= min && operand.length <= max) return operand;
  throw new TypeError(`${label} must be an array of ${length ?? '1 to 100'} values`);
}
