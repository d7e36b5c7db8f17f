/** Plans a scan from a request. No I/O. */
import { readToken } from './token';
import type { Key } from '../../dynamodb/key';
import type { ScanQuery } from '../../dynamodb/scanCall';
import type { ScanRequest } from '../request/parse';
import type { Position, ScanPlan } from './scan';
import type { TokenFormat } from './tokenCipher';

/**
 * @param scanMaxReadUnits read capacity units that any scan may consume; undefined means no limit.
 * @param tokenFormat the format of StartingToken; default: readable.
 * @throws HttpProblem 400 if the StartingToken belongs to another query.
 */
export function planScan(
  request: ScanRequest,
  query: ScanQuery,
  scanMaxReadUnits: number | undefined,
  tokenFormat?: TokenFormat,
): ScanPlan {
  const { StartingToken, TotalSegments: segments = 1, MaxReadUnits = scanMaxReadUnits } = request;
  return {
    from:
      StartingToken === undefined
        ? beginning(request, segments)
        : readToken(StartingToken, query, segments, tokenFormat),
    segments,
    limit: request.Limit,
    pageSize: request.PageSize,
    maxItems: request.MaxItems,
    maxReadUnits: MaxReadUnits,
    consistentRead: request.ConsistentRead,
    filtered: request.FilterExpression !== undefined,
  };
}

function beginning({ Segment, TotalSegments, ExclusiveStartKey }: ScanRequest, segments: number): Position {
  if (TotalSegments !== undefined && Segment === undefined) return { begun: [], next: 0 };
  return {
    begun: [{ segment: Segment ?? 0, startKey: ExclusiveStartKey as Key | undefined }],
    next: segments,
  };
}
