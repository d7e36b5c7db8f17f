/** The body of POST /scanRecords: bytes to a ScanRequest. */
import { isLosslessNumber, parse } from 'lossless-json';
import type { z } from 'zod';
import { isObject, mapValues, type Attributes } from '../../dynamodb/attributeValue';
import { Problem } from '../../http/problem';
import { conflicts } from './conflicts';
import { faultSentence } from './faults';
import { scanRequestSchema } from './schema';
import { RequestValueError, typedValues } from './values';
import type { ScanQuery } from '../../dynamodb/repository';

type Body = z.infer<typeof scanRequestSchema>;

/** What a request asks for; its values are DynamoDB's typed ones. */
export type ScanRequest = Body & {
  ExpressionAttributeValues?: Attributes | undefined;
  ExclusiveStartKey?: Attributes | undefined;
};

/** Bytes of the largest body that is read. */
export const BODY_LIMIT = 262_144;

/**
 * Reads a request body; no bytes count as `{}`.
 *
 * @throws Problem 400 that names each member at fault, and what it takes.
 */
export function parseScanRequest(body: Uint8Array): ScanRequest {
  const json = body.byteLength === 0 ? {} : plainNumbers(parseJson(body));
  const parsed = scanRequestSchema.safeParse(json, { reportInput: true });
  const faults = parsed.success
    ? conflicts(parsed.data)
    : parsed.error.issues.map((issue) => faultSentence(issue, Object.keys(scanRequestSchema.shape)));
  if (!parsed.success || faults.length > 0)
    throw invalid([...new Set(faults)].slice(0, MOST_FAULTS).join(' '));
  // Values as they were parsed, for zod loses a member called __proto__.
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues, ExclusiveStartKey } = json as Body;
  if (Object.hasOwn(ExpressionAttributeNames, '__proto__')) {
    throw invalid('ExpressionAttributeNames takes names that begin with #, not "__proto__".');
  }
  return {
    ...parsed.data,
    ExpressionAttributeValues: typed('ExpressionAttributeValues', ExpressionAttributeValues),
    ExclusiveStartKey: typed('ExclusiveStartKey', ExclusiveStartKey),
  };
}

/** What a request scans, of which each call to DynamoDB reads a part. */
export function queryOf(request: ScanRequest, TableName: string): ScanQuery {
  const {
    Segment,
    TotalSegments,
    IndexName,
    ConsistentRead,
    Select,
    FilterExpression,
    ProjectionExpression,
  } = request;
  const { ExpressionAttributeNames, ExpressionAttributeValues } = request;
  return {
    TableName,
    Segment,
    TotalSegments,
    IndexName,
    ConsistentRead,
    Select,
    FilterExpression,
    ProjectionExpression,
    ExpressionAttributeNames,
    ExpressionAttributeValues,
  };
}

/** Faults that one answer lists. */
const MOST_FAULTS = 10;

function invalid(detail: string): Problem {
  return new Problem(400, 'InvalidRequest', detail);
}

function parseJson(body: Uint8Array): unknown {
  try {
    // Unlike JSON.parse it keeps the digits of numbers, and takes no member with two values.
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Problem(400, 'InvalidJson', 'The body is not JSON in UTF-8. Send a JSON object, or no body.');
  }
}

/** The numbers that are members themselves are counts; those inside values keep their digits. */
function plainNumbers(json: unknown): unknown {
  return isObject(json) && !isLosslessNumber(json) ? mapValues(json, count) : count(json);
}

/** What no count can be stays as it was sent, to be shown so. */
function count(value: unknown): unknown {
  const number = isLosslessNumber(value) ? Number(value.value) : NaN;
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
}

function typed(member: string, given: Attributes | undefined): Attributes | undefined {
  try {
    return given && typedValues(given);
  } catch (error) {
    if (error instanceof RequestValueError) throw invalid(`${member}: ${error.message}.`);
    throw error;
  }
}
