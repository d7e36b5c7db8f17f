/** What DescribeTable says about a table: its keys, its indexes and its size. No I/O. */
import type {
  AttributeDefinition,
  KeySchemaElement,
  TableDescription as SdkTableDescription,
} from '@aws-sdk/client-dynamodb';

/** The result of DescribeTable. */
export interface TableDescription {
  /** `ACTIVE` if the table can be read. */
  status: string | undefined;
  /** Number of items; an estimate that DynamoDB updates about every six hours. */
  itemCount: number | undefined;
  /** The same for each index, by name. */
  indexItemCounts: ReadonlyMap<string, number>;
  /** The primary key. */
  key: readonly KeyAttribute[];
  /** The indexes by name. */
  indexSchemas: ReadonlyMap<string, IndexSchema>;
}

/** An attribute of a key, with DynamoDB's names. */
export interface KeyAttribute {
  AttributeName: string;
  /** `S`, `N` or `B`. */
  AttributeType: string | undefined;
  /** `HASH` or `RANGE`. */
  KeyType: string | undefined;
}

/** The attributes that a table or an index consists of. */
export interface Schema {
  key: readonly KeyAttribute[];
  /** The attributes that a request can return; undefined means all of the table. */
  projected: readonly string[] | undefined;
}

/** The attributes of an index. */
interface IndexSchema extends Schema {
  /** `ALL`, `KEYS_ONLY` or `INCLUDE`. */
  projection: string | undefined;
}

/** Converts the SDK's description of a table. */
export function toTableDescription(table: SdkTableDescription = {}): TableDescription {
  const indexes = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])];
  return {
    status: table.TableStatus,
    itemCount: table.ItemCount,
    indexItemCounts: new Map(indexes.map(({ IndexName = '', ItemCount = 0 }) => [IndexName, ItemCount])),
    key: keyOf(table.KeySchema, table.AttributeDefinitions),
    indexSchemas: indexSchemasOf(table),
  };
}

/** Returns the names of the attributes of a key. */
export function keyNames({ key }: Schema): string[] {
  return key.map(({ AttributeName }) => AttributeName);
}

function indexSchemasOf(table: SdkTableDescription): ReadonlyMap<string, IndexSchema> {
  const tableKey = keyOf(table.KeySchema, table.AttributeDefinitions);
  const globals = (table.GlobalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema, Projection }) => {
    const key = keyOf(KeySchema, table.AttributeDefinitions);
    const names = [...tableKey, ...key].map(({ AttributeName }) => AttributeName);
    const projection = Projection?.ProjectionType;
    const projected = projection === 'ALL' ? undefined : [...names, ...(Projection?.NonKeyAttributes ?? [])];
    return [IndexName, { key, projection, projected }] as const;
  });
  // DynamoDB reads the other attributes of a local secondary index from the table.
  const locals = (table.LocalSecondaryIndexes ?? []).map(({ IndexName = '', KeySchema, Projection }) => {
    const key = keyOf(KeySchema, table.AttributeDefinitions);
    return [IndexName, { key, projection: Projection?.ProjectionType, projected: undefined }] as const;
  });
  return new Map<string, IndexSchema>([...globals, ...locals]);
}

function keyOf(
  keySchema: readonly KeySchemaElement[] = [],
  definitions: readonly AttributeDefinition[] = [],
): KeyAttribute[] {
  const types = new Map(
    definitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  return keySchema.flatMap(({ AttributeName, KeyType }) =>
    AttributeName === undefined ? [] : [{ AttributeName, AttributeType: types.get(AttributeName), KeyType }],
  );
}
