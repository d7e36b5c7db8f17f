/** The description of a table that a client may see. No I/O. */
import type { Config } from '../config/config';
import { keyNames, type KeyAttribute, type TableDescription } from '../dynamodb/tableDescription';
import { visibleIn } from '../scan/access/visibleAttributes';

export type DescriptionSettings = Pick<Config, 'visibleAttributes' | 'itemFilter'>;

/** The response of `GET /tables/{name}`, with DynamoDB's names. Counts that are unknown or hidden are absent. */
export interface VisibleDescription {
  TableName: string;
  ItemCount?: number;
  KeySchema: readonly KeyAttribute[];
  Indexes: readonly VisibleIndex[];
}

interface VisibleIndex {
  IndexName: string;
  KeySchema: readonly KeyAttribute[];
  /** `ALL`, `KEYS_ONLY` or `INCLUDE`. */
  Projection: string | undefined;
  ItemCount?: number;
}

/**
 * Leaves out what is hidden from clients: hidden key attributes, and indexes with such an attribute, which clients cannot
 * read. With an item filter, it leaves out the counts, which would say how many items are hidden.
 */
export function visibleDescription(
  TableName: string,
  { key, itemCount, indexSchemas, indexItemCounts }: TableDescription,
  { visibleAttributes, itemFilter }: DescriptionSettings,
): VisibleDescription {
  const visible = visibleIn(visibleAttributes, TableName);
  const isVisible = (name: string) => visible?.includes(name) ?? true;
  const countOf = (count: number | undefined) =>
    count === undefined || itemFilter !== undefined ? {} : { ItemCount: count };
  return {
    TableName,
    ...countOf(itemCount),
    KeySchema: key.filter(({ AttributeName }) => isVisible(AttributeName)),
    Indexes: [...indexSchemas]
      .filter(([, schema]) => keyNames(schema).every(isVisible))
      .map(([IndexName, schema]) => ({
        IndexName,
        KeySchema: schema.key,
        Projection: schema.projection,
        ...countOf(indexItemCounts.get(IndexName)),
      })),
  };
}
