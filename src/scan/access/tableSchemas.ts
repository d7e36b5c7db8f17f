/** The keys and projections of tables and indexes, by DescribeTable. */
import type { Repository } from '../../dynamodb/repository';
import type { Schema, TableDescription } from '../../dynamodb/tableDescription';

/** A table can be deleted, and created again with other keys. */
const MAX_AGE_MS = 60_000;

/** Caches the schemas for a minute. */
export class TableSchemas {
  private readonly repository: Repository;
  private readonly tables = new Map<string, { description: TableDescription; expiresAt: number }>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /**
   * Returns the schema of an index, or of the table if there is no index; undefined if the index does not exist. Throws
   * DynamodbError.
   */
  async schemaOf(
    tableName: string,
    indexName: string | undefined,
    signal: AbortSignal,
  ): Promise<Schema | undefined> {
    const cached = this.tables.get(tableName);
    const schema = cached && schemaIn(cached.description, indexName);
    if (cached !== undefined && schema !== undefined && performance.now() < cached.expiresAt) return schema;
    const description = await this.repository.describe(tableName, signal);
    this.tables.set(tableName, { description, expiresAt: performance.now() + MAX_AGE_MS });
    return schemaIn(description, indexName);
  }
}

function schemaIn(
  { key, indexSchemas }: TableDescription,
  indexName: string | undefined,
): Schema | undefined {
  return indexName === undefined ? { key, projected: undefined } : indexSchemas.get(indexName);
}
