/** The number of items in a table, by DynamoDB's own estimate. */
import type { Repository } from '../../dynamodb/repository';
import type { TableDescription } from '../../dynamodb/tableDescription';

/** How long a result of DescribeTable is reused. DynamoDB updates the count about every six hours. */
const MAX_AGE_MS = 60_000;

/** Caches the results of DescribeTable, so that not every scan needs one. */
export class ItemCounts {
  private readonly repository: Repository;
  private readonly descriptions = new Map<string, TableDescription>();
  private readonly requestedAt = new Map<string, number>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /**
   * Requests a count in the background; a failure leaves it unknown.
   *
   * @returns a function that returns the count of the table or its index, or undefined until it is known.
   */
  lookUp(tableName: string, indexName: string | undefined): () => number | undefined {
    const now = performance.now();
    if (now > (this.requestedAt.get(tableName) ?? -Infinity) + MAX_AGE_MS) {
      this.requestedAt.set(tableName, now);
      void this.describe(tableName).catch(() => undefined);
    }
    return () => {
      const { itemCount, indexItemCounts } = this.descriptions.get(tableName) ?? {};
      return indexName === undefined ? itemCount : indexItemCounts?.get(indexName);
    };
  }

  private async describe(tableName: string): Promise<void> {
    this.descriptions.set(tableName, await this.repository.describe(tableName, NEVER));
  }
}

/** Later scans use the result too, so the request continues if this client disconnects. */
const NEVER = new AbortController().signal;
