/** Response cases: no item is missing and no value is altered. Data. */
import type { Case } from '../case';
import { LARGE, TABLE } from '../fixtures/tables';
import { NUMBERED, plainResponse, ALL_TYPES, SPARSE } from '../fixtures/items';
import { json, post, scan, SCAN_API, SCAN_GUIDE } from './builders';

const TYPES =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html';

/** Case names by item ID. Each item has its own case, so that a finding names the type that was altered. */
const NAMES_BY_ID: Readonly<Record<string, string>> = {
  numbers: 'Returns numbers with all their digits',
  sets: 'Returns sets as arrays, with all digits of their numbers',
  binary: 'Returns binary values as base64, including empty ones',
  flags: 'Returns true, false and null as JSON literals',
  nested: 'Returns nested maps and lists, including a map with an attribute named like a type',
  names: 'Returns attributes with any name, including __proto__',
  text: 'Returns text unchanged, including characters beyond ASCII and the Basic Multilingual Plane',
};

/** Plain JSON values, which the echo table returns unchanged. */
const VALUES = String.raw`{":n":12345678901234567890123456789012345678,":text":"\ud83d\ude00",":map":{"list":[1.50,null,true,{}]},":none":""}`;

const TYPED_VALUES = {
  ':numbers': { NS: ['9007199254740993', '1.5'] },
  ':strings': { SS: ['a', 'b'] },
  ':bytes': { B: 'AP+Af/4=' },
  ':map': { M: { S: { S: 'an attribute named like a type' } } },
};

export const responseCases: readonly Case[] = [
  ...ALL_TYPES.map(({ id, plain }, index): Case => {
    const previous = ALL_TYPES[index - 1];
    const rest = index + 1 < ALL_TYPES.length ? `,"LastEvaluatedKey":{"id":"${id}"}` : '';
    return {
      name: NAMES_BY_ID[id] ?? id,
      link: TYPES,
      needsFixtures: true,
      request: scan(TABLE.allTypes, {
        Limit: 1,
        ...(previous !== undefined && { ExclusiveStartKey: { id: previous.id } }),
      }),
      expected: json(`{"Items":[${plain}],"Count":1,"ScannedCount":1${rest}}`),
    };
  }),
  {
    name: 'NumberFormat string returns every number as a string with all its digits',
    link: TYPES,
    needsFixtures: true,
    request: scan(TABLE.numbered, { NumberFormat: 'string', Limit: 2 }),
    expected: json(
      '{"Items":[{"id":"r0","n":"0"},{"id":"r1","n":"1"}],"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"r1"}}',
    ),
  },
  {
    name: 'NumberFormat string returns the numbers of a set as strings',
    link: TYPES,
    needsFixtures: true,
    request: scan(TABLE.allTypes, { NumberFormat: 'string', Limit: 1, ExclusiveStartKey: { id: 'numbers' } }),
    expected: json(
      '{"Items":[{"id":"sets","strings":["a","b"],"numbers":["9007199254740993","1.5"],"bytes":["AA==","/w=="]}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":"sets"}}',
    ),
  },
  {
    name: 'Returns 200 without items for an empty table',
    link: SCAN_GUIDE,
    needsFixtures: true,
    request: scan(TABLE.empty),
    expected: { ...json('{"Items":[],"Count":0,"ScannedCount":0}'), scans: 1 },
  },
  {
    name: 'Returns all items of a table of several megabytes, page by page',
    link: SCAN_GUIDE,
    needsFixtures: true,
    request: scan(TABLE.large),
    expected: { ...json(() => plainResponse(LARGE)), scans: 8 },
  },
  {
    name: 'Continues after empty pages that have a LastEvaluatedKey',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.Pagination',
    needsFixtures: true,
    request: scan(TABLE.sparse),
    expected: { ...json(plainResponse(SPARSE)), scans: 6 },
  },
  {
    name: 'Select COUNT returns the counts without items',
    link: `${SCAN_API}#DDB-Scan-request-Select`,
    needsFixtures: true,
    request: scan(TABLE.sparse, { Select: 'COUNT' }),
    expected: json('{"Count":3,"ScannedCount":12}'),
  },
  {
    name: 'ReturnConsumedCapacity TOTAL returns the sum over all pages',
    link: `${SCAN_API}#DDB-Scan-request-ReturnConsumedCapacity`,
    needsFixtures: true,
    request: scan(TABLE.sparse, { ReturnConsumedCapacity: 'TOTAL' }),
    expected: json(
      plainResponse(SPARSE, `,"ConsumedCapacity":{"TableName":"${TABLE.sparse}","CapacityUnits":3}`),
    ),
  },
  {
    name: 'ReturnConsumedCapacity NONE returns no ConsumedCapacity',
    link: `${SCAN_API}#DDB-Scan-request-ReturnConsumedCapacity`,
    needsFixtures: true,
    request: scan(TABLE.empty, { ReturnConsumedCapacity: 'NONE' }),
    expected: json('{"Items":[],"Count":0,"ScannedCount":0}'),
  },
  {
    name: 'Passes ProjectionExpression and ExpressionAttributeNames to DynamoDB',
    link: `${SCAN_API}#DDB-Scan-request-ProjectionExpression`,
    needsFixtures: true,
    request: scan(TABLE.numbered, {
      ProjectionExpression: '#n',
      ExpressionAttributeNames: { '#n': 'n' },
      Limit: 1,
    }),
    expected: json('{"Items":[{"n":0}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":"r0"}}'),
  },
  {
    name: 'Passes plain ExpressionAttributeValues to DynamoDB with their types and all digits',
    link: `${SCAN_API}#DDB-Scan-request-ExpressionAttributeValues`,
    needsFixtures: true,
    request: post(
      `{"TableName":"${TABLE.echo}","FilterExpression":"n > :n","ExpressionAttributeValues":${VALUES}}`,
    ),
    expected: json(
      `{"Items":[{"id":"echo","FilterExpression":"n > :n","values":${VALUES}}],"Count":1,"ScannedCount":1}`,
    ),
  },
  {
    name: 'Passes typed ExpressionAttributeValues to DynamoDB as sets and binary values',
    link: TYPES,
    needsFixtures: true,
    request: scan(TABLE.echo, { ExpressionAttributeValues: TYPED_VALUES }, [
      'Accept',
      'application/x-amz-json-1.0',
    ]),
    expected: {
      status: 200,
      body: {
        kind: 'json',
        json: `{"Items":[{"id":{"S":"echo"},"values":{"M":${JSON.stringify(TYPED_VALUES)}}}],"Count":1,"ScannedCount":1}`,
      },
    },
  },
  {
    name: 'Passes IndexName and ConsistentRead to DynamoDB',
    link: `${SCAN_API}#DDB-Scan-request-IndexName`,
    needsFixtures: true,
    request: scan(TABLE.echo, { IndexName: 'byPlace', ConsistentRead: true }),
    expected: json(
      '{"Items":[{"id":"echo","IndexName":"byPlace","ConsistentRead":true}],"Count":1,"ScannedCount":1}',
    ),
  },
  {
    name: 'Segment 1 of two returns one half of the table',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan',
    needsFixtures: true,
    request: scan(TABLE.numbered, { Segment: 1, TotalSegments: 2 }),
    expected: { ...json(plainResponse(NUMBERED.filter((_, index) => index % 2 === 1))), scans: 1 },
  },
  {
    name: 'TotalSegments without Segment scans all segments and returns the sum of their counts',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan',
    needsFixtures: true,
    request: scan(TABLE.numbered, { TotalSegments: 4, Select: 'COUNT' }),
    expected: { ...json('{"Count":10,"ScannedCount":10}'), scans: 4 },
  },
  {
    name: 'Sends Cache-Control: no-store with items',
    link: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5',
    needsFixtures: true,
    request: scan(TABLE.empty),
    expected: { status: 200, headers: { 'Cache-Control': { has: ['no-store'] } } },
  },
  ...['gzip', 'br', 'gzip, deflate, br, zstd'].map((encodings): Case => ({
    name: `Returns the same items with Accept-Encoding: ${encodings}`,
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
    needsFixtures: true,
    request: scan(TABLE.large, { MaxItems: 600 }, ['Accept-Encoding', encodings]),
    expected: {
      ...json(() => plainResponse(LARGE.slice(0, 600), ',"NextToken":"-"'), 'NextToken'),
      headers: { Vary: { has: ['Accept-Encoding'] } },
    },
  })),
  {
    name: 'Sends no Content-Encoding if the request accepts only identity',
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
    needsFixtures: true,
    request: scan(TABLE.allTypes, {}, ['Accept-Encoding', 'identity']),
    expected: { ...json(plainResponse(ALL_TYPES)), headers: { 'Content-Encoding': null } },
  },
];
