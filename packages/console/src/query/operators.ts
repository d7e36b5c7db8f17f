/** The operators of a filter, and the types that each of them compares. No I/O. */
import type { AttributeType } from '../data/attributeValue';

export type OperatorId =
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'gt'
  | 'ge'
  | 'between'
  | 'in'
  | 'begins'
  | 'contains'
  | 'lacks'
  | 'exists'
  | 'absent'
  | 'type';

export interface Operator {
  id: OperatorId;
  label: string;
  /** The types of the value that the user enters. Empty: there is no value. */
  types: readonly AttributeType[];
  /** Types of attributes for which the operator is offered; undefined means all. */
  attributes?: readonly AttributeType[];
  /** Whether the condition can be part of a key condition, on a sort key. */
  isForSortKey?: boolean;
}

const COMPARABLE: readonly AttributeType[] = ['S', 'N', 'B'];
const SCALAR: readonly AttributeType[] = ['S', 'N', 'BOOL', 'NULL', 'B'];

const EQUALS: Operator = { id: 'eq', label: '=', types: SCALAR, isForSortKey: true };

export const OPERATORS: readonly Operator[] = [
  EQUALS,
  { id: 'ne', label: '≠', types: SCALAR },
  { id: 'gt', label: '>', types: COMPARABLE, attributes: COMPARABLE, isForSortKey: true },
  { id: 'ge', label: '≥', types: COMPARABLE, attributes: COMPARABLE, isForSortKey: true },
  { id: 'lt', label: '<', types: COMPARABLE, attributes: COMPARABLE, isForSortKey: true },
  { id: 'le', label: '≤', types: COMPARABLE, attributes: COMPARABLE, isForSortKey: true },
  { id: 'between', label: 'between', types: COMPARABLE, attributes: COMPARABLE, isForSortKey: true },
  { id: 'in', label: 'is one of', types: ['S', 'N'], attributes: ['S', 'N'] },
  { id: 'begins', label: 'begins with', types: ['S', 'B'], attributes: ['S', 'B'], isForSortKey: true },
  {
    id: 'contains',
    label: 'contains',
    types: SCALAR,
    attributes: ['S', 'B', 'SS', 'NS', 'BS', 'L'],
  },
  {
    id: 'lacks',
    label: 'does not contain',
    types: SCALAR,
    attributes: ['S', 'B', 'SS', 'NS', 'BS', 'L'],
  },
  { id: 'exists', label: 'exists', types: [] },
  { id: 'absent', label: 'does not exist', types: [] },
  { id: 'type', label: 'has type', types: [] },
];

/** Returns the operator with this id. */
export function operatorOf(id: OperatorId): Operator {
  return OPERATORS.find((operator) => operator.id === id) ?? EQUALS;
}

/** Returns the operators that can match an attribute of these types; all if the types are unknown. */
export function operatorsFor(types: readonly AttributeType[]): readonly Operator[] {
  if (types.length === 0) return OPERATORS;
  return OPERATORS.filter(
    ({ attributes }) => attributes === undefined || types.some((type) => attributes.includes(type)),
  );
}

/** Returns the type of value to begin with: for a set or a list that of its elements. */
export function defaultValueType(operator: Operator, attribute: AttributeType | undefined): AttributeType {
  const wanted = attribute === 'NS' ? 'N' : attribute === 'BS' ? 'B' : attribute;
  if (wanted !== undefined && operator.types.includes(wanted)) return wanted;
  return operator.types[0] ?? 'S';
}
