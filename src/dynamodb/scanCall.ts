/** The parameters of Scan requests, of the repository. */
import type { Select } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributeValue';
import type { Key } from './key';

/** What to scan. Values are DynamoDB's typed values in JSON, binary in base64. */
export interface ScanQuery {
  TableName: string;
  IndexName?: string | undefined;
  ConsistentRead?: boolean | undefined;
  Select?: Select | undefined;
  FilterExpression?: string | undefined;
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Attributes | undefined;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
}

/** One Scan request: a part of a query. */
export interface ScanCall extends ScanQuery {
  /** Maximum number of items to evaluate. */
  Limit?: number | undefined;
  ExclusiveStartKey?: Key | undefined;
  ReturnConsumedCapacity?: 'TOTAL' | undefined;
}
