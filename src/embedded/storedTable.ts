/** A table of the embedded engine, and its definition for CreateTable. No I/O. */
import type { StoredItem } from './engine';
import type { KeySchema } from './files/keys';
import type { Index } from './files/tableSchema';

/** The contents of a table, ready to be written. */
export interface StoredTable {
  tableName: string;
  items: readonly StoredItem[];
  key: KeySchema;
  indexes: readonly TypedIndex[];
}

/** An index whose key attributes have types. */
interface TypedIndex extends Omit<Index, 'key'> {
  key: KeySchema;
}

/**
 * Returns the parameters of CreateTable.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_CreateTable.html
 */
export function tableDefinition({ tableName, key, indexes }: Omit<StoredTable, 'items'>): object {
  const types = new Map(
    [key, ...indexes.map((index) => index.key)].flat().map(({ name, type }) => [name, type]),
  );
  return {
    TableName: tableName,
    AttributeDefinitions: [...types].map(([name, type]) => ({ AttributeName: name, AttributeType: type })),
    KeySchema: keySchema(key),
    ...secondaryIndexes(indexes, 'Global'),
    ...secondaryIndexes(indexes, 'Local'),
    BillingMode: 'PAY_PER_REQUEST',
  };
}

function secondaryIndexes(indexes: readonly TypedIndex[], kind: Index['kind']): object {
  const definitions = indexes
    .filter((index) => index.kind === kind)
    .map(({ name, key, projection }) => ({
      IndexName: name,
      KeySchema: keySchema(key),
      Projection: projection,
    }));
  return definitions.length === 0 ? {} : { [`${kind}SecondaryIndexes`]: definitions };
}

function keySchema(key: KeySchema): object[] {
  return key.map(({ name }, index) => ({ AttributeName: name, KeyType: index === 0 ? 'HASH' : 'RANGE' }));
}
