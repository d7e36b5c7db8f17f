/** The body of POST /scanRecords: bytes to a ScanRequest. The schema also yields the OpenAPI document. */
import { isLosslessNumber, parse } from 'lossless-json';
import { z } from 'zod';
import { isObject, mapValues, type Attributes } from '../attributeValue';
import { Problem } from '../problems';
import { conflicts } from './request/conflicts';
import { faultSentence } from './request/faults';
import { RequestValueError, typedValues } from './request/values';
import type { ScanQuery } from './repository';

const INT32_MAX = 2_147_483_647;

function wholeNumber(least: number, most: number) {
  return z.int().min(least).max(most);
}

const text = z.string().min(1);
/** Values as lossless-json has parsed them; `typedValues` takes it from there. */
const values = z.record(z.string(), z.unknown());

/** DynamoDB's own Scan parameters, the AWS CLI's three for paging, and this server's own. */
export const scanRequestSchema = z
  .strictObject({
    TableName: text
      .optional()
      .describe('The table to scan: the configured one, or another that the server allows.')
      .meta({ examples: ['RecordsTable'] }),
    IndexName: text
      .optional()
      .describe('A secondary index to scan instead of the table.')
      .meta({ examples: ['byPlace'] }),
    ConsistentRead: z
      .boolean()
      .optional()
      .describe('Strongly consistent reads, at twice the cost; not on a global secondary index.')
      .meta({ examples: [true] }),
    Select: z
      .enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'])
      .optional()
      .describe('What is returned of each record; COUNT: how many there are, and no record.')
      .meta({ examples: ['COUNT'] }),
    FilterExpression: text
      .optional()
      .describe('Which of the evaluated records are returned. It makes no scan cheaper.')
      .meta({ examples: ['mag > :least'] }),
    ProjectionExpression: text
      .optional()
      .describe('The attributes that are returned.')
      .meta({ examples: ['id, #at, mag'] }),
    ExpressionAttributeNames: z
      .record(z.string(), z.string())
      .optional()
      .describe('Names that stand for attributes in expressions.')
      .meta({ examples: [{ '#at': 'time' }] }),
    ExpressionAttributeValues: values
      .optional()
      .describe(
        'Values that stand in expressions: plain JSON, numbers with all their digits, or typed ones such as {"SS":["a"]}.',
      )
      .meta({ examples: [{ ':least': 5 }] }),
    Limit: wholeNumber(1, INT32_MAX)
      .optional()
      .describe(
        'One page is read, of at most so many evaluated records; LastEvaluatedKey says where to go on.',
      )
      .meta({ examples: [100] }),
    ExclusiveStartKey: values
      .optional()
      .describe('The LastEvaluatedKey of an earlier answer: the scan starts after it.')
      .meta({ examples: [{ id: 'nc73649170' }] }),
    Segment: wholeNumber(0, 999_999)
      .optional()
      .describe('The one segment to scan, of TotalSegments.')
      .meta({ examples: [0] }),
    TotalSegments: wholeNumber(1, 1_000_000)
      .optional()
      .describe(
        'How many segments the table is divided into; without Segment all of them are scanned at once.',
      )
      .meta({ examples: [4] }),
    MaxItems: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('At most so many matching records; NextToken says where to go on.')
      .meta({ examples: [50] }),
    PageSize: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('Records evaluated in each call to DynamoDB.')
      .meta({ examples: [500] }),
    StartingToken: text.optional().describe('The NextToken of an earlier answer to the same query.'),
    ReturnConsumedCapacity: z
      .enum(['NONE', 'TOTAL'])
      .optional()
      .describe('TOTAL: the read capacity units of all calls come back.')
      .meta({ examples: ['TOTAL'] }),
    NumberFormat: z
      .enum(['number', 'string'])
      .optional()
      .describe('string: every number is written as a string, for readers whose JSON parser rounds.')
      .meta({ examples: ['string'] }),
    ReadUnitsPerSecond: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('Read capacity units that this scan may consume a second, at most what the server allows.')
      .meta({ examples: [25] }),
  })
  .describe('Parameters of the scan; without any, every record of the default table.');

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
  return isObject(json) ? mapValues(json, count) : json;
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
