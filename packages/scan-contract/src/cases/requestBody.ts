/** Request body cases: content type, encoding, syntax and size. Data. */
import { gzipSync } from 'node:zlib';
import type { Case, Expected } from '../case';
import { ALL_TYPES, plainResponse } from '../fixtures/items';
import { json, ONE_ITEM, post, postRaw, problem, rejection, RFC8259, RFC9110, RFC9457 } from './builders';

const UNSUPPORTED: Expected = rejection(415, 'UnsupportedMediaType', 'application/json');
const INVALID_JSON: Expected = rejection(400, 'InvalidJson');
const SUCCESS: Expected = { status: 200 };
const TYPE_LINK = `${RFC9110}section-15.5.16`;
const ALL_ITEMS = json(plainResponse(ALL_TYPES));

/** Maximum body size. */
const MAX_BODY_BYTES = 262_144;

/** Bodies that are not valid JSON. */
const INVALID_BODIES: readonly [description: string, body: string | Buffer][] = [
  ['that ends in the middle', '{"Limit":'],
  ['of only white space', ' \n'],
  ['with single quotes', "{'Limit':1}"],
  ['with a trailing comma', '{"Limit":1,}'],
  ['with NaN', '{"Limit":NaN}'],
  ['with a comment', '{"Limit":1} // one'],
  ['of two JSON values', '{}{}'],
  ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['in UTF-16', Buffer.from(ONE_ITEM, 'utf16le')],
];

export const requestBodyCases: readonly Case[] = [
  {
    name: 'Returns all items of the default table without a body',
    link: `${RFC9110}section-9.3.3`,
    needsFixtures: true,
    request: postRaw(undefined),
    expected: { ...ALL_ITEMS, scans: 1 },
  },
  {
    name: 'Ignores the Content-Type of an empty body',
    link: `${RFC9110}section-8.3`,
    needsFixtures: true,
    request: postRaw(undefined, ['Content-Type', 'text/plain']),
    expected: ALL_ITEMS,
  },
  {
    name: 'Returns all items of the default table for an empty object',
    link: `${RFC8259}section-4`,
    needsFixtures: true,
    request: post('{}'),
    expected: ALL_ITEMS,
  },
  ...['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="UTF-8"'].map(
    (type): Case => ({
      name: `Accepts a JSON body with Content-Type ${type}`,
      link: `${RFC9110}section-8.3.1`,
      request: postRaw(ONE_ITEM, ['Content-Type', type]),
      expected: SUCCESS,
    }),
  ),
  ...[
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/vnd.api+json',
    'application/jsonx',
    'json',
  ].map((type): Case => ({
    name: `Returns 415 for a body with Content-Type ${type} and does not read from DynamoDB`,
    link: TYPE_LINK,
    request: postRaw(ONE_ITEM, ['Content-Type', type]),
    expected: UNSUPPORTED,
  })),
  {
    name: 'Returns 415 for a body without Content-Type and does not read from DynamoDB',
    link: TYPE_LINK,
    request: postRaw(ONE_ITEM),
    expected: UNSUPPORTED,
  },
  ...INVALID_BODIES.map(([description, body]): Case => ({
    name: `Returns 400 for a body ${description}`,
    link: `${RFC8259}section-2`,
    request: post(body),
    expected: INVALID_JSON,
  })),
  {
    name: 'Returns 400 for a parameter that appears twice with different values',
    link: `${RFC8259}section-4`,
    request: post('{"Limit":1,"Limit":2}'),
    expected: INVALID_JSON,
  },
  {
    name: 'Ignores a byte order mark before the JSON',
    link: `${RFC8259}section-8.1`,
    request: post(`\u{feff}${ONE_ITEM}`),
    expected: SUCCESS,
  },
  ...['[]', 'null', '"Limit"', '1', 'true'].map((body): Case => ({
    name: `Returns 400 for the JSON ${body}, which is not an object`,
    link: `${RFC8259}section-4`,
    request: post(body),
    expected: rejection(400, 'InvalidRequest', 'object'),
  })),
  {
    name: 'Accepts a gzip body',
    link: `${RFC9110}section-8.4`,
    request: post(gzipSync(ONE_ITEM), ['Content-Encoding', 'gzip']),
    expected: SUCCESS,
  },
  {
    name: 'Returns 400 for a Content-Encoding of gzip with a body that is not gzip',
    link: `${RFC9110}section-8.4`,
    request: post(ONE_ITEM, ['Content-Encoding', 'gzip']),
    expected: rejection(400, 'InvalidBody'),
  },
  {
    name: 'Returns 415 for an unknown Content-Encoding',
    link: `${RFC9110}section-8.4`,
    request: post(ONE_ITEM, ['Content-Encoding', 'x-unknown']),
    expected: rejection(415, 'UnsupportedContentEncoding'),
  },
  {
    name: 'Accepts a body of the maximum size',
    link: `${RFC9110}section-15.5.14`,
    request: post(ONE_ITEM.padEnd(MAX_BODY_BYTES)),
    expected: SUCCESS,
  },
  {
    name: 'Returns 413 for a body one byte over the maximum size',
    link: `${RFC9110}section-15.5.14`,
    request: post(ONE_ITEM.padEnd(MAX_BODY_BYTES + 1)),
    expected: rejection(413, 'BodyTooLarge', String(MAX_BODY_BYTES)),
  },
  {
    name: 'Returns 413 for a small gzip body that is too large when decompressed',
    link: `${RFC9110}section-15.5.14`,
    request: post(gzipSync(ONE_ITEM.padEnd(2 * MAX_BODY_BYTES)), ['Content-Encoding', 'gzip']),
    expected: rejection(413, 'BodyTooLarge'),
  },
  {
    name: 'Returns problems as JSON regardless of the requested format',
    link: RFC9457,
    request: post('not JSON', ['Accept', 'text/csv']),
    expected: problem(400, 'InvalidJson'),
  },
];
