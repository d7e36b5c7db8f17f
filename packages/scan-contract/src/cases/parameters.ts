/** Parameter cases: unknown names, invalid values and conflicts. Data. */
import type { Case } from '../case';
import { post, rejection, SCAN_API } from './builders';

/** A description, a body, and the strings that the problem's detail must contain. */
type InvalidRequest = readonly [description: string, body: object, ...mentions: string[]];

const INVALID_REQUESTS: readonly InvalidRequest[] = [
  ['an unknown parameter', { Tablename: 'x' }, 'Tablename', 'TableName'],
  ['an unsupported DynamoDB parameter', { ReturnValues: 'NONE' }, 'ReturnValues'],
  ['a parameter named __proto__', JSON.parse('{"__proto__":1}') as object, '__proto__'],
  ['a TableName that is not a string', { TableName: 5 }, 'TableName', 'name of a table'],
  ['an empty TableName', { TableName: '' }, 'TableName'],
  ['a Limit in quotes', { Limit: '1' }, 'Limit', 'whole number'],
  ['a Limit of 0', { Limit: 0 }, 'Limit'],
  ['a negative Limit', { Limit: -1 }, 'Limit'],
  ['a Limit that is not an integer', { Limit: 1.5 }, 'Limit'],
  ['a Limit beyond 32 bits', { Limit: 2_147_483_648 }, 'Limit', '2147483647'],
  ['a Limit of null', { Limit: null }, 'Limit'],
  ['a ConsistentRead in quotes', { ConsistentRead: 'true' }, 'ConsistentRead', 'true or false'],
  ['an unknown Select', { Select: 'EVERYTHING' }, 'Select', 'COUNT'],
  ['an unknown ReturnConsumedCapacity', { ReturnConsumedCapacity: 'ALL' }, 'ReturnConsumedCapacity', 'TOTAL'],
  ['an unknown NumberFormat', { NumberFormat: 'hex' }, 'NumberFormat', 'string'],
  ['an ExclusiveStartKey that is not an object', { ExclusiveStartKey: ['a'] }, 'ExclusiveStartKey'],
  [
    'an expression attribute name whose value is not a string',
    { ExpressionAttributeNames: { '#a': 5 } },
    'ExpressionAttributeNames',
    '#a',
  ],
  ['a MaxItems of 0', { MaxItems: 0 }, 'MaxItems'],
  ['a PageSize that is an object', { PageSize: {} }, 'PageSize'],
  ['a negative Segment', { Segment: -1, TotalSegments: 2 }, 'Segment'],
  ["a TotalSegments over DynamoDB's maximum", { TotalSegments: 1_000_001 }, 'TotalSegments', '1000000'],
  ['several invalid parameters', { Limit: 'a', Select: 'b', MaxItems: 0 }, 'Limit', 'Select', 'MaxItems'],
  [
    'a typed value that does not match its type',
    { ExpressionAttributeValues: { ':a': { NS: [1] } } },
    'ExpressionAttributeValues',
    'NS',
  ],
  [
    'a typed value that is an empty set',
    { ExpressionAttributeValues: { ':a': { SS: [] } } },
    'ExpressionAttributeValues',
    'SS',
  ],
  [
    'a typed binary value that is not base64',
    { ExpressionAttributeValues: { ':a': { B: '*' } } },
    'ExpressionAttributeValues',
    'base64',
  ],
  [
    'a value nested deeper than DynamoDB allows',
    { ExpressionAttributeValues: { ':a': JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as object } },
    'ExpressionAttributeValues',
    '32',
  ],
  ['Limit with MaxItems', { Limit: 1, MaxItems: 1 }, 'Limit', 'MaxItems'],
  ['Limit with PageSize', { Limit: 1, PageSize: 1 }, 'Limit', 'PageSize'],
  ['Limit with StartingToken', { Limit: 1, StartingToken: 'x' }, 'Limit', 'StartingToken'],
  [
    'ExclusiveStartKey with StartingToken',
    { ExclusiveStartKey: { id: 'a' }, StartingToken: 'x' },
    'ExclusiveStartKey',
    'StartingToken',
  ],
  ['Segment without TotalSegments', { Segment: 0 }, 'Segment', 'TotalSegments'],
  [
    'a Segment that is not less than TotalSegments',
    { Segment: 2, TotalSegments: 2 },
    'Segment',
    'TotalSegments',
  ],
  ['Limit with TotalSegments but without Segment', { Limit: 1, TotalSegments: 2 }, 'Limit', 'TotalSegments'],
  [
    'ExclusiveStartKey with TotalSegments but without Segment',
    { ExclusiveStartKey: { id: 'a' }, TotalSegments: 2 },
    'ExclusiveStartKey',
    'TotalSegments',
  ],
  ['Select COUNT with MaxItems', { Select: 'COUNT', MaxItems: 1 }, 'COUNT', 'MaxItems'],
];

export const parameterCases: readonly Case[] = [
  {
    name: 'Returns 400 for an ExclusiveStartKey that is a large number and names the parameter',
    link: SCAN_API,
    request: post('{"ExclusiveStartKey":9007199254740993}'),
    expected: rejection(400, 'InvalidRequest', 'ExclusiveStartKey', '9007199254740993'),
  },
  ...INVALID_REQUESTS.map(([description, body, ...mentions]): Case => ({
    name: `Returns 400 for ${description} and names the parameter`,
    link: SCAN_API,
    request: post(JSON.stringify(body)),
    expected: rejection(400, 'InvalidRequest', ...mentions),
  })),
  {
    name: 'Returns 400 for a StartingToken that the server did not issue',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html',
    request: post('{"StartingToken":"eyJ9.x"}'),
    expected: rejection(400, 'InvalidStartingToken', 'StartingToken'),
  },
  {
    name: 'Returns 403 for a table that is not allowed, whether or not it exists',
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4',
    request: post('{"TableName":"contract.NotAllowed"}'),
    expected: rejection(403, 'TableNotAllowed'),
  },
];
