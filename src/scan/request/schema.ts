/** The request parameters. These schemas validate them and are their part of the OpenAPI document. */
import { z } from 'zod';

const INT32_MAX = 2_147_483_647;

function wholeNumber(least: number, most: number) {
  return z.int().min(least).max(most);
}

const text = z.string().min(1);
/** Values parsed by lossless-json; `typedValues` validates them. */
const values = z.record(z.string(), z.unknown());

/** DynamoDB's own parameters of Scan and Query, the AWS CLI's three for paging, and this server's own. */
export const scanRequestSchema = z
  .strictObject({
    TableName: text
      .optional()
      .describe('The table to scan: the configured one, or another that the server allows.')
      .meta({ examples: ['RecordsTable'] }),
    IndexName: text
      .optional()
      .describe('A secondary index to scan instead of the table.')
      .meta({ examples: ['byDay'] }),
    ConsistentRead: z
      .boolean()
      .optional()
      .describe('Strongly consistent reads, at twice the cost; not on a global secondary index.')
      .meta({ examples: [true] }),
    Select: z
      .enum(['ALL_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'COUNT'])
      .optional()
      .describe('Which attributes are returned; COUNT returns only the number of items.')
      .meta({ examples: ['COUNT'] }),
    KeyConditionExpression: text
      .optional()
      .describe(
        "The partition to read with DynamoDB's Query, and optionally a condition on the sort key; without it, the whole table is scanned.",
      )
      .meta({ examples: ['#day = :day'] }),
    ScanIndexForward: z
      .boolean()
      .optional()
      .describe('With KeyConditionExpression: false returns the items in descending order of the sort key.')
      .meta({ examples: [false] }),
    FilterExpression: text
      .optional()
      .describe('A condition that returned items must match. Filtered items still consume read capacity.')
      .meta({ examples: ['mag > :min'] }),
    ProjectionExpression: text
      .optional()
      .describe('The attributes that are returned.')
      .meta({ examples: ['id, #at, mag'] }),
    ExpressionAttributeNames: z
      .record(z.string(), z.string())
      .optional()
      .describe('Placeholders for attribute names in expressions.')
      .meta({ examples: [{ '#at': 'time' }] }),
    ExpressionAttributeValues: values
      .optional()
      .describe(
        'Values for placeholders in expressions: plain JSON, or typed values such as {"SS":["a"]}. Numbers keep all their digits.',
      )
      .meta({ examples: [{ ':min': 5 }] }),
    Limit: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('Reads one page of at most this many evaluated items; continue with LastEvaluatedKey.')
      .meta({ examples: [100] }),
    ExclusiveStartKey: values
      .optional()
      .describe('The LastEvaluatedKey of an earlier response: the scan starts after it.')
      .meta({ examples: [{ id: 'pr2018031006' }] }),
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
      .describe('Returns at most this many matching items; NextToken says where to continue.')
      .meta({ examples: [50] }),
    PageSize: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('Number of items to evaluate in each request to DynamoDB.')
      .meta({ examples: [500] }),
    MaxReadUnits: wholeNumber(1, INT32_MAX)
      .optional()
      .describe(
        'Ends the scan after about this many read capacity units; NextToken says where to continue. At most the limit of the server.',
      )
      .meta({ examples: [500] }),
    StartingToken: text.optional().describe('The NextToken of an earlier response to the same query.'),
    ReturnConsumedCapacity: z
      .enum(['NONE', 'TOTAL'])
      .optional()
      .describe('TOTAL returns the consumed read capacity units of all requests.')
      .meta({ examples: ['TOTAL'] }),
    NumberFormat: z
      .enum(['number', 'string'])
      .optional()
      .describe('string writes every number as a string, for clients whose JSON parser rounds.')
      .meta({ examples: ['string'] }),
    ReadUnitsPerSecond: wholeNumber(1, INT32_MAX)
      .optional()
      .describe('Read capacity units that this scan may consume per second; at most the limit of the server.')
      .meta({ examples: [25] }),
  })
  .describe('Parameters of the scan; without any, it returns every item of the default table.');

/** The parameters of GET: those of a body, and those that say how the response is written. */
export const queryStringSchema = scanRequestSchema.extend({
  format: z
    .enum(['json', 'ndjson', 'csv', 'typed'])
    .optional()
    .describe('The format of the response, in place of Accept.')
    .meta({ examples: ['csv'] }),
  download: z
    .string()
    .max(100)
    .optional()
    .describe('The file name under which a browser saves the response; empty means the name of the table.')
    .meta({ examples: ['earthquakes'] }),
  bom: z
    .enum(['0', '1'])
    .optional()
    .describe('1 begins CSV with a byte order mark, so that Excel reads it as UTF-8.')
    .meta({ examples: ['1'] }),
});
