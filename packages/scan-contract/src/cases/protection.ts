/** Protection cases: credentials, hidden attributes and items, the rate limit and the Host header. Data. */
import type { Case, CaseRequest, Step } from '../case';
import { TABLE } from '../fixtures/tables';
import { allowedOrigin } from '../policy';
import { json, post, preflight, problem, rejection, RFC9110, scan } from './builders';
import { queryProtectionCases } from './query';
import { tableProtectionCases } from './tables';

const CREDENTIALS_LINK = `${RFC9110}section-15.5.2`;
const ATTRIBUTES_LINK =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html';
const OWASP_LINK =
  'https://owasp.org/API-Security/editions/2023/en/0xa3-broken-object-property-level-authorization/';

function withoutCredentials(request: CaseRequest): CaseRequest {
  return { ...request, credentials: 'none' };
}

function get(path: string): CaseRequest {
  return { method: 'GET', path, origin: allowedOrigin };
}

const MISSING = rejection(401, 'MissingCredentials');

const credentialCases: readonly Case[] = [
  {
    name: 'Returns a readable 401 for a scan without credentials',
    link: CREDENTIALS_LINK,
    request: withoutCredentials(scan(TABLE.numbered)),
    expected: MISSING,
  },
  {
    name: 'Returns 401 before it validates the body',
    link: CREDENTIALS_LINK,
    request: withoutCredentials(post('not JSON')),
    expected: MISSING,
  },
  {
    name: 'Returns a readable 401 for invalid credentials',
    link: CREDENTIALS_LINK,
    request: { ...scan(TABLE.numbered), credentials: 'invalid' },
    expected: rejection(401, 'InvalidCredentials'),
  },
  {
    name: 'Sends a WWW-Authenticate that a web page can read',
    link: CREDENTIALS_LINK,
    needsDirectConnection: true,
    request: withoutCredentials(scan(TABLE.numbered)),
    expected: {
      ...MISSING,
      headers: { 'WWW-Authenticate': /\S/ },
      corsHeaders: { 'Access-Control-Expose-Headers': { has: ['WWW-Authenticate'] } },
    },
  },
  {
    name: 'A preflight needs no credentials',
    link: 'https://fetch.spec.whatwg.org/#cors-protocol-and-credentials',
    request: withoutCredentials(preflight()),
    expected: { status: 200, body: { kind: 'empty' }, scans: 0 },
  },
  {
    name: 'GET /healthz needs no credentials',
    link: CREDENTIALS_LINK,
    request: withoutCredentials(get('/healthz')),
    expected: { status: 200 },
  },
  ...['/readyz', '/openapi.json', `/tables/${TABLE.numbered}`, '/nothing'].map((path): Case => ({
    name: `GET ${path} without credentials returns 401`,
    link: CREDENTIALS_LINK,
    request: withoutCredentials(get(path)),
    expected: MISSING,
  })),
  {
    name: 'Sends the rate limit with every response',
    link: 'https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/',
    request: scan(TABLE.numbered),
    expected: {
      status: 200,
      headers: { RateLimit: /; ?r=\d+/, 'RateLimit-Policy': /; ?q=\d+/ },
      corsHeaders: { 'Access-Control-Expose-Headers': { has: ['RateLimit', 'RateLimit-Policy'] } },
    },
  },
];

/** The attribute `n` is hidden. */
const HIDDEN_ATTRIBUTE_REQUESTS: readonly [description: string, parameters: object][] = [
  ['a projection', { ProjectionExpression: 'id, n' }],
  [
    'a projection with a placeholder',
    { ProjectionExpression: '#a', ExpressionAttributeNames: { '#a': 'n' } },
  ],
  ['a projection of a nested attribute', { ProjectionExpression: 'n.id' }],
  ['a filter', { FilterExpression: 'n > :a', ExpressionAttributeValues: { ':a': 1 } }],
  [
    'a filter with a placeholder',
    {
      FilterExpression: 'id = :a OR #a = :a',
      ExpressionAttributeNames: { '#a': 'n' },
      ExpressionAttributeValues: { ':a': 1 },
    },
  ],
  ['a filter with a function', { FilterExpression: 'attribute_exists(n)' }],
  ['a filter with size', { FilterExpression: 'size(n) > :a', ExpressionAttributeValues: { ':a': 1 } }],
  ['a count', { Select: 'COUNT', FilterExpression: 'n > :a', ExpressionAttributeValues: { ':a': 1 } }],
  ['ExclusiveStartKey', { ExclusiveStartKey: { n: 1 } }],
];

const attributeCases: readonly Case[] = [
  {
    name: 'Returns only visible attributes for Select ALL_ATTRIBUTES',
    link: OWASP_LINK,
    request: scan(TABLE.numbered, { Select: 'ALL_ATTRIBUTES', Limit: 1 }),
    expected: json('{"Items":[{"id":"r0"}],"Count":1,"ScannedCount":1,"NextToken":"-"}', 'NextToken'),
  },
  ...HIDDEN_ATTRIBUTE_REQUESTS.map(([description, parameters]): Case => ({
    name: `Returns 400 for ${description} that names a hidden attribute`,
    link: ATTRIBUTES_LINK,
    request: scan(TABLE.numbered, parameters),
    expected: rejection(400, 'AttributeNotVisible'),
  })),
];

const CONTINUE: Step = {
  request: {
    ...post(''),
    body: (previous) => {
      const { NextToken } = JSON.parse(previous.body.toString()) as { NextToken?: string };
      return JSON.stringify({ TableName: TABLE.numbered, Limit: 2, StartingToken: NextToken });
    },
  },
  expected: json(
    '{"Items":[{"id":"r2"},{"id":"r3"}],"Count":2,"ScannedCount":2,"NextToken":"-"}',
    'NextToken',
  ),
};

const itemCases: readonly Case[] = [
  {
    name: 'Limit returns NextToken in place of a key, which may be that of a hidden item',
    link: OWASP_LINK,
    request: scan(TABLE.numbered, { Limit: 2 }),
    expected: json(
      '{"Items":[{"id":"r0"},{"id":"r1"}],"Count":2,"ScannedCount":2,"NextToken":"-"}',
      'NextToken',
    ),
    then: [CONTINUE],
  },
  {
    name: 'Returns 400 for a StartingToken that was changed',
    link: OWASP_LINK,
    request: scan(TABLE.numbered, { Limit: 2 }),
    expected: { status: 200 },
    then: [
      {
        request: {
          ...post(''),
          body: (previous) => {
            const { NextToken = '' } = JSON.parse(previous.body.toString()) as { NextToken?: string };
            const changed = `${NextToken.slice(0, -2)}${NextToken.endsWith('AA') ? 'BB' : 'AA'}`;
            return JSON.stringify({ TableName: TABLE.numbered, Limit: 2, StartingToken: changed });
          },
        },
        expected: rejection(400, 'InvalidStartingToken'),
      },
    ],
  },
  {
    name: 'Returns 400 for ExclusiveStartKey, which could be the key of a hidden item',
    link: OWASP_LINK,
    request: scan(TABLE.numbered, { ExclusiveStartKey: { id: 'r3' } }),
    expected: rejection(400, 'InvalidRequest', 'ExclusiveStartKey'),
  },
  ...['id = :a) OR (id <> :a', 'id = :a) OR id <> :a', ') OR (id <> :a', '(id = :a', 'id = :a)'].map(
    (FilterExpression): Case => ({
      name: `Returns 400 for the filter "${FilterExpression}", which would end the server's own condition`,
      link: OWASP_LINK,
      request: scan(TABLE.numbered, { FilterExpression, ExpressionAttributeValues: { ':a': 'r1' } }),
      expected: rejection(400, 'InvalidRequest', 'FilterExpression'),
    }),
  ),
  {
    name: 'Does not send the estimated number of items, which would count hidden ones',
    link: OWASP_LINK,
    request: scan(TABLE.numbered),
    expected: { status: 200, headers: { 'X-Item-Count-Estimate': null } },
  },
];

const hostCases: readonly Case[] = [
  'evil.example',
  'localhost.evil.example:3000',
  '127.0.0.1.evil.example',
].map((host): Case => ({
  name: `Returns a readable 403 for the host ${host} on a loopback address`,
  link: 'https://owasp.org/www-community/attacks/DNS_Rebinding',
  needsDirectConnection: true,
  request: scan(TABLE.numbered, {}, ['Host', host]),
  expected: { ...problem(403, 'HostNotAllowed'), scans: 0 },
}));

/** For a server with the settings of `protectedEnvironment`. */
export const PROTECTION_CASES: readonly Case[] = [
  ...credentialCases,
  ...attributeCases,
  ...itemCases,
  ...queryProtectionCases,
  ...tableProtectionCases,
  ...hostCases,
].map((contractCase) => ({ ...contractCase, topic: 'Protection', needsFixtures: true }));
