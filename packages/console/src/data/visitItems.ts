/** Visits all items of a store without blocking the page. */
import type { Item } from './attributeValue';
import type { ItemStore } from './itemStore';

/** At 60 frames per second, this leaves about 4 ms of each frame for drawing. */
const SLICE_MS = 12;

/**
 * Calls `visit` with each item, including those that arrive meanwhile. Between slices, the page reacts to the user.
 *
 * @returns false if the signal was aborted before the last item.
 */
export async function visitItems(
  store: ItemStore,
  visit: (item: Item) => void,
  signal: AbortSignal,
): Promise<boolean> {
  let end = performance.now() + SLICE_MS;
  for (const item of store.items()) {
    if (signal.aborted) return false;
    visit(item);
    if (performance.now() < end) continue;
    await new Promise((resolve) => setTimeout(resolve));
    end = performance.now() + SLICE_MS;
  }
  return !signal.aborted;
}
