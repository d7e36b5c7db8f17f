import { validate } from '@apidevtools/swagger-parser';
import request from 'supertest';
import { scanRequestSchema } from '../src/scan/request';
import { pageOf, repositoryOf, testApp } from './helpers/servedApp';

interface Document {
  openapi: string;
  paths: Record<string, Record<string, unknown>>;
  components: { schemas: { ScanRequest: { properties: object; additionalProperties: boolean } } };
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

  it('describes the requests by the schema that validates them', () => {
    const { properties, additionalProperties } = document.components.schemas.ScanRequest;
    expect(Object.keys(properties)).toEqual(Object.keys(scanRequestSchema.shape));
    expect(additionalProperties).toBe(false);
  });

  it('describes every route', () => {
    const routes = Object.entries(document.paths).map(([path, methods]) => [path, ...Object.keys(methods)]);
    expect(routes).toEqual([
      ['/scanRecords', 'options', 'post'],
      ['/healthz', 'get'],
      ['/readyz', 'get'],
    ]);
  });
});
