/** The headers of a scan response. */
import type { Response } from 'express';
import { HttpProblem } from '../../http/problem';
import type { Format, Summary } from '../formats/format';
import type { ScanRequest } from '../request/parse';
import { attachment, safeFileName } from './fileName';

/**
 * Sets Content-Type, and a file name if the response is meant to be saved.
 *
 * @param download the file name that the client requests; undefined if it requests none.
 */
export function setType(
  response: Response,
  { contentType, extension, isFile }: Format,
  tableName: string,
  download: string | undefined,
): void {
  if (isFile || download !== undefined) {
    response.set('Content-Disposition', attachment(safeFileName(download ?? '', tableName, extension)));
  }
  response.type(contentType);
}

/** Sets the estimated number of items to evaluate, for example for a progress bar. That of a partition is unknown. */
export function setEstimate(response: Response, itemCount: number | undefined, request: ScanRequest): void {
  const { Segment, TotalSegments = 1, KeyConditionExpression } = request;
  if (itemCount === undefined || KeyConditionExpression !== undefined) return;
  const estimate = Segment === undefined ? itemCount : Math.round(itemCount / TotalSegments);
  response.set('X-Item-Count-Estimate', String(estimate));
}

/**
 * Sets the summary as headers, for formats whose body has no place for it.
 *
 * X-Count is the last of them: browsers accept a response over HTTP that ends within its headers, so a client that sees
 * X-Count knows that the others have arrived too.
 */
export function setSummary(
  response: Response,
  { Count, ScannedCount, LastEvaluatedKey, NextToken, ConsumedCapacity }: Summary,
): void {
  if (LastEvaluatedKey !== undefined) response.set('X-Last-Evaluated-Key', ascii(LastEvaluatedKey));
  if (NextToken !== undefined && NextToken.length > MAX_HEADER_CHARS) throw tokenTooLong();
  if (NextToken !== undefined) response.set('X-Next-Token', NextToken);
  if (ConsumedCapacity !== undefined) {
    response.set('X-Consumed-Capacity-Units', String(ConsumedCapacity.CapacityUnits));
  }
  if (ScannedCount !== undefined) response.set('X-Scanned-Count', String(ScannedCount));
  response.set('X-Count', String(Count));
}

/** Half of the 16 KiB that Node.js clients and many proxies accept for all headers together. */
const MAX_HEADER_CHARS = 8192;

function tokenTooLong(): HttpProblem {
  const detail =
    'This format sends NextToken in a header, and the token is over 8 KiB. Use fewer segments, or send Accept: application/json.';
  return new HttpProblem('TokenTooLong', detail);
}

/** Escapes the characters of JSON that a header cannot contain. */
function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
