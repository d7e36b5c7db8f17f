/** Errors in the OpenAPI description. */

/** What a request that reaches DynamoDB may come to. */
export const TABLE_PROBLEMS = [404, 429, 502, 503, 504];

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is not valid',
  403: 'The origin or the table is not allowed',
  404: 'There is no such table',
  406: 'No format that Accept takes',
  413: 'The body is too large',
  415: 'The body is not application/json',
  429: 'DynamoDB throttles; Retry-After says when to try again',
  500: 'Something unexpected went wrong',
  502: 'DynamoDB refused the server, or its answer cannot be read',
  503: 'DynamoDB cannot be reached, or the server runs as many scans as it may; Retry-After says when to try again',
  504: 'DynamoDB did not answer in time',
};

export function problemResponses(statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    statuses.map((status) => [status, { description: DESCRIPTIONS[status], content }]),
  );
}

export const problemSchema = {
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
