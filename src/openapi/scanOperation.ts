/** Describes the methods of /scanRecords for OpenAPI. The request schemas are those that validate requests. */
import { z } from 'zod';
import { FORMATS } from '../scan/formats';
import { queryStringSchema, scanRequestSchema } from '../scan/request/schema';
import { problemResponses, TABLE_PROBLEMS } from './problems';

export const preflightOperation = {
  operationId: 'preflightScanRecords',
  summary: 'Respond to a CORS preflight',
  responses: { 200: { description: 'Empty for every origin; the CORS headers contain the decision' } },
};

const REQUEST_EXAMPLES = {
  everyItem: { summary: 'Every item of the default table', value: {} },
  filter: {
    summary: 'Matching items with some of their attributes',
    value: {
      FilterExpression: 'mag > :min',
      ProjectionExpression: 'id, #at, mag',
      ExpressionAttributeNames: { '#at': 'time' },
      ExpressionAttributeValues: { ':min': 5 },
    },
  },
  typedValues: {
    summary: 'A value whose type plain JSON does not have',
    value: {
      FilterExpression: 'sources = :both',
      ExpressionAttributeValues: { ':both': { SS: ['ci', 'us'] } },
    },
  },
  count: { summary: 'The number of items', value: { Select: 'COUNT' } },
  partition: {
    summary: 'One partition of an index, in descending order of the sort key',
    value: {
      IndexName: 'byDay',
      KeyConditionExpression: '#day = :day',
      ExpressionAttributeNames: { '#day': 'day' },
      ExpressionAttributeValues: { ':day': '2018-02-02' },
      ScanIndexForward: false,
    },
  },
  index: {
    summary: 'The items of an index',
    value: { IndexName: 'byDay', Select: 'ALL_PROJECTED_ATTRIBUTES' },
  },
  firstItems: {
    summary: 'The first 50 matching items; NextToken continues after them',
    value: { MaxItems: 50, PageSize: 500 },
  },
  onePage: {
    summary: 'One page after a key',
    value: { Limit: 100, ExclusiveStartKey: { id: 'pr2018031006' } },
  },
  parallel: { summary: 'Eight segments in parallel', value: { TotalSegments: 8 } },
  oneSegment: { summary: 'One segment of eight', value: { Segment: 0, TotalSegments: 8 } },
  slowly: {
    summary: 'At most 25 read capacity units per second, and the consumed capacity',
    value: { ReadUnitsPerSecond: 25, ReturnConsumedCapacity: 'TOTAL' },
  },
};

const RESPONSE_CONTENT = Object.fromEntries(FORMATS.map(({ mediaType, openapi }) => [mediaType, openapi]));

const ITEMS_ONLY = 'for formats whose body contains only items';

function header(description: string, type: string): object {
  return { description, schema: { type } };
}

const HEADERS = {
  'X-Request-Id': header('The id of this request in the log', 'string'),
  'X-Item-Count-Estimate': header(
    "DynamoDB's estimate of the number of items before any filter; absent if unknown",
    'integer',
  ),
  'X-Next-Token': header(`NextToken ${ITEMS_ONLY}`, 'string'),
  'X-Last-Evaluated-Key': header(`LastEvaluatedKey as JSON ${ITEMS_ONLY}`, 'string'),
  'X-Consumed-Capacity-Units': header(`CapacityUnits of ConsumedCapacity ${ITEMS_ONLY}`, 'number'),
  'X-Scanned-Count': header(`ScannedCount ${ITEMS_ONLY}`, 'integer'),
  'X-Count': header(`Count ${ITEMS_ONLY}`, 'integer'),
  'Content-Disposition': header('A file name for text/csv, and for every format with download', 'string'),
  RateLimit: header('The remaining requests of this client, if the server limits them', 'string'),
  'RateLimit-Policy': header('The limit of requests per client, if the server has one', 'string'),
};

const ITEMS_RESPONSE = {
  description: 'The items in the requested format',
  headers: HEADERS,
  content: RESPONSE_CONTENT,
};

export const scanOperation = {
  operationId: 'scanRecords',
  summary: 'Get the items of a table',
  description:
    'Streams every item, or the requested ones: with KeyConditionExpression, those of one partition. If the scan fails after the response has begun, the server resets the connection. Otherwise the response is complete or says where to continue.',
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
    200: ITEMS_RESPONSE,
    ...problemResponses([400, 401, 403, 406, 413, 415, 500, ...TABLE_PROBLEMS]),
  },
};

export const getOperation = {
  operationId: 'getRecords',
  summary: 'Get the items of a table with a URL',
  description:
    'As POST, with the parameters in the query string. A web page of another origin can send it only with fetch, from an allowed origin.',
  parameters: queryParameters(),
  responses: {
    200: ITEMS_RESPONSE,
    ...problemResponses([400, 401, 403, 406, 500, ...TABLE_PROBLEMS]),
  },
};

export const headOperation = {
  ...getOperation,
  operationId: 'headRecords',
  summary: 'Get the headers that are known without a read',
  responses: {
    200: {
      description: 'The parameters are valid. No items were read, so no other header of GET is known.',
      headers: Object.fromEntries(
        Object.entries(HEADERS).filter(([name]) => ['X-Request-Id', 'Content-Disposition'].includes(name)),
      ),
    },
    ...problemResponses([400, 401, 403, 406, 500, ...TABLE_PROBLEMS]),
  },
};

/** Structured values are JSON in the query string. */
function queryParameters(): object[] {
  const { properties = {} } = z.toJSONSchema(queryStringSchema, { io: 'input' });
  return Object.entries(properties).map(([name, property]) => {
    const { description, ...schema } = property as { type?: unknown; description?: string };
    const value = schema.type === 'object' ? { content: { 'application/json': { schema } } } : { schema };
    return { name, in: 'query', required: false, description, ...value };
  });
}

export const scanResultSchema = {
  description: 'An object, or the bare array of items if the server is configured with RESPONSE_SHAPE=array',
  oneOf: [
    {
      type: 'object',
      required: ['Count'],
      properties: {
        Items: { type: 'array', items: { type: 'object' }, description: 'Absent with Select COUNT' },
        Count: { type: 'integer', minimum: 0, description: 'The number of matching items' },
        ScannedCount: {
          type: 'integer',
          minimum: 0,
          description:
            'The number of items that DynamoDB evaluated; absent with KeyConditionExpression if the server hides items',
        },
        LastEvaluatedKey: {
          type: 'object',
          description: 'With Limit, if there are more items: the ExclusiveStartKey of the next request',
        },
        NextToken: {
          type: 'string',
          description: 'With MaxItems, if there are more items: the StartingToken of the next request',
        },
        ConsumedCapacity: {
          type: 'object',
          description: 'With ReturnConsumedCapacity TOTAL',
          required: ['TableName', 'CapacityUnits'],
          properties: {
            TableName: { type: 'string' },
            CapacityUnits: { type: 'number', description: 'Read capacity units of all requests to DynamoDB' },
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
