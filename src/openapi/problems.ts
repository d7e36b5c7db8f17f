/** Problem responses in the OpenAPI description. */
import { PROBLEM_STATUSES } from '../http/problemCodes';

/** The statuses of errors from DynamoDB. */
export const TABLE_PROBLEMS = [404, 429, 502, 503, 504];

const DESCRIPTIONS: Readonly<Record<number, string>> = {
  400: 'The request is invalid',
  401: 'The credentials are missing or invalid',
  403: 'The host, the origin, the site, the table, the scope or a claim is not allowed',
  404: 'The table does not exist',
  406: 'Accept allows none of the formats',
  413: 'The body is too large',
  415: 'The body is not application/json',
  429: 'The client sends too many requests, DynamoDB throttles them, or the scan reached its read limit; retry after Retry-After seconds, if sent',
  500: 'Unexpected error',
  502: 'DynamoDB denied access to the server, or its response is invalid',
  503: 'DynamoDB is unreachable, or the server has reached its limit of concurrent scans; retry after Retry-After seconds',
  504: 'DynamoDB did not respond in time',
};

const CHALLENGE = { description: 'Which credentials the server requires', schema: { type: 'string' } };

export function problemResponses(statuses: readonly number[]) {
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: `${DESCRIPTIONS[status]} (${codesOf(status)})`,
        ...(status === 401 && { headers: { 'WWW-Authenticate': CHALLENGE } }),
        content,
      },
    ]),
  );
}

function codesOf(status: number): string {
  const codes = Object.entries(PROBLEM_STATUSES).filter(([, codeStatus]) => codeStatus === status);
  return codes.map(([code]) => code).join(', ');
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
    code: {
      type: 'string',
      enum: Object.keys(PROBLEM_STATUSES),
      description: "A code of this server, or DynamoDB's exception name. docs/errors.md explains each.",
    },
    requestId: {
      type: 'string',
      description: 'The X-Request-Id of the response, which finds the request in the log',
    },
  },
};
