/** Format cases: content negotiation, and how each format represents items. Data. */
import type { Case, Expected } from '../case';
import { TABLE } from '../fixtures/tables';
import { NUMBERED, plainResponse, ALL_TYPES } from '../fixtures/items';
import { headerOf } from '../http';
import { json, ONE_ITEM, post, rejection, RFC9110, scan } from './builders';

const ACCEPT = `${RFC9110}section-12.5.1`;
const JSON_TYPE = /^application\/json\b/;
const NDJSON_TYPE = /^application\/x-ndjson\b/;
const CSV_TYPE = /^text\/csv; ?charset=utf-8\b/;
const TYPED_TYPE = /^application\/x-amz-json-1\.0\b/;

/** Values of `Accept`, and the format and Content-Type of the response. */
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
    name: `Accept: ${accept} returns ${format}`,
    link: ACCEPT,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 1 }, ['Accept', accept]),
    expected: { status: 200, headers: { 'Content-Type': type, Vary: { has: ['Accept'] } } },
  })),
  ...['image/png', 'text/html', 'text/csv;q=0'].map((accept): Case => ({
    name: `Accept: ${accept} returns 406 that lists the available formats`,
    link: `${RFC9110}section-15.5.7`,
    request: post(ONE_ITEM, ['Accept', accept]),
    expected: rejection(406, 'NotAcceptable', 'application/json', 'application/x-ndjson', 'text/csv'),
  })),
  {
    name: 'Combines two Accept headers in unusual case into one list',
    link: `${RFC9110}section-5.2`,
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 1 }, ['aCCEPT', 'image/png'], ['accept', 'text/csv']),
    expected: { status: 200, headers: { 'Content-Type': CSV_TYPE } },
  },
  {
    name: 'NDJSON has one item per line, with exact digits and any attribute name',
    link: 'https://github.com/ndjson/ndjson-spec',
    needsFixtures: true,
    request: scan(TABLE.allTypes, {}, ['Accept', 'application/x-ndjson']),
    expected: {
      status: 200,
      headers: { 'Content-Type': NDJSON_TYPE },
      body: { kind: 'lines', lines: ALL_TYPES.map(({ plain }) => plain) },
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
    name: 'Typed JSON returns items as DynamoDB sent them',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.LowLevelAPI.html',
    needsFixtures: true,
    request: scan(TABLE.allTypes, {}, ['Accept', 'application/x-amz-json-1.0']),
    expected: {
      status: 200,
      headers: { 'Content-Type': TYPED_TYPE },
      body: {
        kind: 'json',
        json: plainResponse(ALL_TYPES.map((item) => ({ ...item, plain: item.typed }))),
      },
    },
  },
  {
    name: 'Typed JSON returns a typed LastEvaluatedKey',
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
    name: 'CSV has a header line and one item per line, quoted if necessary, with formulas escaped',
    link: 'https://www.rfc-editor.org/rfc/rfc4180#section-2',
    needsFixtures: true,
    request: scan(TABLE.cells, {}, ['Accept', 'text/csv']),
    expected: {
      ...text(CSV_TYPE, 'id,text,n,tags\nc1,"a, ""b""\nc",-1.50,\nc2,"",,"[""x"",""y""]"\nc3,\'=1+1,,\n'),
    },
  },
  {
    name: 'CSV is an attachment named after the table',
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
    name: 'CSV has the projected attributes as columns, in the requested order',
    link: 'https://www.rfc-editor.org/rfc/rfc4180#section-2',
    needsFixtures: true,
    request: scan(TABLE.cells, { ProjectionExpression: 'n, id' }, ['Accept', 'text/csv']),
    expected: text(CSV_TYPE, 'n,id\n-1.50,c1\n,c2\n,c3\n'),
  },
  {
    name: 'CSV returns LastEvaluatedKey in a header whose value ExclusiveStartKey accepts',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#DDB-Scan-request-Limit',
    needsFixtures: true,
    request: scan(TABLE.numbered, { Limit: 3, ProjectionExpression: 'id, n' }, ['Accept', 'text/csv']),
    expected: {
      ...text(CSV_TYPE, CSV_LINES),
      // Servers may send the key plain or typed: ExclusiveStartKey accepts both.
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
    name: 'NDJSON returns the consumed capacity in a header',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Scan.html#DDB-Scan-request-ReturnConsumedCapacity',
    needsFixtures: true,
    request: scan(TABLE.sparse, { ReturnConsumedCapacity: 'TOTAL' }, ['Accept', 'application/x-ndjson']),
    expected: {
      ...text(NDJSON_TYPE, '{"id":"s3"}\n{"id":"s8"}\n{"id":"s9"}\n'),
      headers: { 'X-Consumed-Capacity-Units': '3', 'X-Scanned-Count': '12', 'X-Count': '3' },
    },
  },
  {
    name: 'Returns JSON without an Accept header',
    link: ACCEPT,
    needsFixtures: true,
    request: scan(TABLE.numbered),
    expected: json(plainResponse(NUMBERED)),
  },
];
