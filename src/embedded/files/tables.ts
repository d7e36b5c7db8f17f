/** Collects the items of the user's files by table. No I/O. */
import { excerpt, type Attributes } from '../../dynamodb/attributeValue';
import { ItemFileError } from './itemFileError';
import type { StoredTable } from '../storedTable';
import { isKeyValue, KeyChecker, type KeyType } from './keys';
import type { EncodedItem } from './plainItems';
import { namesOf, type TableSchema } from './tableSchema';

/** An item and its place, which is formatted only for error messages. */
export interface PlacedItem extends EncodedItem {
  list: ItemList;
  position: number;
}

/** A list of items in a file. */
export interface ItemList {
  path: string;
  /** Returns the place of an item in the file, for example `line 7`. */
  placeOf(position: number): string;
}

/** Returns file and place, for example `orders.json: line 7`. */
export function placeInFile({ list, position }: Pick<PlacedItem, 'list' | 'position'>): string {
  return `${list.path}: ${list.placeOf(position)}`;
}

/** The contents of a table. */
export interface TableContents extends StoredTable {
  items: readonly PlacedItem[];
  /** Whether a file says that it is only one part of a scan. */
  isPartial: boolean;
}

/** Collects the items of one table. */
export class TableBuilder {
  /** The attributes that keys and indexes need. */
  readonly names: readonly string[];
  isPartial = false;
  readonly keyNames: readonly string[];
  private readonly items: PlacedItem[] = [];
  private readonly keys: KeyChecker<PlacedItem>;
  private readonly indexTypes = new Map<string, KeyType>();
  private readonly indexNames: readonly string[];

  private readonly schema: TableSchema;

  constructor(schema: TableSchema) {
    this.schema = schema;
    this.keyNames = namesOf(schema.key);
    this.indexNames = schema.indexes.flatMap(({ key }) => namesOf(key));
    const projected = schema.indexes.flatMap(({ projection }) => projection.NonKeyAttributes ?? []);
    this.names = [...new Set([...this.keyNames, ...this.indexNames, ...projected])];
    this.keys = new KeyChecker(schema.key, schema.types, (earlier, { list }) =>
      earlier.list.path === list.path ? list.placeOf(earlier.position) : placeInFile(earlier),
    );
  }

  /** @throws ItemFileError without the place if the key or an index key is invalid. */
  add(item: EncodedItem, list: ItemList, position: number): void {
    const placed: PlacedItem = { json: item.json, attributes: item.attributes, list, position };
    this.keys.check(item.attributes, placed, () => Object.keys(JSON.parse(item.json.toString()) as object));
    for (const name of this.indexNames) this.checkIndexKey(name, item.attributes);
    this.items.push(placed);
  }

  /** Items without the key of an index are not in the index. */
  private checkIndexKey(name: string, attributes: Attributes): void {
    if (!Object.hasOwn(attributes, name)) return;
    const value = attributes[name];
    const type = isKeyValue(value) ? (Object.keys(value)[0] as KeyType) : undefined;
    const expected = this.schema.types.get(name) ?? this.indexTypes.get(name) ?? type;
    if (type !== undefined && Object.values(value as Attributes)[0] === '') {
      throw new ItemFileError(
        `the attribute ${JSON.stringify(name)} is the key of an index, so it must not be empty. Remove it from the item, which is then not in the index`,
      );
    }
    if (type === undefined || type !== expected) {
      const wanted = expected === undefined ? 'a string, a number or binary' : `of type ${expected}`;
      throw new ItemFileError(
        `the attribute ${JSON.stringify(name)} is the key of an index, so it must be ${wanted}, not ${excerpt(value)}`,
      );
    }
    this.indexTypes.set(name, type);
  }

  /** Returns the indexes that are empty, because no item has their key. */
  emptyIndexes(): string[] {
    if (this.items.length === 0) return [];
    return this.schema.indexes
      .filter(({ key }) =>
        namesOf(key).some((name) => !this.keyNames.includes(name) && !this.indexTypes.has(name)),
      )
      .map(({ name }) => name);
  }

  contents(tableName: string): TableContents {
    const key = this.keys.schema();
    const typeOf = (name: string) =>
      key.find((attribute) => attribute.name === name)?.type ?? this.indexTypes.get(name) ?? 'S';
    const indexes = this.schema.indexes.map((index) => {
      return { ...index, key: namesOf(index.key).map((name) => ({ name, type: typeOf(name) })) };
    });
    return { tableName, items: this.items, key, indexes, isPartial: this.isPartial };
  }
}
