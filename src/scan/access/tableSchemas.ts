/** The keys and projections of indexes, by DescribeTable. */
import type { IndexSchema, Repository } from '../../dynamodb/repository';

/** A table can be deleted, and created again with other keys. */
const MAX_AGE_MS = 60_000;

/** Caches the schemas for a minute. */
export class TableSchemas {
  private readonly repository: Repository;
  private readonly tables = new Map<
    string,
    { indexes: ReadonlyMap<string, IndexSchema>; expiresAt: number }
  >();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /** Returns the schema of an index; undefined if it does not exist. Throws DynamodbError. */
  async indexOf(tableName: string, indexName: string, signal: AbortSignal): Promise<IndexSchema | undefined> {
    const known = this.tables.get(tableName);
    const index = known?.indexes.get(indexName);
    if (known !== undefined && index !== undefined && performance.now() < known.expiresAt) return index;
    const { indexSchemas } = await this.repository.describe(tableName, signal);
    this.tables.set(tableName, { indexes: indexSchemas, expiresAt: performance.now() + MAX_AGE_MS });
    return indexSchemas.get(indexName);
  }
}
