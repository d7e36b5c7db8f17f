/** The body of POST /scanRecords: bytes to a ScanRequest. Validates the parameters of GET too. */
import { isLosslessNumber, parse } from 'lossless-json';
import type { z } from 'zod';
import { isObject, mapValues, type Attributes } from '../../dynamodb/attributeValue';
import { HttpProblem } from '../../http/problem';
import { conflicts } from './conflicts';
import { describeIssue } from './issues';
import { scanRequestSchema, type queryStringSchema } from './schema';
import { RequestValueError, typedValues } from './values';
import type { ScanQuery } from '../../dynamodb/scanCall';

/** `format`, `download` and `bom` are never in a body. */
type Parameters = z.infer<typeof queryStringSchema>;

/** A valid request. Its values are DynamoDB's typed values. */
export type ScanRequest = Parameters & {
  ExpressionAttributeValues?: Attributes | undefined;
  ExclusiveStartKey?: Attributes | undefined;
};

export interface ParseOptions {
  /** Whether responses have NextToken in place of LastEvaluatedKey. */
  hidesKeys?: boolean;
}

/**
 * Parses a request body. An empty body means `{}`.
 *
 * @throws HttpProblem 400 that names each invalid parameter and what it accepts.
 */
export function parseScanRequest(body: Uint8Array, options: ParseOptions = {}): ScanRequest {
  const json = body.byteLength === 0 ? {} : plainNumbers(parseJson(body));
  return validRequest(json, scanRequestSchema, options);
}

/**
 * Validates the parameters of a body or a query string, parsed by lossless-json.
 *
 * @throws HttpProblem 400 that names each invalid parameter and what it accepts.
 */
export function validRequest(
  json: unknown,
  schema: typeof scanRequestSchema | typeof queryStringSchema,
  { hidesKeys = false }: ParseOptions,
): ScanRequest {
  const parsed = schema.safeParse(json, { reportInput: true });
  const issues = parsed.success
    ? conflicts(parsed.data, hidesKeys)
    : parsed.error.issues.map((issue) => describeIssue(issue, Object.keys(schema.shape)));
  if (!parsed.success || issues.length > 0)
    throw invalid([...new Set(issues)].slice(0, MAX_ISSUES).join(' '));
  // Values from the parsed JSON, because zod drops an attribute named __proto__.
  const { ExpressionAttributeNames = {}, ExpressionAttributeValues, ExclusiveStartKey } = json as Parameters;
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
export function plainNumbers(json: unknown): unknown {
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
