/** The headers of an answer. */
import type { Response } from 'express';
import { Problem } from '../../http/problem';
import type { Format, Summary } from '../formats/format';
import type { ScanRequest } from '../request/parse';

/** What it is, and for what is meant to be a file its name. */
export function setType(response: Response, { contentType, extension }: Format, tableName: string): void {
  const fileName = tableName.replace(/^.*\//, '');
  if (extension !== undefined) response.attachment(`${fileName}.${extension}`);
  response.type(contentType);
}

/** For a progress bar over the records that are evaluated. */
export function setEstimate(response: Response, itemCount: number | undefined, request: ScanRequest): void {
  if (itemCount === undefined) return;
  const { Segment, TotalSegments = 1 } = request;
  const estimate = Segment === undefined ? itemCount : Math.round(itemCount / TotalSegments);
  response.set('X-Item-Count-Estimate', String(estimate));
}

/** Where the body has no place for it. */
export function setSummary(
  response: Response,
  { LastEvaluatedKey, NextToken, ConsumedCapacity }: Summary,
): void {
  if (LastEvaluatedKey !== undefined) response.set('X-Last-Evaluated-Key', ascii(LastEvaluatedKey));
  if (NextToken !== undefined && NextToken.length > LONGEST_HEADER) throw tokenTooLong();
  if (NextToken !== undefined) response.set('X-Next-Token', NextToken);
  if (ConsumedCapacity !== undefined) {
    response.set('X-Consumed-Capacity-Units', String(ConsumedCapacity.CapacityUnits));
  }
}

/** Characters that clients take in a header: Node.js and proxies 16 KiB in all of them. */
const LONGEST_HEADER = 8192;

function tokenTooLong(): Problem {
  const detail =
    'In this format NextToken is a header, and it is over 8 KiB. Ask for fewer segments, or for application/json.';
  return new Problem(400, 'TokenTooLong', detail);
}

/** JSON with nothing in it that a header could not hold. */
function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
