/** What DynamoDB refuses, and what goes wrong on the way there, as a page reads it. Data. */
import type { Case, Expected } from '../case';
import { INVALID_MESSAGE, TABLE } from '../fixtures/tables';
import { problem, RFC9110, RFC9457, scan, SCAN_ERRORS } from './making';

/** Wait and ask again: seconds, which a page can read. */
const LATER = { 'Retry-After': /^\d+$/ };
const READABLE = { 'Access-Control-Expose-Headers': { has: ['Retry-After'] } };

const FAILURES: readonly [sentence: string, table: string, expected: Expected, link?: string][] = [
  [
    'What DynamoDB says is wrong with a request is 400, in its words',
    TABLE.invalid,
    { ...problem(400, 'ValidationException', INVALID_MESSAGE), scans: 1 },
  ],
  ['A table that DynamoDB has not is 404', TABLE.missing, problem(404, 'ResourceNotFoundException')],
  [
    'Throttled reads are 429, after which time a page may ask again',
    TABLE.throttled,
    {
      ...problem(429, 'ProvisionedThroughputExceededException'),
      headers: LATER,
      corsHeaders: READABLE,
    },
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  [
    'A throttled account is 429 too',
    TABLE.limited,
    { ...problem(429, 'ThrottlingException'), headers: LATER },
    'https://www.rfc-editor.org/rfc/rfc6585#section-4',
  ],
  [
    'A server that may not read the table is 502, and says neither whose account it is nor which table',
    TABLE.denied,
    problem(502, 'AccessDeniedException'),
  ],
  [
    'A server whose credentials are wrong is 502, and does not show them',
    TABLE.unrecognized,
    problem(502, 'UnrecognizedClientException'),
  ],
  ['An internal error of DynamoDB is 502', TABLE.failing, problem(502, 'InternalServerError')],
  [
    'An answer of DynamoDB that is no JSON is 502',
    TABLE.garbled,
    problem(502, 'MalformedAnswer'),
    `${RFC9110}section-15.6.3`,
  ],
  [
    'An answer of DynamoDB that breaks off is 502',
    TABLE.truncated,
    problem(502, 'IncompleteAnswer'),
    `${RFC9110}section-15.6.3`,
  ],
  [
    'A DynamoDB that cannot be reached is 503, after which time a page may ask again',
    TABLE.closed,
    { ...problem(503, 'DynamoDBUnreachable'), headers: LATER, corsHeaders: READABLE },
    `${RFC9110}section-15.6.4`,
  ],
  [
    'A DynamoDB that does not answer in time is 504',
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
    name: `A failure of the first page is a problem where ${accept} was asked for`,
    link: RFC9457,
    needsFixtures: true,
    request: scan(TABLE.missing, {}, ['Accept', accept]),
    expected: {
      ...problem(404, 'ResourceNotFoundException'),
      headers: { 'Content-Disposition': null },
    },
  })),
  {
    name: 'A failure of one of several segments is the failure of the scan',
    link: SCAN_ERRORS,
    needsFixtures: true,
    request: scan(TABLE.missing, { TotalSegments: 3 }),
    expected: problem(404, 'ResourceNotFoundException'),
  },
];
