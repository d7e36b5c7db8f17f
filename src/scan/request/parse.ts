/** The body of POST /scanRecords: bytes to a ScanRequest. */
import { isLosslessNumber, parse } from 'lossless-json';
import type { z } from 'zod';
import { isObject, mapValues, type Attributes } from '../../dynamodb/attributeValue';
import { HttpProblem } from '../../http/problem';
import { conflicts } from './conflicts';
import { describeIssue } from './issues';
import { scanRequestSchema } from './schema';
import { RequestValueError, typedValues } from './values';
import type { ScanQuery } from '../../dynamodb/scanCall';

type Body = z.infer<typeof scanRequestSchema>;

/** A valid request. Its values are DynamoDB's typed values. */
export type ScanRequest = Body & {
  ExpressionAttributeValues?: Attributes | undefined;
  ExclusiveStartKey?: Attributes | undefined;
};

/** Maximum size of a request body, in bytes. */
export const BODY_LIMIT = 262_144;

/**
 * Parses a request body. An empty body means `{}`.
 *
 * @param hidesKeys whether responses have NextToken in place of LastEvaluatedKey.
 * @throws HttpProblem 400 that names each invalid parameter and what it accepts.
 */
export function parseScanRequest(body: Uint8Array, { hidesKeys = false } = {}): ScanRequest {
  const json = body.byteLength === 0 ? {} : plainNumbers(parseJson(body));
  const parsed = scanRequestSchema.safeParse(json, { reportInput: true });
  const issues = parsed.success
    ? conflicts(parsed.data, hidesKeys)
    : parsed.error.issues.map((issue) => describeIssue(issue, Object.keys(scanRequestSchema.shape)));
  if (!parsed.success || issues.length > 0)
    throw invalid([...new Set(issues)].slice(0, MAX_ISSUES).join(' '));
  // Values from the parsed JSON, because zod drops an attribute named __proto__.
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues, ExclusiveStartKey } = json as Body;
  if (Object.hasOwn(ExpressionAttributeNames, '__proto__')) {
    throw invalid('ExpressionAttributeNames must have names that begin with #, not "__proto__".');
  }
  return {
    ...parsed.data,
    ExpressionAttributeValues: typed('ExpressionAttributeValues', ExpressionAttributeValues),
    ExclusiveStartKey: typed('ExclusiveStartKey', ExclusiveStartKey),
  };
}

/** Returns the query of a request. Each request to DynamoDB reads a part of it. */
export function queryOf(request: ScanRequest, TableName: string): ScanQuery {
  return {
    TableName,
    Segment: request.Segment,
    TotalSegments: request.TotalSegments,
    IndexName: request.IndexName,
    ConsistentRead: request.ConsistentRead,
    Select: request.Select,
    KeyConditionExpression: request.KeyConditionExpression,
    ScanIndexForward: request.ScanIndexForward,
    FilterExpression: request.FilterExpression,
    ProjectionExpression: request.ProjectionExpression,
    ExpressionAttributeNames: request.ExpressionAttributeNames,
    ExpressionAttributeValues: request.ExpressionAttributeValues,
  };
}

/** One response lists at most this many issues. */
const MAX_ISSUES = 10;

function invalid(detail: string): HttpProblem {
  return new HttpProblem('InvalidRequest', detail);
}

function parseJson(body: Uint8Array): unknown {
  try {
    // Unlike JSON.parse, it keeps all digits of numbers and rejects duplicate names.
    return parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new HttpProblem(
      'InvalidJson',
      'The body is not valid JSON in UTF-8. Send a JSON object, or no body.',
    );
  }
}

/** Converts top-level numbers, which are counts. Numbers inside values keep their digits. */
function plainNumbers(json: unknown): unknown {
  return isObject(json) && !isLosslessNumber(json) ? mapValues(json, count) : count(json);
}

/** Leaves a number that is not a valid count unchanged, so that the message shows it as sent. */
function count(value: unknown): unknown {
  const number = isLosslessNumber(value) ? Number(value.value) : NaN;
  return Math.abs(number) <= Number.MAX_SAFE_INTEGER ? number : value;
}

function typed(parameter: string, given: Attributes | undefined): Attributes | undefined {
  try {
    return given && typedValues(given);
  } catch (error) {
    if (error instanceof RequestValueError) throw invalid(`${parameter}: ${error.message}.`);
    throw error;
  }
}
