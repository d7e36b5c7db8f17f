/** Answers: nothing is missing, and nothing is changed on the way. Data. */
import type { Case } from '../case';
import { LARGE, TABLE } from '../fixtures/tables';
import { NUMBERED, plainAnswer, RECORDS, SPARSE } from '../fixtures/records';
import { json, post, scan, SCAN_API, SCAN_GUIDE } from './making';

const TYPES =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html';

/** Each kind of record by itself, so that a finding says which of them was changed. */
const KINDS: Readonly<Record<string, string>> = {
  numbers: 'Numbers keep all their digits',
  sets: 'Sets are arrays, of numbers with all their digits, too',
  binary: 'Binary is base64, where there are no bytes too',
  flags: 'True, false and null are what they are',
  nested: 'Maps and lists nest, and a map with a member called as a type is, stays one',
  names: 'Every name of an attribute is legal, __proto__ too',
  text: 'Text is what it is, beyond ASCII and beyond the basic plane too',
};

/** Plain values, which come back as they were sent. */
const VALUES = String.raw`{":n":12345678901234567890123456789012345678,":text":"\ud83d\ude00",":map":{"list":[1.50,null,true,{}]},":none":""}`;

const TYPED_VALUES = {
  ':numbers': { NS: ['9007199254740993', '1.5'] },
  ':strings': { SS: ['a', 'b'] },
  ':bytes': { B: 'AP+Af/4=' },
  ':map': { M: { S: { S: 'a member named as a type is' } } },
};

export const answerCases: readonly Case[] = [
  ...RECORDS.map(({ id, plain }, index): Case => {
    const before = RECORDS[index - 1];
    const rest = index + 1 < RECORDS.length ? `,"LastEvaluatedKey":{"id":"${id}"}` : '';
    return {
      name: KINDS[id] ?? id,
      link: TYPES,
      needsFixtures: true,
      request: scan(TABLE.records, {
        Limit: 1,
        ...(before !== undefined && { ExclusiveStartKey: { id: before.id } }),
      }),
      expected: json(`{"Items":[${plain}],"Count":1,"ScannedCount":1${rest}}`),
    };
  }),
  {
    name: 'NumberFormat string writes every number as a string with its digits',
    link: TYPES,
    needsFixtures: true,
    request: scan(TABLE.numbered, { NumberFormat: 'string', Limit: 2 }),
    expected: json(
      '{"Items":[{"id":"r0","n":"0"},{"id":"r1","n":"1"}],"Count":2,"ScannedCount":2,"LastEvaluatedKey":{"id":"r1"}}',
    ),
  },
  {
    name: 'NumberFormat string writes the numbers of a set as strings too',
    link: TYPES,
    needsFixtures: true,
    request: scan(TABLE.records, { NumberFormat: 'string', Limit: 1, ExclusiveStartKey: { id: 'numbers' } }),
    expected: json(
      '{"Items":[{"id":"sets","strings":["a","b"],"numbers":["9007199254740993","1.5"],"bytes":["AA==","/w=="]}],"Count":1,"ScannedCount":1,"LastEvaluatedKey":{"id":"sets"}}',
    ),
  },
  {
    name: 'An empty table is an answer without records, and no error',
    link: SCAN_GUIDE,
    needsFixtures: true,
    request: scan(TABLE.empty),
    expected: { ...json('{"Items":[],"Count":0,"ScannedCount":0}'), scans: 1 },
  },
  {
    name: 'A table of several megabytes comes whole, a page after the other',
    link: SCAN_GUIDE,
    needsFixtures: true,
    request: scan(TABLE.large),
    expected: { ...json(() => plainAnswer(LARGE)), scans: 8 },
  },
  {
    name: 'Pages without records are no end, as long as they say where to go on',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.Pagination',
    needsFixtures: true,
    request: scan(TABLE.sparse),
    expected: { ...json(plainAnswer(SPARSE)), scans: 6 },
  },
  {
    name: 'Select COUNT counts, and returns no records',
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
      plainAnswer(SPARSE, `,"ConsumedCapacity":{"TableName":"${TABLE.sparse}","CapacityUnits":3}`),
    ),
  },
  {
    name: 'ReturnConsumedCapacity NONE returns nothing of it',
    link: `${SCAN_API}#DDB-Scan-request-ReturnConsumedCapacity`,
    needsFixtures: true,
    request: scan(TABLE.empty, { ReturnConsumedCapacity: 'NONE' }),
    expected: json('{"Items":[],"Count":0,"ScannedCount":0}'),
  },
  {
    name: 'ProjectionExpression and its names reach DynamoDB',
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
    name: 'Values in expressions reach DynamoDB with all their digits, and as what they are',
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
    name: 'Typed values in expressions reach DynamoDB as the sets and the binary that they are',
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
    name: 'IndexName and ConsistentRead reach DynamoDB',
    link: `${SCAN_API}#DDB-Scan-request-IndexName`,
    needsFixtures: true,
    request: scan(TABLE.echo, { IndexName: 'byPlace', ConsistentRead: true }),
    expected: json(
      '{"Items":[{"id":"echo","IndexName":"byPlace","ConsistentRead":true}],"Count":1,"ScannedCount":1}',
    ),
  },
  {
    name: 'One segment of two is its half of the table',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan',
    needsFixtures: true,
    request: scan(TABLE.numbered, { Segment: 1, TotalSegments: 2 }),
    expected: { ...json(plainAnswer(NUMBERED.filter((_, index) => index % 2 === 1))), scans: 1 },
  },
  {
    name: 'All segments are the whole table, merged, with each counted',
    link: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Scan.html#Scan.ParallelScan',
    needsFixtures: true,
    request: scan(TABLE.numbered, { TotalSegments: 4, Select: 'COUNT' }),
    expected: { ...json('{"Count":10,"ScannedCount":10}'), scans: 4 },
  },
  {
    name: 'Records and problems are kept by no cache',
    link: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5',
    needsFixtures: true,
    request: scan(TABLE.empty),
    expected: { status: 200, headers: { 'Cache-Control': { has: ['no-store'] } } },
  },
  ...['gzip', 'br', 'gzip, deflate, br, zstd'].map((encodings): Case => ({
    name: `An answer to a browser that takes ${encodings} is the same answer`,
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
    needsFixtures: true,
    request: scan(TABLE.large, { MaxItems: 600 }, ['Accept-Encoding', encodings]),
    expected: {
      ...json(() => plainAnswer(LARGE.slice(0, 600), ',"NextToken":"-"'), 'NextToken'),
      headers: { Vary: { has: ['Accept-Encoding'] } },
    },
  })),
  {
    name: 'An answer is in no Content-Encoding where the request takes none',
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-12.5.3',
    needsFixtures: true,
    request: scan(TABLE.records, {}, ['Accept-Encoding', 'identity']),
    expected: { ...json(plainAnswer(RECORDS)), headers: { 'Content-Encoding': null } },
  },
];
