/** The format that a request accepts, and how the records are written in it. Data. */
import type { Case, Expected } from '../case';
import { TABLE } from '../fixtures/tables';
import { NUMBERED, plainAnswer, RECORDS } from '../fixtures/records';
import { headerOf } from '../http';
import { json, ONE, post, refusal, RFC9110, scan } from './making';

const ACCEPT = `${RFC9110}section-12.5.1`;
const JSON_TYPE = /^application\/json\b/;
const NDJSON_TYPE = /^application\/x-ndjson\b/;
const CSV_TYPE = /^text\/csv; ?charset=utf-8\b/;
const TYPED_TYPE = /^application\/x-amz-json-1\.0\b/;

/** What `Accept` may say, and the type of the answer. */
const ACCEPTED: readonly [accept: string, name: string, type: RegExp][] = [
  ['*/*', 'JSON', JSON_TYPE],
  ['application/json', 'JSON', JSON_TYPE],
  ['application/json, text/plain, */*', 'JSON', JSON_TYPE],
  ['application/json;charset=utf-8', 'JSON', JSON_TYPE],
  ['APPLICATION/X-NDJSON', 'NDJSON', NDJSON_TYPE],
  ['application/json;q=0.1, application/x-ndjson', 'NDJSON', NDJSON_TYPE],
  ['application/json;q=0, */*', 'NDJSON', NDJSON_TYPE],
  ['text/*', 'CSV', CSV_TYPE],
  ['image/png, text/csv;q=0.5', 'CSV', CSV_TYPE],
  ['application/x-amz-json-1.0', 'typed JSON', TYPED_TYPE],
];

const CSV_LINES = 'id,n\nr0,0\nr1,1\nr2,2\n';

function text(type: RegExp, body: string): Expected {
  return { status: 200, headers: { 'Content-Type': type }, body: { kind: 'text', text: body } };
}

export const formatCases: readonly Case[] = [
  ...ACCEPTED.map(([accept, format, type]): Case => ({
    name: `Accept: ${accept} gets ${format}`,
    link: ACCEPT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 1 }, ['Accept', accept]),
    expected: { status: 200, headers: { 'Content-Type': type, Vary: { has: ['Accept'] } } },
  })),
  ...['image/png', 'text/html', 'text/csv;q=0'].map((accept): Case => ({
    name: `Accept: ${accept}, which takes none of the formats, gets 406 that lists them`,
    link: `${RFC9110}section-15.5.7`,
    request: post(ONE, ['Accept', accept]),
    expected: refusal(406, 'NotAcceptable', 'application/json', 'application/x-ndjson', 'text/csv'),
  })),
  {
    name: 'An Accept in odd case that is sent twice is one list',
    link: `${RFC9110}section-5.2`,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 1 }, ['aCCEPT', 'image/png'], ['accept', 'text/csv']),
    expected: { status: 200, headers: { 'Content-Type': CSV_TYPE } },
  },
  {
    name: 'NDJSON is one record a line, with exact digits and every name',
    link: 'https://github.com/ndjson/ndjson-spec',
    needsFixtures: true,
    request: scan(TABLE.records, {}, ['Accept', 'application/x-ndjson']),
    expected: {
      status: 200,
      headers: { 'Content-Type': NDJSON_TYPE },
      body: { kind: 'lines', lines: RECORDS.map(({ plain }) => plain) },
    },
  },
  {
    name: 'NDJSON of an empty table has no lines',
    link: 'https://github.com/ndjson/ndjson-spec',
    needsFixtures: true,
    request: scan(TABLE.empty, {}, ['Accept', 'application/x-ndjson']),
    expected: text(NDJSON_TYPE, ''),
  },
  {
    name: 'Typed JSON has the records as DynamoDB sent them',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html',
    needsFixtures: true,
    request: scan(TABLE.records, {}, ['Accept', 'application/x-amz-json-1.0']),
    expected: {
      status: 200,
      headers: { 'Content-Type': TYPED_TYPE },
      body: {
        kind: 'json',
        json: plainAnswer(RECORDS.map((row) => ({ ...row, plain: row.typed }))),
      },
    },
  },
  {
    name: 'Typed JSON has a typed LastEvaluatedKey',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html',
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 1 }, ['Accept', 'application/x-amz-json-1.0']),
    expected: {
      status: 200,
      body: {
        kind: 'json',
        json: `{"Items":[${NUMBERED[0]?.typed ?? ''}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":{"S":"r0"}}}`,
      },
    },
  },
  {
    name: 'CSV is a header line and one record a line, quoted where need be, and no formula',
    link: 'https://www.rfc-editor.org/rfc/rfc4180#section-2',
    needsFixtures: true,
    request: scan(TABLE.cells, {}, ['Accept', 'text/csv']),
    expected: {
      ...text(CSV_TYPE, 'id,text,n,tags\nc1,"a, ""b""\nc",-1.50,\nc2,"",,"[""x"",""y""]"\nc3,\'=1+1,,\n'),
    },
  },
  {
    name: 'CSV can be saved as a file named after the table',
    link: 'https://www.rfc-editor.org/rfc/rfc6266#section-4',
    needsFixtures: true,
    request: scan(TABLE.cells, {}, ['Accept', 'text/csv']),
    expected: {
      status: 200,
      headers: { 'Content-Disposition': /^attachment; ?filename="?Contract\.Cells\.csv"?$/ },
      corsHeaders: { 'Access-Control-Expose-Headers': { has: ['Content-Disposition'] } },
    },
  },
  {
    name: 'CSV has the attributes asked for as its columns, in their order',
    link: 'https://www.rfc-editor.org/rfc/rfc4180#section-2',
    needsFixtures: true,
    request: scan(TABLE.cells, { ProjectionExpression: 'n, id' }, ['Accept', 'text/csv']),
    expected: text(CSV_TYPE, 'n,id\n-1.50,c1\n,c2\n,c3\n'),
  },
  {
    name: 'CSV of one page of a Limit says in a header where to go on, as ExclusiveStartKey takes it',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#DDB-Scan-request-Limit',
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 3, ProjectionExpression: 'id, n' }, ['Accept', 'text/csv']),
    expected: {
      ...text(CSV_TYPE, CSV_LINES),
      // Plain or typed, both are taken.
      headers: { 'X-Last-Evaluated-Key': /^\{"id":.*"r2"/, 'Content-Type': CSV_TYPE },
    },
    then: [
      {
        request: {
          ...scan(TABLE.numbered, {}, ['Accept', 'text/csv']),
          body: (previous) =>
            JSON.stringify({
              TableName: TABLE.numbered,
              ProjectionExpression: 'id',
              ExclusiveStartKey: JSON.parse(headerOf(previous, 'X-Last-Evaluated-Key') ?? '') as unknown,
            }),
        },
        expected: text(CSV_TYPE, 'id\nr3\nr4\nr5\nr6\nr7\nr8\nr9\n'),
      },
    ],
  },
  {
    name: 'NDJSON says in a header what was consumed',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#DDB-Scan-request-ReturnConsumedCapacity',
    needsFixtures: true,
    request: scan(TABLE.sparse, { ReturnConsumedCapacity: 'TOTAL' }, ['Accept', 'application/x-ndjson']),
    expected: {
      ...text(NDJSON_TYPE, '{"id":"s3"}\n{"id":"s8"}\n{"id":"s9"}\n'),
      headers: { 'X-Consumed-Capacity-Units': '3' },
    },
  },
  {
    name: 'No Accept gets JSON',
    link: ACCEPT,
    needsFixtures: true,
    request: scan(TABLE.numbered),
    expected: json(plainAnswer(NUMBERED)),
  },
];
