/** The keys and projections of tables and indexes, by DescribeTable. */
import type { IndexSchema, Repository } from '../../dynamodb/repository';

/** A table can be deleted, and created again with other keys. */
const MAX_AGE_MS = 60_000;

type Description = Awaited<ReturnType<Repository['describe']>>;

/** Caches the schemas for a minute. */
export class TableSchemas {
  private readonly repository: Repository;
  private readonly tables = new Map<string, { description: Description; expiresAt: number }>();

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
  ): Promise<IndexSchema | undefined> {
    const cached = this.tables.get(tableName);
    const schema = cached && schemaIn(cached.description, indexName);
    if (cached !== undefined && schema !== undefined && performance.now() < cached.expiresAt) return schema;
    const description = await this.repository.describe(tableName, signal);
    this.tables.set(tableName, { description, expiresAt: performance.now() + MAX_AGE_MS });
    return schemaIn(description, indexName);
  }
}

function schemaIn(
  { keyAttributes, indexSchemas }: Description,
  indexName: string | undefined,
): IndexSchema | undefined {
  return indexName === undefined ? { keyAttributes, projected: undefined } : indexSchemas.get(indexName);
}
