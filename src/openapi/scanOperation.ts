/** OPTIONS and POST /scanRecords in the OpenAPI description, the request by the schema that validates it. */
import { z } from 'zod';
import { scanRequestSchema } from '../scan/request/schema';
import { problemResponses, TABLE_PROBLEMS } from './problems';

export const preflightOperation = {
  operationId: 'preflightScanRecords',
  summary: 'The CORS preflight',
  responses: { 200: { description: 'Empty, whatever the origin; the CORS headers are the answer' } },
};

const REQUEST_EXAMPLES = {
  everyRecord: { summary: 'Every record of the default table', value: {} },
  filter: {
    summary: 'Records that match, and some of their attributes',
    value: {
      FilterExpression: 'mag > :least',
      ProjectionExpression: 'id, #at, mag',
      ExpressionAttributeNames: { '#at': 'time' },
      ExpressionAttributeValues: { ':least': 5 },
    },
  },
  typedValues: {
    summary: 'A value that plain JSON has no type for',
    value: {
      FilterExpression: 'sources = :both',
      ExpressionAttributeValues: { ':both': { SS: ['ci', 'us'] } },
    },
  },
  count: { summary: 'How many there are', value: { Select: 'COUNT' } },
  index: { summary: 'An index', value: { IndexName: 'byDay', Select: 'ALL_PROJECTED_ATTRIBUTES' } },
  firstItems: {
    summary: 'The first 50 that match; NextToken says where to go on',
    value: { MaxItems: 50, PageSize: 500 },
  },
  onePage: {
    summary: 'One page, after a key',
    value: { Limit: 100, ExclusiveStartKey: { id: 'pr2018031006' } },
  },
  parallel: { summary: 'Eight segments at once', value: { TotalSegments: 8 } },
  oneSegment: { summary: 'One segment of eight', value: { Segment: 0, TotalSegments: 8 } },
  slowly: {
    summary: 'At most 25 read capacity units a second, and what it cost',
    value: { ReadUnitsPerSecond: 25, ReturnConsumedCapacity: 'TOTAL' },
  },
};

const ITEM = { id: 'nc72963051', mag: 0.32, place: '13km WNW of Toms Place, CA' };
const TYPED_ITEM = { id: { S: ITEM.id }, mag: { N: '0.32' }, place: { S: ITEM.place } };
const scanResult = { $ref: '#/components/schemas/ScanResult' };

const ANSWERS = {
  'application/json': { schema: scanResult, example: { Items: [ITEM], Count: 1, ScannedCount: 1 } },
  'application/x-ndjson': {
    schema: { type: 'string', description: 'One record a line' },
    example: `${JSON.stringify(ITEM)}\n`,
  },
  'text/csv': {
    schema: { type: 'string', description: 'A header line and one record a line' },
    example: 'id,mag,place\nnc72963051,0.32,"13km WNW of Toms Place, CA"\n',
  },
  'application/x-amz-json-1.0': {
    schema: scanResult,
    example: { Items: [TYPED_ITEM], Count: 1, ScannedCount: 1 },
  },
};

const onlyRecords = 'where the body has a place for records alone (NDJSON, CSV, the bare array)';

function header(description: string, type: string): object {
  return { description, schema: { type } };
}

const HEADERS = {
  'X-Request-Id': header('The id under which the log knows this request', 'string'),
  'X-Item-Count-Estimate': header(
    'Records there are, before any filter, by DynamoDB’s own estimate; left out where that is not known',
    'integer',
  ),
  'X-Next-Token': header(`NextToken, ${onlyRecords}`, 'string'),
  'X-Last-Evaluated-Key': header(`LastEvaluatedKey in JSON, ${onlyRecords}`, 'string'),
  'X-Consumed-Capacity-Units': header(`CapacityUnits of ConsumedCapacity, ${onlyRecords}`, 'number'),
  'Content-Disposition': header('The name of a file for text/csv', 'string'),
};

export const scanOperation = {
  operationId: 'scanRecords',
  summary: 'The records of a table',
  description:
    'Streams every record, or those asked for. An answer that fails after it has begun breaks the connection: a whole answer is complete, or says where to go on.',
  requestBody: {
    required: false,
    content: {
      'application/json': {
        schema: { $ref: '#/components/schemas/ScanRequest' },
        examples: REQUEST_EXAMPLES,
      },
    },
  },
  responses: {
    200: {
      description: 'The records, in the format that Accept asks for',
      headers: HEADERS,
      content: ANSWERS,
    },
    ...problemResponses([400, 403, 406, 413, 415, 500, ...TABLE_PROBLEMS]),
  },
};

export const scanResultSchema = {
  description: 'The bare array of records where the server is set to RESPONSE_SHAPE=array',
  oneOf: [
    {
      type: 'object',
      required: ['Count', 'ScannedCount'],
      properties: {
        Items: { type: 'array', items: { type: 'object' }, description: 'Absent with Select COUNT' },
        Count: { type: 'integer', minimum: 0, description: 'How many records match' },
        ScannedCount: { type: 'integer', minimum: 0, description: 'How many records DynamoDB evaluated' },
        LastEvaluatedKey: {
          type: 'object',
          description: 'With Limit, where there is more: the ExclusiveStartKey of the next request',
        },
        NextToken: {
          type: 'string',
          description: 'With MaxItems, where there is more: the StartingToken of the next request',
        },
        ConsumedCapacity: {
          type: 'object',
          description: 'With ReturnConsumedCapacity TOTAL',
          required: ['TableName', 'CapacityUnits'],
          properties: {
            TableName: { type: 'string' },
            CapacityUnits: { type: 'number', description: 'Read capacity units of all calls' },
          },
        },
      },
    },
    { type: 'array', items: { type: 'object' } },
  ],
};

export function scanRequestJsonSchema(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(scanRequestSchema, { io: 'input' });
  return schema;
}
