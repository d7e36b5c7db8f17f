/** Error cases: how DynamoDB's exceptions and connection failures reach the client. Data. */
import type { Case, Expected } from '../case';
import { INVALID_MESSAGE, TABLE } from '../fixtures/tables';
import { problem, RFC9110, RFC9457, scan, SCAN_ERRORS } from './builders';

/** The number of seconds after which the client may retry. */
const RETRY_AFTER = { 'Retry-After': /^\d+$/ };
const EXPOSED_RETRY_AFTER = { 'Access-Control-Expose-Headers': { has: ['Retry-After'] } };

const FAILURES: readonly [name: string, table: string, expected: Expected, link?: string][] = [
  [
    "Returns 400 with DynamoDB's message for a ValidationException",
    TABLE.invalid,
    { ...problem(400, 'ValidationException', INVALID_MESSAGE), scans: 1 },
  ],
  ['Returns 404 for a table that does not exist', TABLE.missing, problem(404, 'ResourceNotFoundException')],
  [
    'Returns 429 with a readable Retry-After if the table is throttled',
    TABLE.throttled,
    {
      ...problem(429, 'ProvisionedThroughputExceededException'),
      headers: RETRY_AFTER,
      corsHeaders: EXPOSED_RETRY_AFTER,
    },
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  [
    'Returns 429 with Retry-After if the account is throttled',
    TABLE.limited,
    { ...problem(429, 'ThrottlingException'), headers: RETRY_AFTER },
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  [
    'Returns 502 without account or table if the server may not read the table',
    TABLE.denied,
    problem(502, 'AccessDeniedException'),
  ],
  [
    "Returns 502 without the access key if the server's credentials are invalid",
    TABLE.unrecognized,
    problem(502, 'UnrecognizedClientException'),
  ],
  ['Returns 502 for an internal error of DynamoDB', TABLE.failing, problem(502, 'InternalServerError')],
  [
    "Returns 502 if DynamoDB's response is not valid JSON",
    TABLE.garbled,
    problem(502, 'MalformedAnswer'),
    `${RFC9110}section-15.6.3`,
  ],
  [
    "Returns 502 if DynamoDB's response is incomplete",
    TABLE.truncated,
    problem(502, 'IncompleteAnswer'),
    `${RFC9110}section-15.6.3`,
  ],
  [
    'Returns 503 with a readable Retry-After if DynamoDB is unreachable',
    TABLE.closed,
    { ...problem(503, 'DynamoDBUnreachable'), headers: RETRY_AFTER, corsHeaders: EXPOSED_RETRY_AFTER },
    `${RFC9110}section-15.6.4`,
  ],
  [
    'Returns 504 if DynamoDB does not respond in time',
    TABLE.silent,
    problem(504, 'DynamoDBTimeout'),
    `${RFC9110}section-15.6.5`,
  ],
];

export const errorCases: readonly Case[] = [
  ...FAILURES.map(([name, table, expected, link = SCAN_ERRORS]): Case => ({
    name,
    link,
    needsFixtures: true,
    request: scan(table),
    expected,
  })),
  ...['application/x-ndjson', 'text/csv'].map((accept): Case => ({
    name: `Returns a problem if the first page fails, with Accept: ${accept}`,
    link: RFC9457,
    needsFixtures: true,
    request: scan(TABLE.missing, {}, ['Accept', accept]),
    expected: {
      ...problem(404, 'ResourceNotFoundException'),
      headers: { 'Content-Disposition': null },
    },
  })),
  {
    name: 'Returns 404 if one of several segments fails with ResourceNotFoundException',
    link: SCAN_ERRORS,
    needsFixtures: true,
    request: scan(TABLE.missing, { TotalSegments: 3 }),
    expected: problem(404, 'ResourceNotFoundException'),
  },
];
