/** Shares the results of DescribeTable, so that any number of requests costs one request to DynamoDB. */
import type { Repository } from './repository';
import type { TableDescription } from './tableDescription';

/** How long a result is used. */
const MAX_AGE_MS = 1000;

/** Later requests use the result too, so DescribeTable continues if this client disconnects. */
const NEVER = new AbortController().signal;

/** Returns the description of a table, or throws DynamodbError. */
export type Describe = (tableName: string) => Promise<TableDescription>;

/** Requests for the same table within a second share one result, also while it is not there yet. */
export function shareDescriptions(repository: Pick<Repository, 'describe'>): Describe {
  const latest = new Map<string, { description: Promise<TableDescription>; expiresAt: number }>();
  return (tableName) => {
    const known = latest.get(tableName);
    if (known !== undefined && performance.now() <= known.expiresAt) return known.description;
    const description = repository.describe(tableName, NEVER).finally(() => {
      latest.set(tableName, { description, expiresAt: performance.now() + MAX_AGE_MS });
    });
    latest.set(tableName, { description, expiresAt: Infinity });
    return description;
  };
}
