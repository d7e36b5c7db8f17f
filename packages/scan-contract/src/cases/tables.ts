/** Cases for GET /tables/{name}: the keys and the indexes of a table. Data. */
import type { Case, CaseRequest } from '../case';
import { NUMBERED } from '../fixtures/items';
import { INDEX_KEY, TABLE, TABLE_KEY } from '../fixtures/tables';
import type { RequestHeader } from '../http';
import { allowedOrigin } from '../policy';
import { ANY_PATH_PREFLIGHT, json, preflight, rejection, RFC9110 } from './builders';

const DESCRIBE_API = 'https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_DescribeTable.html';

const PATH = `/tables/${TABLE.numbered}`;
const METHODS = { exactly: ['GET', 'HEAD', 'OPTIONS'] };

function get(path: string, ...headers: RequestHeader[]): CaseRequest {
  return { method: 'GET', path, origin: allowedOrigin, headers };
}

export const tableCases: readonly Case[] = [
  {
    name: 'GET /tables/{name} returns the key, the indexes and the numbers of items, with the names of DynamoDB',
    link: DESCRIBE_API,
    needsFixtures: true,
    request: get(PATH),
    expected: {
      ...json(
        `{"TableName":"${TABLE.numbered}","ItemCount":${NUMBERED.length},"KeySchema":[${TABLE_KEY}],"Indexes":[{"IndexName":"byN","KeySchema":[${INDEX_KEY}],"Projection":"ALL","ItemCount":${NUMBERED.length}}]}`,
      ),
      scans: 0,
    },
  },
  {
    name: 'HEAD /tables/{name} returns the headers of GET',
    link: `${RFC9110}section-9.3.2`,
    needsFixtures: true,
    request: { ...get(PATH), method: 'HEAD' },
    expected: { status: 200, headers: { 'Content-Type': /^application\/json\b/ }, body: { kind: 'empty' } },
  },
  {
    name: 'GET /tables/{name} of a table that is not allowed returns 403',
    link: `${RFC9110}section-15.5.4`,
    request: get('/tables/Not.Allowed'),
    expected: rejection(403, 'TableNotAllowed'),
  },
  {
    name: 'POST /tables/{name} returns 405 with the allowed methods',
    link: `${RFC9110}section-15.5.6`,
    request: { ...get(PATH), method: 'POST' },
    expected: { ...rejection(405, 'MethodNotAllowed'), headers: { Allow: METHODS } },
  },
  {
    name: 'A preflight of /tables/{name} returns 200 without a body',
    link: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch',
    request: preflight(allowedOrigin, [], PATH),
    expected: { ...ANY_PATH_PREFLIGHT, headers: { Allow: METHODS } },
  },
  {
    name: 'GET /tables/{name} that an image of another site causes returns 403',
    link: 'https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header',
    request: {
      method: 'GET',
      path: PATH,
      headers: [
        ['Sec-Fetch-Site', 'cross-site'],
        ['Sec-Fetch-Mode', 'no-cors'],
        ['Sec-Fetch-Dest', 'image'],
      ],
    },
    expected: rejection(403, 'CrossOriginRead'),
  },
];

/** For a server with the settings of `protectedEnvironment`, which hides the attribute `n`. */
export const tableProtectionCases: readonly Case[] = [
  {
    name: 'GET /tables/{name} leaves out the indexes of hidden attributes, and the numbers of items',
    link: DESCRIBE_API,
    request: get(PATH),
    expected: json(`{"TableName":"${TABLE.numbered}","KeySchema":[${TABLE_KEY}],"Indexes":[]}`),
  },
];
