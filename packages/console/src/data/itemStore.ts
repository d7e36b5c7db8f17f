/** Keeps the items that have been read, as text, and counts their attributes. No I/O. */
import { typeOf, type AttributeType, type Item } from './attributeValue';

/** What is known about the attributes of one name. */
export interface Column {
  name: string;
  /** How many items have the attribute, by its type. */
  types: Map<AttributeType, number>;
}

/** Parsed items take several times the memory of their text, so only the latest ones are kept. */
const MAX_PARSED_ITEMS = 300;

export class ItemStore {
  /** In order of appearance. */
  readonly columns = new Map<string, Column>();
  /** The length of all texts, which is about their size in memory. */
  chars = 0;
  private texts: string[] = [];
  private readonly parsed = new Map<number, Item>();

  get count(): number {
    return this.texts.length;
  }

  append(items: readonly Item[]): void {
    for (const item of items) {
      const text = JSON.stringify(item);
      this.texts.push(text);
      this.chars += text.length;
      this.countAttributes(item);
    }
  }

  clear(): void {
    this.texts = [];
    this.chars = 0;
    this.columns.clear();
    this.parsed.clear();
  }

  /** Returns one item, or undefined if there is none at this index. */
  item(index: number): Item | undefined {
    const cached = this.parsed.get(index);
    if (cached !== undefined) return cached;
    const text = this.texts[index];
    if (text === undefined) return undefined;
    const item = JSON.parse(text) as Item;
    this.parsed.set(index, item);
    if (this.parsed.size > MAX_PARSED_ITEMS) {
      const [oldest = 0] = this.parsed.keys();
      this.parsed.delete(oldest);
    }
    return item;
  }

  /** Parses every item once, without keeping them. */
  *items(): Generator<Item> {
    for (const text of this.texts) yield JSON.parse(text) as Item;
  }

  private countAttributes(item: Item): void {
    for (const [name, value] of Object.entries(item)) {
      let column = this.columns.get(name);
      if (column === undefined) {
        column = { name, types: new Map() };
        this.columns.set(name, column);
      }
      const type = typeOf(value);
      column.types.set(type, (column.types.get(type) ?? 0) + 1);
    }
  }
}
