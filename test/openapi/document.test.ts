import { validate } from '@apidevtools/swagger-parser';
import request from 'supertest';
import { CHALLENGE_HEADERS, DEFAULT_CORS_SETTINGS, RATE_LIMIT_HEADERS } from '../../src/config/corsSettings';
import { FORMATS } from '../../src/scan/formats';
import { parseScanRequest } from '../../src/scan/request/parse';
import { queryStringSchema, scanRequestSchema } from '../../src/scan/request/schema';
import { pageOf, repositoryOf, testApp } from '../helpers/servedApp';

interface Operation {
  requestBody?: { content: Record<string, { examples: Record<string, { value: unknown }> }> };
  parameters?: { name: string; in: string; content?: object }[];
  responses: Record<string, { headers?: object }>;
}

interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: {
      ScanRequest: { properties: Record<string, { examples?: unknown[] }>; additionalProperties: boolean };
    };
  };
}

describe('GET /openapi.json', () => {
  let document: Document;

  beforeAll(async () => {
    const { app } = testApp(repositoryOf(pageOf('{"id":"a"}')));
    const response = await request(app)
      .get('/openapi.json')
      .expect(200)
      .expect('Content-Type', /application\/json/);
    document = response.body as Document;
  });

  it('is a valid OpenAPI 3.1 document', async () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    await expect(validate(structuredClone(document) as never)).resolves.toBeDefined();
  });

  it('describes requests with the schema that validates them', () => {
    const { properties, additionalProperties } = document.components.schemas.ScanRequest;
    expect(Object.keys(properties)).toEqual(Object.keys(scanRequestSchema.shape));
    expect(additionalProperties).toBe(false);
  });

  it('has an example for each parameter except StartingToken, which depends on its query', () => {
    const { properties } = document.components.schemas.ScanRequest;
    const without = Object.entries(properties).filter(([, { examples }]) => examples === undefined);
    expect(without.map(([name]) => name)).toEqual(['StartingToken']);
  });

  it('has examples of valid requests', () => {
    const { examples } = document.paths['/scanRecords']?.post?.requestBody?.content['application/json'] ?? {};
    const values = Object.values(examples ?? {}).map(({ value }) => value);
    expect(values.length).toBeGreaterThan(5);
    for (const value of values)
      expect(() => parseScanRequest(Buffer.from(JSON.stringify(value)))).not.toThrow();
  });

  it('lists every format in the query string', () => {
    expect(queryStringSchema.shape.format.unwrap().options).toEqual(FORMATS.map(({ name }) => name));
  });

  it('describes the query string with the schema that validates it', () => {
    const { parameters = [] } = document.paths['/scanRecords']?.get ?? {};
    expect(parameters.map(({ name }) => name)).toEqual(Object.keys(queryStringSchema.shape));
    expect(parameters.filter(({ content }) => content !== undefined).map(({ name }) => name)).toEqual([
      'ExpressionAttributeNames',
      'ExpressionAttributeValues',
      'ExclusiveStartKey',
    ]);
  });

  it('names every header that the CORS policy exposes', () => {
    const { headers } = document.paths['/scanRecords']?.post?.responses['200'] ?? {};
    const ofErrors = ['Retry-After', 'WWW-Authenticate'];
    const all = [...DEFAULT_CORS_SETTINGS.exposeHeaders, ...CHALLENGE_HEADERS, ...RATE_LIMIT_HEADERS];
    const exposed = all.filter((name) => !ofErrors.includes(name));
    expect(Object.keys(headers ?? {}).sort()).toEqual([...exposed].sort());
  });

  it('describes every route', () => {
    const routes = Object.entries(document.paths).map(([path, operations]) => [
      path,
      ...Object.keys(operations).filter((key) => key !== 'parameters'),
    ]);
    expect(routes).toEqual([
      ['/scanRecords', 'options', 'get', 'head', 'post'],
      ['/tables/{name}', 'options', 'get', 'head'],
      ['/healthz', 'get'],
      ['/readyz', 'get'],
    ]);
  });
});
