/** Reads a sample of a table's items. */
import type { Attributes } from '../dynamodb/attributeValue';
import type { Key } from '../dynamodb/key';
import type { Repository } from '../dynamodb/repository';

/** Items of one partition resemble each other, so the sample comes from different parts of the table. */
const SEGMENTS = 8;

export interface Sample {
  /** In DynamoDB's typed form. */
  items: Attributes[];
  /** Whether the sample has every item of the table. */
  isWholeTable: boolean;
}

/**
 * Reads about `size` items, the same number from each segment of the table.
 *
 * @throws DynamodbError, or the signal's reason.
 */
export async function readSample(
  repository: Repository,
  tableName: string,
  size: number,
  signal: AbortSignal,
): Promise<Sample> {
  const items: Attributes[] = [];
  let isWholeTable = true;
  for (let segment = 0; segment < SEGMENTS; segment++) {
    const end = Math.ceil((size * (segment + 1)) / SEGMENTS);
    let startKey: Key | undefined;
    do {
      const page = await repository.scanPage(
        {
          TableName: tableName,
          Segment: segment,
          TotalSegments: SEGMENTS,
          Limit: Math.max(1, end - items.length),
          ExclusiveStartKey: startKey,
        },
        signal,
      );
      const json = page.encodeItems({ values: 'typed', numbers: 'number', separator: ',' }).toString();
      page.release();
      items.push(...(JSON.parse(`[${json}]`) as Attributes[]));
      startKey = page.lastEvaluatedKey;
    } while (startKey !== undefined && items.length < end);
    if (startKey !== undefined) isWholeTable = false;
  }
  return { items, isWholeTable };
}
