/** Paging: a page says where the next one begins, and the pages together are the whole. Data. */
import type { Case, Expected, Step } from '../case';
import { TABLE } from '../fixtures/tables';
import { NUMBERED, plainAnswer, SPARSE } from '../fixtures/records';
import { headerOf, type Answer, type RequestHeader } from '../http';
import { json, problem, refusal, scan, SCAN_API } from './making';

const LIMIT = `${SCAN_API}#DDB-Scan-request-Limit`;
const START = `${SCAN_API}#DDB-Scan-request-ExclusiveStartKey`;
const CLI = 'https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html';

const NDJSON: RequestHeader = ['Accept', 'application/x-ndjson'];

/** Where the answer before says to go on, sent back as it came. */
function goingOn(table: string, members: object, from: string, as: string): Step['request'] {
  return {
    ...scan(table),
    body: ({ body }: Answer) => {
      const { [from]: value } = JSON.parse(body.toString()) as Record<string, unknown>;
      return JSON.stringify({ TableName: table, ...members, [as]: value });
    },
  };
}

function nextPage(members: object): Step['request'] {
  return goingOn(TABLE.numbered, members, 'NextToken', 'StartingToken');
}

/** Some of the numbered records, and the members that come after. */
function numbered(from: number, to: number, rest = '', ...opaque: string[]): Expected {
  return json(plainAnswer(NUMBERED.slice(from, to), rest), ...opaque);
}

/** A page of MaxItems that is not the last; how much of the table it took is not promised. */
function tokenPage(from: number, to: number): Expected {
  return numbered(from, to, ',"NextToken":"-"', 'NextToken');
}

export const pagingCases: readonly Case[] = [
  {
    name: 'Limit reads one page, and LastEvaluatedKey says where it ended',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 4 }),
    expected: { ...numbered(0, 4, ',"LastEvaluatedKey":{"id":"r3"}'), scans: 1 },
  },
  {
    name: 'LastEvaluatedKey sent back as ExclusiveStartKey goes on to the end, which has none',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 6 }),
    expected: numbered(0, 6, ',"LastEvaluatedKey":{"id":"r5"}'),
    then: [
      {
        request: goingOn(TABLE.numbered, { Limit: 6 }, 'LastEvaluatedKey', 'ExclusiveStartKey'),
        expected: numbered(6, 10),
      },
    ],
  },
  {
    name: 'Limit over a page that matches nothing is no end: LastEvaluatedKey comes back',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.sparse, { Limit: 2 }),
    expected: json(plainAnswer(SPARSE.slice(0, 2), ',"LastEvaluatedKey":{"id":"s1"}')),
  },
  {
    name: 'Limit and one segment are one page of that segment',
    link: LIMIT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 2, Segment: 0, TotalSegments: 2 }),
    expected: json(
      '{"Items":[{"id":"r0","n":0},{"id":"r2","n":2}],"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"r2"}}',
    ),
  },
  {
    name: 'A typed ExclusiveStartKey is taken as well as a plain one',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { ExclusiveStartKey: { id: { S: 'r7' } } }),
    expected: numbered(8, 10),
  },
  {
    name: 'ExclusiveStartKey without Limit reads on to the end',
    link: START,
    needsFixtures: true,
    request: scan(TABLE.numbered, { ExclusiveStartKey: { id: 'r3' } }),
    expected: numbered(4, 10),
  },
  {
    name: 'PageSize is how much one call evaluates, and changes nothing in the answer',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { PageSize: 3 }),
    expected: { ...numbered(0, 10), scans: 4 },
  },
  {
    name: 'MaxItems and NextToken lead through the table, which ends without a NextToken',
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
    name: 'A StartingToken without MaxItems reads on to the end',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 3, PageSize: 3 }),
    expected: tokenPage(0, 3),
    then: [{ request: nextPage({}), expected: numbered(3, 10) }],
  },
  {
    name: 'MaxItems counts records that match, over as many pages as it takes',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.sparse, { MaxItems: 1, PageSize: 2 }),
    expected: json(plainAnswer(SPARSE.slice(0, 4), ',"NextToken":"-"'), 'NextToken'),
    then: [
      {
        request: goingOn(TABLE.sparse, { PageSize: 2 }, 'NextToken', 'StartingToken'),
        expected: json(plainAnswer(SPARSE.slice(4))),
      },
    ],
  },
  {
    name: 'MaxItems of more than there is has no NextToken',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 100 }),
    expected: numbered(0, 10),
  },
  {
    name: 'A NextToken of another query is 400',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: goingOn(TABLE.numbered, { FilterExpression: 'n > n' }, 'NextToken', 'StartingToken'),
        expected: refusal(400, 'StartingTokenOfAnotherQuery', 'another query'),
      },
    ],
  },
  {
    name: 'A NextToken of another table is 400',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: goingOn(TABLE.sparse, {}, 'NextToken', 'StartingToken'),
        expected: problem(400, 'StartingTokenOfAnotherQuery'),
      },
    ],
  },
  {
    name: 'A NextToken that lost its end on the way is 400',
    link: CLI,
    needsFixtures: true,
    request: scan(TABLE.numbered, { MaxItems: 1 }),
    expected: { status: 200 },
    then: [
      {
        request: {
          ...scan(TABLE.numbered),
          body: ({ body }: Answer) => {
            const { NextToken } = JSON.parse(body.toString()) as { NextToken: string };
            return JSON.stringify({ TableName: TABLE.numbered, StartingToken: NextToken.slice(0, -1) });
          },
        },
        expected: refusal(400, 'InvalidStartingToken', 'StartingToken'),
      },
    ],
  },
  {
    name: 'NDJSON has NextToken in a header, which goes on in the middle of a page',
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
          body: (previous: Answer) =>
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
