/** GET and HEAD cases: a query string in place of a body, and no reads for web pages without access. Data. */
import type { Case, CaseRequest, Expected } from '../case';
import { NUMBERED, plainResponse } from '../fixtures/items';
import { TABLE } from '../fixtures/tables';
import type { RequestHeader } from '../http';
import { allowedOrigin } from '../policy';
import { json, PATH, PREFLIGHT, preflight, rejection, RFC9110, SCAN_API } from './builders';

const URL_LINK = 'https://url.spec.whatwg.org/#application/x-www-form-urlencoded';
const METADATA = 'https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header';
const DISPOSITION = 'https://www.rfc-editor.org/rfc/rfc6266#section-4.3';

/** A GET without an Origin: of a program, or of a browser for which CORS plays no role. */
function get(parameters: Readonly<Record<string, string>>, ...headers: RequestHeader[]): CaseRequest {
  const query = new URLSearchParams(parameters).toString();
  return { method: 'GET', path: `${PATH}?${query}`, headers };
}

function getNumbered(parameters: Readonly<Record<string, string>>, ...headers: RequestHeader[]): CaseRequest {
  return get({ TableName: TABLE.numbered, ...parameters }, ...headers);
}

function numbered(from: number, to: number, rest = ''): Expected {
  return json(plainResponse(NUMBERED.slice(from, to), rest));
}

const FORMATS: readonly [name: string, type: RegExp, text: string][] = [
  ['json', /^application\/json\b/, '{"Items":[{"id":"r9","n":9}],"Count":1,"ScannedCount":1}'],
  ['ndjson', /^application\/x-ndjson\b/, '{"id":"r9","n":9}\n'],
  ['csv', /^text\/csv; ?charset=utf-8\b/, 'id,n\nr9,9\n'],
  [
    'typed',
    /^application\/x-amz-json-1\.0\b/,
    '{"Items":[{"id":{"S":"r9"},"n":{"N":"9"}}],"Count":1,"ScannedCount":1}',
  ],
];

const LAST_ITEM = { ExclusiveStartKey: '{"id":"r8"}' };

const FILE_NAMES: readonly [download: string, disposition: string][] = [
  ['quakes', 'attachment; filename="quakes.json"'],
  ['quakes.json', 'attachment; filename="quakes.json"'],
  ['', `attachment; filename="${TABLE.numbered}.json"`],
  ['../../etc/passwd', 'attachment; filename="_.._etc_passwd.json"'],
  ['setup.exe', 'attachment; filename="setup.exe.json"'],
  ['a"; b="c', 'attachment; filename="a_; b=_c.json"'],
  ['a\r\nSet-Cookie: b', 'attachment; filename="a__Set-Cookie_ b.json"'],
  ['Übung 100%', `attachment; filename="_bung 100_.json"; filename*=UTF-8''%C3%9Cbung%20100%25.json`],
];

const parameterCases: readonly Case[] = [
  {
    name: 'GET returns all items, as POST does',
    link: SCAN_API,
    needsFixtures: true,
    request: getNumbered({}),
    expected: { ...numbered(0, 10), scans: 1 },
  },
  {
    name: 'GET takes numbers as they are, and structured values as JSON',
    link: URL_LINK,
    needsFixtures: true,
    request: getNumbered({ Limit: '2', ExclusiveStartKey: '{"id":"r3"}', ConsistentRead: 'false' }),
    expected: numbered(4, 6, ',"LastEvaluatedKey":{"id":"r5"}'),
  },
  {
    name: 'GET takes a key condition, and passes values to DynamoDB with all digits',
    link: URL_LINK,
    needsFixtures: true,
    request: get({
      TableName: TABLE.echo,
      KeyConditionExpression: 'n = :n',
      ScanIndexForward: 'false',
      ExpressionAttributeValues: '{":n":12345678901234567890123456789012345678}',
    }),
    expected: json(
      '{"Items":[{"id":"echo","KeyConditionExpression":"n = :n","ScanIndexForward":false,"values":{":n":12345678901234567890123456789012345678}}],"Count":1,"ScannedCount":1}',
    ),
  },
  ...[
    ['an unknown parameter', '?Limit=1&api_key=x', 'api_key'],
    ['a parameter that is given twice', '?Limit=1&Limit=2', 'Limit'],
    ['a number that is none', '?Limit=many', 'Limit', 'whole number', 'many'],
    ['an unknown format', '?Limit=1&format=xml', 'format', 'csv', 'xml'],
    ['a structured value that is not JSON', '?ExclusiveStartKey=id', 'ExclusiveStartKey', 'object'],
    ['a byte order mark in JSON', '?Limit=1&bom=1', 'bom', 'csv'],
  ].map(([description = '', query = '', ...mentions]): Case => ({
    name: `GET returns 400 for ${description} and names it`,
    link: URL_LINK,
    request: { method: 'GET', path: `${PATH}${query}` },
    expected: rejection(400, 'InvalidRequest', ...mentions),
  })),
  {
    name: 'GET returns 400 for a request with a body, whose parameters would be ignored',
    link: `${RFC9110}section-9.3.1`,
    request: {
      method: 'GET',
      path: PATH,
      headers: [['Content-Type', 'application/json']],
      body: '{"Limit":1}',
    },
    expected: rejection(400, 'InvalidRequest', 'POST'),
  },
];

const formatCases: readonly Case[] = [
  ...FORMATS.map(([format, type, text]): Case => ({
    name: `GET with format=${format} returns that format, whatever Accept says`,
    link: `${RFC9110}section-12.1`,
    needsFixtures: true,
    request: getNumbered({ ...LAST_ITEM, format }, ['Accept', 'image/png']),
    expected: { status: 200, headers: { 'Content-Type': type }, body: { kind: 'text', text } },
  })),
  {
    name: 'GET of a browser, which prefers HTML, returns JSON',
    link: `${RFC9110}section-12.5.1`,
    needsFixtures: true,
    request: getNumbered(LAST_ITEM, ['Accept', 'text/html,application/xhtml+xml,*/*;q=0.8']),
    expected: numbered(9, 10),
  },
  {
    name: 'CSV with bom=1 begins with a byte order mark',
    link: 'https://www.unicode.org/faq/utf_bom.html#bom5',
    needsFixtures: true,
    request: getNumbered({ ...LAST_ITEM, format: 'csv', bom: '1' }),
    expected: { status: 200, body: { kind: 'text', text: '\uFEFFid,n\nr9,9\n' } },
  },
  {
    name: 'CSV of an empty result has a header line if the columns are requested',
    link: 'https://www.rfc-editor.org/rfc/rfc4180#section-2',
    needsFixtures: true,
    request: get({ TableName: TABLE.empty, format: 'csv', ProjectionExpression: 'n, id' }),
    expected: { status: 200, body: { kind: 'text', text: 'n,id\n' } },
  },
  ...FILE_NAMES.map(([download, disposition]): Case => ({
    name: `GET with download=${JSON.stringify(download)} names the file ${disposition}`,
    link: DISPOSITION,
    needsFixtures: true,
    request: getNumbered({ Limit: '1', download }),
    expected: { status: 200, headers: { 'Content-Disposition': disposition } },
  })),
];

const headCases: readonly Case[] = [
  {
    name: 'HEAD returns the headers of GET without a read',
    link: `${RFC9110}section-9.3.2`,
    needsFixtures: true,
    request: { ...getNumbered({ format: 'csv', download: 'a' }), method: 'HEAD' },
    expected: {
      status: 200,
      headers: {
        'Content-Type': /^text\/csv\b/,
        'Content-Disposition': 'attachment; filename="a.csv"',
        'Content-Length': null,
      },
      body: { kind: 'empty' },
      scans: 0,
    },
  },
  {
    name: 'HEAD returns 400 for an invalid parameter',
    link: `${RFC9110}section-9.3.2`,
    request: { method: 'HEAD', path: `${PATH}?Limit=0` },
    expected: { status: 400, body: { kind: 'empty' }, scans: 0 },
  },
];

const SITES = ['none', 'same-origin', 'same-site', 'cross-site'];
const DESTINATIONS = ['document', 'iframe', 'image', 'script', 'style', 'empty'];

const ONE_ITEM = { Limit: '1' };
const SERVED: Expected = { status: 200, scans: 1 };
const FORGED: Expected = rejection(403, 'CrossOriginRead');

function metadata(site: string, destination: string, isByUser: boolean): RequestHeader[] {
  return [
    ['Sec-Fetch-Site', site],
    ['Sec-Fetch-Mode', ['document', 'iframe'].includes(destination) ? 'navigate' : 'no-cors'],
    ['Sec-Fetch-Dest', destination],
    ...(isByUser ? [['Sec-Fetch-User', '?1'] as const] : []),
  ];
}

const BROWSER = [
  'User-Agent',
  'Mozilla/5.0 (X11; Linux x86_64; rv:88.0) Gecko/20100101 Firefox/88.0',
] as const;

const forgeryCases: readonly Case[] = [
  ...SITES.flatMap((site) =>
    DESTINATIONS.flatMap((destination) =>
      [true, false].map((isByUser): Case => {
        const isServed = ['none', 'same-origin'].includes(site) || (isByUser && destination === 'document');
        return {
          name: `A GET from ${site} for ${destination}${isByUser ? ' by the user' : ''} ${isServed ? 'is served' : 'returns 403 without a read'}`,
          link: METADATA,
          request: get(ONE_ITEM, BROWSER, ...metadata(site, destination, isByUser)),
          expected: isServed ? SERVED : FORGED,
        };
      }),
    ),
  ),
  ...['none, cross-site', 'NONE', 'x'].map((site): Case => ({
    name: `A GET with the invalid Sec-Fetch-Site "${site}" returns 403`,
    link: METADATA,
    request: get(ONE_ITEM, ['Sec-Fetch-Site', site]),
    expected: FORGED,
  })),
  {
    name: 'A GET of a program, without Sec-Fetch-Site, is served',
    link: METADATA,
    request: get(ONE_ITEM, ['User-Agent', 'curl/8.5.0']),
    expected: SERVED,
  },
  {
    name: 'A GET of a browser without Sec-Fetch-Site returns 403',
    link: METADATA,
    request: get(ONE_ITEM, BROWSER),
    expected: FORGED,
  },
  ...['same-site', 'cross-site'].map((site): Case => ({
    name: `A GET by fetch from ${site} is served if its origin is allowed`,
    link: METADATA,
    request: { ...get(ONE_ITEM, BROWSER, ...metadata(site, 'empty', false)), origin: allowedOrigin },
    expected: SERVED,
  })),
  {
    name: 'A GET by fetch returns 403 if its origin is not allowed',
    link: METADATA,
    request: {
      ...get(ONE_ITEM, BROWSER, ...metadata('cross-site', 'empty', false)),
      origin: 'https://not-listed.example',
    },
    expected: SERVED,
    whenOriginRejected: rejection(403, 'OriginNotAllowed'),
  },
  {
    name: 'A HEAD from cross-site returns 403',
    link: METADATA,
    request: { ...get(ONE_ITEM, BROWSER, ...metadata('cross-site', 'image', false)), method: 'HEAD' },
    expected: { status: 403, body: { kind: 'empty' }, scans: 0 },
  },
  {
    name: 'A preflight for a GET with X-Api-Key passes, because GET needs no entry in the list of methods',
    link: 'https://fetch.spec.whatwg.org/#cors-preflight-fetch-0',
    request: {
      ...preflight(),
      headers: [
        ['Access-Control-Request-Method', 'GET'],
        ['Access-Control-Request-Headers', 'x-api-key'],
      ],
    },
    expected: PREFLIGHT,
  },
];

export const getCases: readonly Case[] = [...parameterCases, ...formatCases, ...headCases, ...forgeryCases];
