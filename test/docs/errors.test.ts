import { PROBLEM_STATUSES } from '../../src/http/problemCodes';
import { openapiDocument } from '../../src/openapi/document';
import { codeIn, tableRows } from './tables';

describe('docs/errors.md', () => {
  const rows = tableRows('errors.md').filter(([status]) => status !== 'status');

  it('lists every problem code once, with its status', () => {
    const documented = rows.flatMap(([status, codes]) => codeIn(codes).map((code) => [code, Number(status)]));
    expect(documented.sort()).toEqual(Object.entries(PROBLEM_STATUSES).sort());
  });

  it('explains every code and tells how to fix it', () => {
    for (const [, , meaning, fix] of rows) {
      expect(meaning).toMatch(/\.$/);
      expect(fix).toMatch(/\.$/);
    }
  });
});

describe('the OpenAPI description', () => {
  interface Response {
    description: string;
  }
  const { paths, components } = openapiDocument() as {
    paths: Record<string, Record<string, { responses: Record<string, Response> }>>;
    components: { schemas: { Problem: { properties: { code: { enum: string[] } } } } };
  };

  it('lists every problem code in the schema of problems', () => {
    expect(components.schemas.Problem.properties.code.enum).toEqual(Object.keys(PROBLEM_STATUSES));
  });

  it('names every code of a status in the response of POST /scanRecords with that status', () => {
    const responses = paths['/scanRecords']?.post?.responses ?? {};
    // Another method has no operation of its own in the description.
    const possible = Object.entries(PROBLEM_STATUSES).filter(([, status]) => status !== 405);
    for (const [code, status] of possible) expect(responses[status]?.description).toContain(code);
  });
});
