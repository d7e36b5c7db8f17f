/** Paging cases: each page says where to continue, and all pages together are complete. Data. */
import type { Case, Expected, Step } from '../case';
import { TABLE } from '../fixtures/tables';
import { NUMBERED, plainResponse, SPARSE } from '../fixtures/items';
import { headerOf, type Response, type RequestHeader } from '../http';
import { json, problem, rejection, scan, SCAN_API } from './builders';

const LIMIT = `${SCAN_API}#DDB-Scan-request-Limit`;
const START = `${SCAN_API}#DDB-Scan-request-ExclusiveStartKey`;
const CLI = 'https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html';

const NDJSON: RequestHeader = ['Accept', 'application/x-ndjson'];

/** A request that sends the response property `from` back unchanged as the parameter `to`. */
function continueScan(table: string, parameters: object, from: string, to: string): Step['request'] {
  return {
    ...scan(table),
    body: ({ body }: Response) => {
      const { [from]: value } = JSON.parse(body.toString()) as Record<string, unknown>;
      return JSON.stringify({ TableName: table, ...parameters, [to]: value });
    },
  };
}

function nextPage(parameters: object): Step['request'] {
  return continueScan(TABLE.numbered, parameters, 'NextToken', 'StartingToken');
}

/** Expects the numbered items from index `from` to before `to`, then the properties in `rest`. */
function numbered(from: number, to: number, rest = '', ...opaque: string[]): Expected {
  return json(plainResponse(NUMBERED.slice(from, to), rest), ...opaque);
}

/** Expects a page of MaxItems that is not the last one. */
function tokenPage(from: number, to: number): Expected {
  return numbered(from, to, ',"NextToken":"-"', 'NextToken');
}

export const pagingCases: readonly Case[] = [
  {
    name: 'Limit returns one page with its LastEvaluatedKey',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 4 }),
    expected: { ...numbered(0, 4, ',"LastEvaluatedKey":{"id":"r3"}'), scans: 1 },
  },
  {
    name: 'ExclusiveStartKey continues after LastEvaluatedKey; the last page has no LastEvaluatedKey',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 6 }),
    expected: numbered(0, 6, ',"LastEvaluatedKey":{"id":"r5"}'),
    then: [
      {
        request: continueScan(TABLE.numbered, { Limit: 6 }, 'LastEvaluatedKey', 'ExclusiveStartKey'),
        expected: numbered(6, 10),
      },
    ],
  },
  {
    name: 'Limit returns LastEvaluatedKey even if no item of the page matches',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.sparse, { Limit: 2 }),
    expected: json(plainResponse(SPARSE.slice(0, 2), ',"LastEvaluatedKey":{"id":"s1"}')),
  },
  {
    name: 'Limit with Segment returns one page of that segment',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 2, Segment: 0, TotalSegments: 2 }),
    expected: json(
      '{"Items":[{"id":"r0","n":0},{"id":"r2","n":2}],"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"r2"}}',
    ),
  },
  {
    name: 'ExclusiveStartKey may be typed',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { ExclusiveStartKey: { id: { S: 'r7' } } }),
    expected: numbered(8, 10),
  },
  {
    name: 'ExclusiveStartKey without Limit reads to the end of the table',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { ExclusiveStartKey: { id: 'r3' } }),
    expected: numbered(4, 10),
  },
  {
    name: 'PageSize limits the items evaluated per Scan request and does not change the response',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { PageSize: 3 }),
    expected: { ...numbered(0, 10), scans: 4 },
  },
  {
    name: 'MaxItems pages through the table with NextToken; the last page has no NextToken',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 4, PageSize: 4 }),
    expected: tokenPage(0, 4),
    then: [
      { request: nextPage({ MaxItems: 4, PageSize: 4 }), expected: tokenPage(4, 8) },
      { request: nextPage({ MaxItems: 4, PageSize: 4 }), expected: numbered(8, 10) },
    ],
  },
  {
    name: 'StartingToken without MaxItems reads to the end of the table',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 3, PageSize: 3 }),
    expected: tokenPage(0, 3),
    then: [{ request: nextPage({}), expected: numbered(3, 10) }],
  },
  {
    name: 'MaxItems counts matching items across DynamoDB pages',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.sparse, { MaxItems: 1, PageSize: 2 }),
    expected: json(plainResponse(SPARSE.slice(0, 4), ',"NextToken":"-"'), 'NextToken'),
    then: [
      {
        request: continueScan(TABLE.sparse, { PageSize: 2 }, 'NextToken', 'StartingToken'),
        expected: json(plainResponse(SPARSE.slice(4))),
      },
    ],
  },
  {
    name: 'MaxItems larger than the table returns no NextToken',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 100 }),
    expected: numbered(0, 10),
  },
  {
    name: 'MaxReadUnits ends the scan with NextToken, which continues it',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxReadUnits: 1, PageSize: 2, TotalSegments: 1 }),
    expected: tokenPage(0, 3),
    then: [
      {
        request: continueScan(TABLE.numbered, { TotalSegments: 1 }, 'NextToken', 'StartingToken'),
        expected: numbered(3, 10),
      },
    ],
  },
  {
    name: 'Returns 400 for a NextToken of a different query',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: continueScan(TABLE.numbered, { FilterExpression: 'n > n' }, 'NextToken', 'StartingToken'),
        expected: rejection(400, 'StartingTokenOfAnotherQuery', 'another query'),
      },
    ],
  },
  {
    name: 'Returns 400 for a NextToken of a different table',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: continueScan(TABLE.sparse, {}, 'NextToken', 'StartingToken'),
        expected: problem(400, 'StartingTokenOfAnotherQuery'),
      },
    ],
  },
  {
    name: 'Returns 400 for a truncated NextToken',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: {
          ...scan(TABLE.numbered),
          body: ({ body }: Response) => {
            const { NextToken } = JSON.parse(body.toString()) as { NextToken: string };
            return JSON.stringify({ TableName: TABLE.numbered, StartingToken: NextToken.slice(0, -1) });
          },
        },
        expected: rejection(400, 'InvalidStartingToken', 'StartingToken'),
      },
    ],
  },
  {
    name: 'NDJSON returns NextToken in a header and continues in the middle of a DynamoDB page',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 3, FilterExpression: 'n < n' }, NDJSON),
    expected: {
      status: 200,
      headers: { 'X-Next-Token': /^[\w.-]+$/ },
      corsHeaders: { 'Access-Control-Expose-Headers': { has: ['X-Next-Token'] } },
      body: { kind: 'lines', lines: NUMBERED.slice(0, 3).map(({ plain }) => plain) },
    },
    then: [
      {
        request: {
          ...scan(TABLE.numbered, {}, NDJSON),
          body: (previous: Response) =>
            JSON.stringify({
              TableName: TABLE.numbered,
              FilterExpression: 'n < n',
              StartingToken: headerOf(previous, 'X-Next-Token'),
            }),
        },
        expected: {
          status: 200,
          headers: { 'X-Next-Token': null },
          body: { kind: 'lines', lines: NUMBERED.slice(3).map(({ plain }) => plain) },
        },
      },
    ],
  },
];
