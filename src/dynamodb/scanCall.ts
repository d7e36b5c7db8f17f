/** The parameters of Scan and Query requests, of the repository. No I/O. */
import type { Select } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributeValue';
import type { Key } from './key';

/** What to read: a table or an index, or with a key condition one partition of it. Values are DynamoDB's typed values in JSON, binary in base64. */
export interface ScanQuery {
  TableName: string;
  IndexName?: string | undefined;
  ConsistentRead?: boolean | undefined;
  Select?: Select | undefined;
  KeyConditionExpression?: string | undefined;
  /** False reads the partition from its end. */
  ScanIndexForward?: boolean | undefined;
  FilterExpression?: string | undefined;
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Attributes | undefined;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
}

/** One Scan or Query request: a part of a query. */
export interface ScanCall extends ScanQuery {
  /** Maximum number of items to evaluate. */
  Limit?: number | undefined;
  ExclusiveStartKey?: Key | undefined;
  ReturnConsumedCapacity?: 'TOTAL' | undefined;
}

/**
 * Returns the operation of DynamoDB that reads it. Both have the same parameters, apart from the key condition and the
 * segments, and the same response.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html
 */
export function operationOf({ KeyConditionExpression }: ScanQuery): 'Scan' | 'Query' {
  return KeyConditionExpression === undefined ? 'Scan' : 'Query';
}
