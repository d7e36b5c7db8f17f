/**
 * Infers the types of CSV columns from their cells. No I/O.
 *
 * The type is that of a column and not of a cell: in a column of ids such as `001` and `2` all are text. DynamoDB
 * rejects a key of two types, and a front end expects one.
 */
import { isLosslessNumber, parse } from 'lossless-json';
import { unguardFormula } from '../../csv/notation';
import {
  describeInvalidValue,
  marshall,
  MAX_DEPTH,
  typedMember,
  type Attributes,
} from '../../dynamodb/attributeValue';
import { isNumberText } from '../../dynamodb/number';
import type { Cell } from './csvRows';

/** The type of a column. `plain` and `typed` are lists and maps in plain JSON and in DynamoDB JSON. */
export type ColumnType = 'text' | 'number' | 'boolean' | 'null' | 'plain' | 'typed';

/** What a cell can be. An empty list or map is the same in plain and in typed JSON. */
type CellKind = ColumnType | 'emptyJson';

/** Collects the kinds of the cells of one column. */
export class ColumnKinds {
  readonly #kinds = new Set<CellKind>();

  add(cell: Cell): void {
    // Empty cells fit any type. Nothing changes a column that is text.
    if (cell === undefined || cell === '' || this.#kinds.has('text')) return;
    this.#kinds.add(kindOf(cell));
  }

  /** The type that fits every cell. `null` fits any type. */
  get type(): ColumnType {
    const kinds = new Set(this.#kinds);
    if (kinds.size === 0) return 'text';
    if (kinds.size > 1) kinds.delete('null');
    if (kinds.delete('emptyJson') && !kinds.has('typed')) kinds.add('plain');
    if (kinds.has('plain')) kinds.delete('typed');
    const [type = 'text', ...others] = kinds as Set<ColumnType>;
    return others.length === 0 ? type : 'text';
  }
}

/**
 * Converts a cell to a typed value. In a column that is not text, an empty cell in quotes is an absent attribute as
 * well: tools that quote every cell write it.
 *
 * @returns undefined for an absent attribute.
 */
export function typedCell(cell: Cell, type: ColumnType): unknown {
  if (cell === undefined) return undefined;
  if (type === 'text') return { S: unguardFormula(cell) };
  if (cell === '') return undefined;
  if (cell === 'null') return { NULL: true };
  if (type === 'number') return { N: cell };
  if (type === 'boolean') return { BOOL: cell === 'true' };
  return type === 'plain' ? marshall(parse(cell)) : typedContainer(parse(cell));
}

function kindOf(cell: string): CellKind {
  if (cell === 'null') return 'null';
  if (cell === 'true' || cell === 'false') return 'boolean';
  if (cell.startsWith('{') || cell.startsWith('[')) return kindOfJson(cell);
  return isNumberText(cell) ? 'number' : 'text';
}

/** Lists and maps that DynamoDB cannot store are text. */
function kindOfJson(cell: string): CellKind {
  try {
    const json = parse(cell) as object;
    const values = Object.values(json);
    if (values.length === 0) return 'emptyJson';
    const isTyped = values.every((value) => typedMember(value) !== undefined);
    if (isTyped && isStorableTyped(typedContainer(json))) return 'typed';
    return isStorable(json) ? 'plain' : 'text';
  } catch {
    // Not JSON, or nested so deeply that the stack overflows.
    return 'text';
  }
}

/** @param json a list or map of typed values. */
function typedContainer(json: unknown): Attributes {
  return Array.isArray(json) ? { L: json } : { M: json };
}

/** Whether DynamoDB can store a value in plain JSON. */
function isStorable(json: unknown, depth = 1): boolean {
  if (isLosslessNumber(json)) return isNumberText(json.value);
  if (typeof json !== 'object' || json === null) return true;
  return depth <= MAX_DEPTH && Object.values(json).every((value) => isStorable(value, depth + 1));
}

function isStorableTyped(value: unknown): boolean {
  return describeInvalidValue({ value }) === undefined && hasStorableNumbers(value);
}

/** @param value a valid typed value. */
function hasStorableNumbers(value: unknown): boolean {
  const [type, content] = typedMember(value) ?? [];
  if (type === 'N') return isNumberText(content as string);
  if (type === 'NS') return (content as string[]).every(isNumberText);
  return type === 'L' || type === 'M' ? Object.values(content as object).every(hasStorableNumbers) : true;
}
