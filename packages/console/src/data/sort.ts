/** Sorts items by one attribute. No I/O. */
import { attributeOf, contentOf, plainJson, typeOf, type AttributeValue, type Item } from './attributeValue';
import { compareDecimals, type Decimal } from './decimal';
import type { ItemStore } from './itemStore';
import { visitItems } from './visitItems';

export interface SortOrder {
  attribute: string;
  descending: boolean;
}

const TYPE_ORDER = ['N', 'S', 'BOOL', 'NULL', 'B', 'L', 'M', 'NS', 'SS', 'BS'];
const MAX_COMPARED_CHARS = 500;

/**
 * Returns the indexes of the items in order. Values of one type stay together, and items without the attribute come
 * last in both directions.
 *
 * @returns undefined if the signal was aborted.
 */
export async function sortedIndexes(
  store: ItemStore,
  { attribute, descending }: SortOrder,
  signal: AbortSignal,
): Promise<number[] | undefined> {
  const keys: (SortKey | undefined)[] = [];
  const collect = (item: Item) => keys.push(sortKey(attributeOf(item, attribute)));
  if (!(await visitItems(store, collect, signal))) return undefined;
  const direction = descending ? -1 : 1;
  return keys
    .map((_, index) => index)
    .sort((left, right) => {
      const [one, other] = [keys[left], keys[right]];
      if (one === undefined || other === undefined)
        return Number(one === undefined) - Number(other === undefined);
      return direction * compareKeys(one, other);
    });
}

interface SortKey extends Decimal {
  type: string;
}

function sortKey(value: AttributeValue | undefined): SortKey | undefined {
  if (value === undefined) return undefined;
  const content = contentOf(value);
  const text = typeof content === 'string' ? content : plainJson(value, 0, MAX_COMPARED_CHARS);
  return { type: typeOf(value), text, rounded: Number(text) };
}

function compareKeys(one: SortKey, other: SortKey): number {
  if (one.type !== other.type) return TYPE_ORDER.indexOf(one.type) - TYPE_ORDER.indexOf(other.type);
  if (one.type === 'N') return compareDecimals(one, other);
  return one.text < other.text ? -1 : one.text > other.text ? 1 : 0;
}
