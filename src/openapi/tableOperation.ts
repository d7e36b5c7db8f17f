/** Describes the methods of /tables/{name} for OpenAPI. */
import { problemResponses, TABLE_PROBLEMS } from './problems';

export const tablePreflightOperation = {
  operationId: 'preflightTable',
  summary: 'Respond to a CORS preflight',
  responses: { 200: { description: 'Empty for every origin; the CORS headers contain the decision' } },
};

export const tableNameParameter = {
  name: 'name',
  in: 'path',
  required: true,
  description: 'The name or the ARN of a table that the server serves',
  schema: { type: 'string' },
};

const ITEM_COUNT = {
  type: 'integer',
  minimum: 0,
  description: "DynamoDB's estimate; absent if it is unknown, or if the server hides items",
};

const KEY_SCHEMA = { type: 'array', items: { $ref: '#/components/schemas/KeyAttribute' } };

export const keyAttributeSchema = {
  type: 'object',
  required: ['AttributeName', 'AttributeType', 'KeyType'],
  properties: {
    AttributeName: { type: 'string' },
    AttributeType: { enum: ['S', 'N', 'B'] },
    KeyType: { enum: ['HASH', 'RANGE'] },
  },
};

export const tableSchema = {
  type: 'object',
  required: ['TableName', 'KeySchema', 'Indexes'],
  properties: {
    TableName: { type: 'string' },
    ItemCount: ITEM_COUNT,
    KeySchema: { ...KEY_SCHEMA, description: 'Without attributes that the server hides' },
    Indexes: {
      type: 'array',
      description: 'Without indexes whose key has an attribute that the server hides',
      items: {
        type: 'object',
        required: ['IndexName', 'KeySchema', 'Projection'],
        properties: {
          IndexName: { type: 'string' },
          KeySchema: KEY_SCHEMA,
          Projection: { enum: ['ALL', 'KEYS_ONLY', 'INCLUDE'] },
          ItemCount: ITEM_COUNT,
        },
      },
    },
  },
};

export const tableOperation = {
  operationId: 'getTable',
  summary: 'Get the key, the indexes and the number of items of a table',
  description: 'Consumes no read units.',
  responses: {
    200: {
      description: 'The description of the table',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/Table' } } },
    },
    ...problemResponses([401, 403, 500, ...TABLE_PROBLEMS]),
  },
};

export const tableHeadOperation = {
  ...tableOperation,
  operationId: 'headTable',
  summary: 'Check that a table can be described',
  responses: { ...tableOperation.responses, 200: { description: 'The table can be described' } },
};
