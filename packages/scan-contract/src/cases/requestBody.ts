/** The request body as bytes: its type, its encoding, its size. Data. */
import { gzipSync } from 'node:zlib';
import type { Case, Expected } from '../case';
import { RECORDS, plainAnswer } from '../fixtures/records';
import { json, ONE, post, postPlain, problem, refusal, RFC8259, RFC9110, RFC9457 } from './making';

const UNSUPPORTED: Expected = refusal(415, 'UnsupportedMediaType', 'application/json');
const NO_JSON: Expected = refusal(400, 'InvalidJson');
const SERVED: Expected = { status: 200 };
const TYPE_LINK = `${RFC9110}section-15.5.16`;
const EVERYTHING = json(plainAnswer(RECORDS));

/** Bytes of the largest body that is read. */
const BODY_LIMIT = 262_144;

/** Bodies of JSON that are none, or are no request. */
const NOT_JSON: readonly [what: string, body: string | Buffer][] = [
  ['that ends in the middle', '{"Limit":'],
  ['of white space alone', ' \n'],
  ['with single quotes', "{'Limit':1}"],
  ['with a trailing comma', '{"Limit":1,}'],
  ['with NaN', '{"Limit":NaN}'],
  ['with a comment', '{"Limit":1} // one'],
  ['of two values', '{}{}'],
  ['that is not UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
  ['in UTF-16', Buffer.from(ONE, 'utf16le')],
];

export const requestBodyCases: readonly Case[] = [
  {
    name: 'No body asks for every record of the default table',
    link: `${RFC9110}section-9.3.3`,
    needsFixtures: true,
    request: postPlain(undefined),
    expected: { ...EVERYTHING, scans: 1 },
  },
  {
    name: 'No body asks for the same whatever its Content-Type, as form data without fields',
    link: `${RFC9110}section-8.3`,
    needsFixtures: true,
    request: postPlain(undefined, ['Content-Type', 'text/plain']),
    expected: EVERYTHING,
  },
  {
    name: 'An empty object asks for every record of the default table',
    link: `${RFC8259}section-4`,
    needsFixtures: true,
    request: post('{}'),
    expected: EVERYTHING,
  },
  ...['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/json;charset="UTF-8"'].map(
    (type): Case => ({
      name: `A body with Content-Type ${type} is JSON`,
      link: `${RFC9110}section-8.3.1`,
      request: postPlain(ONE, ['Content-Type', type]),
      expected: SERVED,
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
    name: `A body with Content-Type ${type} is 415 and costs no read`,
    link: TYPE_LINK,
    request: postPlain(ONE, ['Content-Type', type]),
    expected: UNSUPPORTED,
  })),
  {
    name: 'A body without Content-Type is 415 and costs no read',
    link: TYPE_LINK,
    request: postPlain(ONE),
    expected: UNSUPPORTED,
  },
  ...NOT_JSON.map(([what, body]): Case => ({
    name: `A body ${what} is 400`,
    link: `${RFC8259}section-2`,
    request: post(body),
    expected: NO_JSON,
  })),
  {
    name: 'A member that comes twice with two values is 400, for nobody can say which is meant',
    link: `${RFC8259}section-4`,
    request: post('{"Limit":1,"Limit":2}'),
    expected: NO_JSON,
  },
  {
    name: 'A byte order mark before the JSON is passed over',
    link: `${RFC8259}section-8.1`,
    request: post(`\u{feff}${ONE}`),
    expected: SERVED,
  },
  ...['[]', 'null', '"Limit"', '1', 'true'].map((body): Case => ({
    name: `The JSON ${body}, which is no object, is 400`,
    link: `${RFC8259}section-4`,
    request: post(body),
    expected: refusal(400, 'InvalidRequest', 'object'),
  })),
  {
    name: 'A body in gzip is read',
    link: `${RFC9110}section-8.4`,
    request: post(gzipSync(ONE), ['Content-Encoding', 'gzip']),
    expected: SERVED,
  },
  {
    name: 'A body that says gzip and is none is 400',
    link: `${RFC9110}section-8.4`,
    request: post(ONE, ['Content-Encoding', 'gzip']),
    expected: refusal(400, 'InvalidBody'),
  },
  {
    name: 'A body in an unknown encoding is 415',
    link: `${RFC9110}section-8.4`,
    request: post(ONE, ['Content-Encoding', 'x-unknown']),
    expected: refusal(415, 'UnsupportedContentEncoding'),
  },
  {
    name: 'The largest body that is read is read',
    link: `${RFC9110}section-15.5.14`,
    request: post(ONE.padEnd(BODY_LIMIT)),
    expected: SERVED,
  },
  {
    name: 'A body that is one byte larger is 413',
    link: `${RFC9110}section-15.5.14`,
    request: post(ONE.padEnd(BODY_LIMIT + 1)),
    expected: refusal(413, 'BodyTooLarge', String(BODY_LIMIT)),
  },
  {
    name: 'A small body in gzip that becomes too large is 413',
    link: `${RFC9110}section-15.5.14`,
    request: post(gzipSync(ONE.padEnd(2 * BODY_LIMIT)), ['Content-Encoding', 'gzip']),
    expected: refusal(413, 'BodyTooLarge'),
  },
  {
    name: 'A problem is JSON whatever format the records would have had',
    link: RFC9457,
    request: post('not JSON', ['Accept', 'text/csv']),
    expected: problem(400, 'InvalidJson'),
  },
];
