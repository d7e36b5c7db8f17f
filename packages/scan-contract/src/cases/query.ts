/** Query cases: KeyConditionExpression reads one partition, with the promises of a scan. Data. */
import type { Case, CaseRequest, Step } from '../case';
import { NUMBERED, plainResponse, SPARSE, type FixtureItem } from '../fixtures/items';
import { TABLE } from '../fixtures/tables';
import type { RequestHeader } from '../http';
import { json, post, problem, rejection, scan } from './builders';

const QUERY_API = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Query.html';

const CONDITION = {
  KeyConditionExpression: 'part = :part',
  ExpressionAttributeValues: { ':part': 'a' },
};

function query(table: string, parameters: object = {}, ...headers: RequestHeader[]): CaseRequest {
  return scan(table, { ...CONDITION, ...parameters }, ...headers);
}

/** Continues the query of the response before, with these parameters in place of its own. */
function continueQuery(parameters: object): CaseRequest {
  return {
    ...post(''),
    body: (previous) => {
      const { NextToken } = JSON.parse(previous.body.toString()) as { NextToken?: string };
      return JSON.stringify({
        TableName: TABLE.numbered,
        ...CONDITION,
        MaxItems: 6,
        StartingToken: NextToken,
        ...parameters,
      });
    },
  };
}

const REVERSED: readonly FixtureItem[] = [...NUMBERED].reverse();

const OTHER_QUERIES: readonly [description: string, parameters: object][] = [
  ['another key condition', { KeyConditionExpression: 'part = :part AND id > :part' }],
  ['another value', { ExpressionAttributeValues: { ':part': 'b' } }],
  ['another direction', { ScanIndexForward: false }],
  ['no key condition', { KeyConditionExpression: undefined, ExpressionAttributeValues: undefined }],
];

const REJECTED: readonly [description: string, parameters: object, ...mentions: string[]][] = [
  ['Segment', { ...CONDITION, Segment: 0, TotalSegments: 2 }, 'KeyConditionExpression', 'Segment'],
  ['TotalSegments', { ...CONDITION, TotalSegments: 2 }, 'KeyConditionExpression', 'TotalSegments'],
  ['ScanIndexForward but no key condition', { ScanIndexForward: false }, 'KeyConditionExpression'],
  ['a key condition that is not a string', { KeyConditionExpression: {} }, 'KeyConditionExpression'],
  ['a ScanIndexForward in quotes', { ...CONDITION, ScanIndexForward: 'false' }, 'ScanIndexForward'],
];

const FIRST_ITEMS: Step = {
  request: query(TABLE.numbered, { MaxItems: 6 }),
  expected: json(plainResponse(NUMBERED.slice(0, 6), ',"NextToken":"-"'), 'NextToken'),
};

export const queryCases: readonly Case[] = [
  {
    name: 'KeyConditionExpression and ScanIndexForward are passed to DynamoDB as a Query',
    link: QUERY_API,
    needsFixtures: true,
    request: query(TABLE.echo, { ScanIndexForward: true, IndexName: 'byPart' }),
    expected: {
      ...json(
        '{"Items":[{"id":"echo","IndexName":"byPart","KeyConditionExpression":"part = :part","ScanIndexForward":true,"values":{":part":"a"}}],"Count":1,"ScannedCount":1}',
      ),
      scans: 1,
    },
  },
  {
    name: 'A query reads every page of the partition',
    link: `${QUERY_API}#DDB-Query-response-LastEvaluatedKey`,
    needsFixtures: true,
    request: query(TABLE.sparse),
    expected: { ...json(plainResponse(SPARSE)), scans: 6 },
  },
  {
    name: 'ScanIndexForward false returns the partition from its end',
    link: `${QUERY_API}#DDB-Query-request-ScanIndexForward`,
    needsFixtures: true,
    request: query(TABLE.numbered, { ScanIndexForward: false, Limit: 3 }),
    expected: json(plainResponse(REVERSED.slice(0, 3), ',"LastEvaluatedKey":{"id":"r7"}')),
  },
  {
    name: 'NextToken continues a query',
    link: QUERY_API,
    needsFixtures: true,
    ...FIRST_ITEMS,
    then: [{ request: continueQuery({}), expected: json(plainResponse(NUMBERED.slice(6))) }],
  },
  ...OTHER_QUERIES.map(([description, parameters]): Case => ({
    name: `Returns 400 for the NextToken of a query together with ${description}`,
    link: QUERY_API,
    needsFixtures: true,
    ...FIRST_ITEMS,
    then: [
      {
        request: continueQuery(parameters),
        expected: rejection(400, 'StartingTokenOfAnotherQuery', 'StartingToken'),
      },
    ],
  })),
  ...REJECTED.map(([description, parameters, ...mentions]): Case => ({
    name: `Returns 400 for a query with ${description} and names the parameter`,
    link: QUERY_API,
    request: post(JSON.stringify(parameters)),
    expected: rejection(400, 'InvalidRequest', ...mentions),
  })),
  {
    name: 'Resets the connection if the second page of a query fails',
    link: 'https://www.rfc-editor.org/rfc/rfc9112#section-8',
    needsFixtures: true,
    request: query(TABLE.failsAtSecond),
    expected: { status: 200, incomplete: true },
  },
  {
    name: "Returns DynamoDB's own rejection of a key condition",
    link: QUERY_API,
    needsFixtures: true,
    request: query(TABLE.invalid),
    expected: problem(400, 'ValidationException'),
  },
];

/** For a server that hides the attribute `n` and some items. */
export const queryProtectionCases: readonly Case[] = [
  {
    name: 'Returns 400 for a key condition that names a hidden attribute',
    link: QUERY_API,
    request: scan(TABLE.numbered, {
      KeyConditionExpression: '#n = :n',
      ExpressionAttributeNames: { '#n': 'n' },
      ExpressionAttributeValues: { ':n': 1 },
    }),
    expected: rejection(400, 'AttributeNotVisible', 'KeyConditionExpression'),
  },
  {
    name: 'A query does not say how many items were evaluated, which would count hidden ones',
    link: QUERY_API,
    request: scan(TABLE.numbered, {
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': 'a' },
      Select: 'COUNT',
    }),
    expected: json('{"Count":10}'),
  },
  {
    name: 'Returns 400 for a query with Limit, which would show that hidden items exist',
    link: QUERY_API,
    request: scan(TABLE.numbered, {
      KeyConditionExpression: 'id = :id',
      ExpressionAttributeValues: { ':id': 'a' },
      Limit: 1,
    }),
    expected: rejection(400, 'InvalidRequest', 'Limit'),
  },
];
