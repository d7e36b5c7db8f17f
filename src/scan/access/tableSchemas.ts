/** The keys and projections of indexes, by DescribeTable. */
import type { IndexSchema, Repository } from '../../dynamodb/repository';

/** Caches the schemas. The key of an index never changes. */
export class TableSchemas {
  private readonly repository: Repository;
  private readonly tables = new Map<string, ReadonlyMap<string, IndexSchema>>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /** Returns the schema of an index; undefined if it does not exist. Throws DynamodbError. */
  async indexOf(tableName: string, indexName: string, signal: AbortSignal): Promise<IndexSchema | undefined> {
    const known = this.tables.get(tableName)?.get(indexName);
    if (known !== undefined) return known;
    const { indexSchemas } = await this.repository.describe(tableName, signal);
    this.tables.set(tableName, indexSchemas);
    return indexSchemas.get(indexName);
  }
}
