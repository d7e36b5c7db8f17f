/** Which attributes are columns, in which order, and how wide. No I/O. */
import type { KeyAttribute } from '../api/table';
import { attributeOf, plainJson, type AttributeType } from '../data/attributeValue';
import type { Column, ItemStore } from '../data/itemStore';

/** A column of the grid. */
export interface GridColumn extends Column {
  isKey: boolean;
  /** The most frequent type, which decides how the column is aligned. */
  mainType: AttributeType;
  /** In pixels, from the first items. */
  width: number;
}

/** More columns than this are hidden until the user chooses them. */
const MAX_COLUMNS = 500;
const SAMPLE_ITEMS = 40;
const CHAR_PX = 8.2;
const PADDING_PX = 24;
const MIN_PX = 72;
const MAX_PX = 320;

/** Returns all attributes: the key first, then as they appear in the items. */
export function orderedColumns(
  store: ItemStore,
  ...keys: readonly (readonly KeyAttribute[])[]
): GridColumn[] {
  const keyNames = new Set(keys.flat().map(({ AttributeName }) => AttributeName));
  const columns = [...store.columns.values()].map((column) => ({
    ...column,
    isKey: keyNames.has(column.name),
    mainType: mainTypeOf(column),
    width: widthOf(store, column),
  }));
  const position = [...keyNames];
  return columns.sort((one, other) => rank(one, position) - rank(other, position));
}

/** Returns the columns that the user sees. */
export function visibleColumns(columns: readonly GridColumn[], hidden: readonly string[]): GridColumn[] {
  return columns.filter(({ name }) => !hidden.includes(name)).slice(0, MAX_COLUMNS);
}

/** Returns the CSS class that places the cells of a column. */
export function columnClass(index: number): string {
  return `column-${index}`;
}

function rank({ name }: GridColumn, keyNames: readonly string[]): number {
  const at = keyNames.indexOf(name);
  return at === -1 ? keyNames.length : at;
}

function mainTypeOf({ types }: Column): AttributeType {
  const [[main] = ['S' as const]] = [...types].sort(([, one], [, other]) => other - one);
  return main;
}

const widths = new WeakMap<ItemStore, Map<string, number>>();

/** Measured once, so that columns do not move while items arrive. */
function widthOf(store: ItemStore, { name, types }: Column): number {
  const known = widths.get(store) ?? new Map<string, number>();
  widths.set(store, known);
  const width = known.get(name) ?? measure(store, name, types.size);
  known.set(name, width);
  return width;
}

function measure(store: ItemStore, name: string, types: number): number {
  let chars = name.length + 2 + types * 2.5;
  for (let index = 0; index < Math.min(SAMPLE_ITEMS, store.count); index += 1) {
    const value = attributeOf(store.item(index) ?? {}, name);
    if (value !== undefined) chars = Math.max(chars, plainJson(value, 0, 60).length);
  }
  return Math.round(Math.min(MAX_PX, Math.max(MIN_PX, chars * CHAR_PX + PADDING_PX)));
}
