/** The members of a request: unknown ones, wrong types, and what excludes each other. Data. */
import type { Case } from '../case';
import { post, refusal, SCAN_API } from './making';

/** A body, and what the detail has to name. */
type Fault = readonly [what: string, body: object, ...says: string[]];

const FAULTS: readonly Fault[] = [
  ['An unknown member', { Tablename: 'x' }, 'Tablename', 'TableName'],
  ['A member of DynamoDB that is none here', { ReturnValues: 'NONE' }, 'ReturnValues'],
  ['A member called __proto__', JSON.parse('{"__proto__":1}') as object, '__proto__'],
  ['A TableName that is no string', { TableName: 5 }, 'TableName', 'name of a table'],
  ['An empty TableName', { TableName: '' }, 'TableName'],
  ['A Limit in quotes', { Limit: '1' }, 'Limit', 'whole number'],
  ['A Limit of 0', { Limit: 0 }, 'Limit'],
  ['A Limit below 0', { Limit: -1 }, 'Limit'],
  ['A Limit that is no whole number', { Limit: 1.5 }, 'Limit'],
  ['A Limit of more than 32 bits', { Limit: 2_147_483_648 }, 'Limit', '2147483647'],
  ['A Limit of null', { Limit: null }, 'Limit'],
  ['A ConsistentRead in quotes', { ConsistentRead: 'true' }, 'ConsistentRead', 'true or false'],
  ['An unknown Select', { Select: 'EVERYTHING' }, 'Select', 'COUNT'],
  ['An unknown ReturnConsumedCapacity', { ReturnConsumedCapacity: 'ALL' }, 'ReturnConsumedCapacity', 'TOTAL'],
  ['An unknown NumberFormat', { NumberFormat: 'hex' }, 'NumberFormat', 'string'],
  ['An ExclusiveStartKey that is no object', { ExclusiveStartKey: ['a'] }, 'ExclusiveStartKey'],
  [
    'A name that stands for no string',
    { ExpressionAttributeNames: { '#a': 5 } },
    'ExpressionAttributeNames',
    '#a',
  ],
  ['A MaxItems of 0', { MaxItems: 0 }, 'MaxItems'],
  ['A PageSize that is an object', { PageSize: {} }, 'PageSize'],
  ['A Segment below 0', { Segment: -1, TotalSegments: 2 }, 'Segment'],
  ['More segments than DynamoDB takes', { TotalSegments: 1_000_001 }, 'TotalSegments', '1000000'],
  ['Several faults at once', { Limit: 'a', Select: 'b', MaxItems: 0 }, 'Limit', 'Select', 'MaxItems'],
  [
    'A typed value that holds what its type does not',
    { ExpressionAttributeValues: { ':a': { NS: [1] } } },
    'ExpressionAttributeValues',
    'NS',
  ],
  [
    'A typed value that is an empty set',
    { ExpressionAttributeValues: { ':a': { SS: [] } } },
    'ExpressionAttributeValues',
    'SS',
  ],
  [
    'A typed value that is no base64',
    { ExpressionAttributeValues: { ':a': { B: '*' } } },
    'ExpressionAttributeValues',
    'base64',
  ],
  [
    'A value that nests deeper than DynamoDB allows',
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
  ['A Segment that there is not', { Segment: 2, TotalSegments: 2 }, 'Segment', 'TotalSegments'],
  ['Limit for all segments at once', { Limit: 1, TotalSegments: 2 }, 'Limit', 'TotalSegments'],
  [
    'ExclusiveStartKey for all segments at once',
    { ExclusiveStartKey: { id: 'a' }, TotalSegments: 2 },
    'ExclusiveStartKey',
    'TotalSegments',
  ],
  ['Select COUNT with MaxItems', { Select: 'COUNT', MaxItems: 1 }, 'COUNT', 'MaxItems'],
];

export const memberCases: readonly Case[] = [
  {
    name: 'An ExclusiveStartKey that is a number beyond doubles is 400 that names the member',
    link: SCAN_API,
    request: post('{"ExclusiveStartKey":9007199254740993}'),
    expected: refusal(400, 'InvalidRequest', 'ExclusiveStartKey', '9007199254740993'),
  },
  ...FAULTS.map(([what, body, ...says]): Case => ({
    name: `${what} is 400 that names the member`,
    link: SCAN_API,
    request: post(JSON.stringify(body)),
    expected: refusal(400, 'InvalidRequest', ...says),
  })),
  {
    name: 'A StartingToken that nobody made is 400',
    link: 'https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-pagination.html',
    request: post('{"StartingToken":"eyJ9.x"}'),
    expected: refusal(400, 'InvalidStartingToken', 'StartingToken'),
  },
  {
    name: 'A table that the server does not serve is 403, whether it exists or not',
    link: 'https://www.rfc-editor.org/rfc/rfc9110#section-15.5.4',
    request: post('{"TableName":"contract.NotAllowed"}'),
    expected: refusal(403, 'TableNotAllowed'),
  },
];
