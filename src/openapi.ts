/** GET /openapi.json: the API described, its requests by the schema that validates them. */
import { Router } from 'express';
import { z } from 'zod';
import { methodNotAllowed } from './methods';
import { scanRequestSchema } from './scan/request';
import { SCAN_PATH } from './scan/routes';

const OPENAPI_PATH = '/openapi.json';

export function openapiRoutes(): Router {
  const router = Router({ caseSensitive: true, strict: true });
  const document = openapiDocument();
  router.get(OPENAPI_PATH, (_request, response) => {
    response.json(document);
  });
  router.all(OPENAPI_PATH, methodNotAllowed('GET, HEAD'));
  return router;
}

/** The OpenAPI 3.1 description. https://spec.openapis.org/oas/v3.1.1.html */
function openapiDocument(): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'DynamoDB records',
      version: '1.0.0',
      description: 'Scans a DynamoDB table and streams its records in plain JSON.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    paths: {
      [SCAN_PATH]: { options: preflightOperation, post: scanOperation },
      '/healthz': { get: statusOperation('getHealth', 'Whether the process is alive', []) },
      '/readyz': { get: statusOperation('getReadiness', 'Whether the table answers', TABLE_PROBLEMS) },
    },
    components: {
      schemas: { ScanRequest: scanRequestJsonSchema(), ScanResult: scanResultSchema, Problem: problemSchema },
    },
  };
}

const TABLE_PROBLEMS = [404, 429, 502, 503, 504];

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  403: 'The origin or the table is not allowed',
  404: 'There is no such table',
  413: 'The body is too large',
  415: 'The body is not application/json',
  429: 'DynamoDB throttles; Retry-After says when to try again',
  500: 'Something unexpected went wrong',
  502: 'DynamoDB refused the server, or its answer cannot be read',
  503: 'DynamoDB cannot be reached',
  504: 'DynamoDB did not answer in time',
};

const preflightOperation = {
  operationId: 'preflightScanRecords',
  summary: 'The CORS preflight',
  responses: { 200: { description: 'Empty, whatever the origin; the CORS headers are the answer' } },
};

const scanOperation = {
  operationId: 'scanRecords',
  summary: 'The records of a table',
  description:
    'Streams every record. An answer that fails after it has begun breaks the connection: a whole answer is complete.',
  requestBody: {
    required: false,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ScanRequest' }, example: {} } },
  },
  responses: {
    200: {
      description: 'The records, and how many',
      content: { 'application/json': { schema: { $ref: '#/components/schemas/ScanResult' } } },
    },
    ...problemResponses([400, 403, 413, 415, 500, ...TABLE_PROBLEMS]),
  },
};

const scanResultSchema = {
  description: 'The bare array of records where the server is set to RESPONSE_SHAPE=array',
  oneOf: [
    {
      type: 'object',
      required: ['Items', 'Count', 'ScannedCount'],
      properties: {
        Items: { type: 'array', items: { type: 'object' } },
        Count: { type: 'integer', minimum: 0, description: 'How many records Items holds' },
        ScannedCount: { type: 'integer', minimum: 0, description: 'How many records DynamoDB evaluated' },
      },
    },
    { type: 'array', items: { type: 'object' } },
  ],
};

const problemSchema = {
  description: 'RFC 9457 problem details',
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', description: "DynamoDB's exception name where there is one" },
    requestId: { type: 'string', description: 'The X-Request-Id under which the log has more' },
  },
};

function statusOperation(operationId: string, summary: string, problems: readonly number[]) {
  const schema = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
  return {
    operationId,
    summary,
    responses: {
      200: { description: 'It is', content: { 'application/json': { schema } } },
      ...problemResponses([403, ...problems]),
    },
  };
}

function problemResponses(statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: DESCRIPTIONS[status], content }]),
  );
}

function scanRequestJsonSchema(): object {
  const { $schema: _, ...schema } = z.toJSONSchema(scanRequestSchema, { io: 'input' });
  return schema;
}
