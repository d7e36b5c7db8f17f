/** How many records a table holds, by DynamoDB's own estimate. */
import type { Repository } from '../../dynamodb/repository';

/** Milliseconds that an answer of DescribeTable is good for; DynamoDB counts every six hours. */
const FRESH = 60_000;

type Description = Awaited<ReturnType<Repository['describe']>>;

/** Keeps what DescribeTable says, so that it is not asked for each scan. */
export class ItemCounts {
  private readonly repository: Repository;
  private readonly descriptions = new Map<string, Description>();
  private readonly askedAt = new Map<string, number>();

  constructor(repository: Repository) {
    this.repository = repository;
  }

  /**
   * Looks a count up in the background; a failure leaves it unknown.
   *
   * @returns what gives the records of the table or its index, as soon as they are known.
   */
  lookUp(tableName: string, indexName: string | undefined): () => number | undefined {
    const now = performance.now();
    if (now > (this.askedAt.get(tableName) ?? -Infinity) + FRESH) {
      this.askedAt.set(tableName, now);
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

/** What one scan asks for, the next ones use: its client may leave. */
const NEVER = new AbortController().signal;
