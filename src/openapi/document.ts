/** Builds the OpenAPI description of the API. */
import { SCAN_PATH } from '../scan/path';
import { problemResponses, problemSchema, TABLE_PROBLEMS } from './problems';
import {
  getOperation,
  headOperation,
  preflightOperation,
  scanOperation,
  scanRequestJsonSchema,
  scanResultSchema,
} from './scanOperation';
import {
  keyAttributeSchema,
  tableHeadOperation,
  tableNameParameter,
  tableOperation,
  tablePreflightOperation,
  tableSchema,
} from './tableOperation';

/** Returns the OpenAPI 3.1 description. https://spec.openapis.org/oas/v3.1.1.html */
export function openapiDocument(): object {
  return {
    openapi: '3.1.1',
    info: {
      title: 'DynamoDB items',
      version: '1.0.0',
      description: 'Reads a DynamoDB table, or one partition of it, and streams its items in plain JSON.',
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    // Without credentials, or with those that the server is configured for.
    security: [{}, { apiKey: [] }, { bearer: [] }],
    paths: {
      [SCAN_PATH]: {
        options: preflightOperation,
        get: getOperation,
        head: headOperation,
        post: scanOperation,
      },
      '/tables/{name}': {
        parameters: [tableNameParameter],
        options: tablePreflightOperation,
        get: tableOperation,
        head: tableHeadOperation,
      },
      '/healthz': { get: statusOperation('getHealth', 'Check that the process is alive', []) },
      '/readyz': { get: statusOperation('getReadiness', 'Check that the table can be read', TABLE_PROBLEMS) },
    },
    components: {
      securitySchemes: {
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
        bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
      },
      schemas: {
        ScanRequest: scanRequestJsonSchema(),
        ScanResult: scanResultSchema,
        Table: tableSchema,
        KeyAttribute: keyAttributeSchema,
        Problem: problemSchema,
      },
    },
  };
}

function statusOperation(operationId: string, summary: string, problems: readonly number[]) {
  const schema = { type: 'object', required: ['status'], properties: { status: { type: 'string' } } };
  return {
    operationId,
    summary,
    responses: {
      200: { description: 'The check passed', content: { 'application/json': { schema } } },
      ...problemResponses([...(problems.length > 0 ? [401] : []), 403, ...problems]),
    },
  };
}
