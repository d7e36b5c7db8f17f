/** Paths and methods: what there is, and what an answer says where there is nothing. Data. */
import type { Case } from '../case';
import { listed } from '../policy';
import { METHOD_NOT_ALLOWED, ONE, PATH, post, refusal, RFC9110 } from './making';

const NOT_ALLOWED_LINK = `${RFC9110}section-15.5.6`;
const NOT_FOUND_LINK = `${RFC9110}section-15.5.5`;

export const pathAndMethodCases: readonly Case[] = [
  ...['GET', 'PUT', 'PATCH', 'DELETE'].map((method): Case => ({
    name: `${method} on the path of the records is 405 and says what the path takes`,
    link: NOT_ALLOWED_LINK,
    request: { method, path: PATH, origin: listed },
    expected: METHOD_NOT_ALLOWED,
  })),
  {
    name: 'HEAD on the path of the records is 405, without a body',
    link: `${RFC9110}section-9.3.2`,
    request: { method: 'HEAD', path: PATH, origin: listed },
    expected: { status: 405, headers: METHOD_NOT_ALLOWED.headers ?? {}, body: { kind: 'empty' }, scans: 0 },
  },
  {
    name: 'PUT with a body that is no JSON is 405 too: the method comes first',
    link: NOT_ALLOWED_LINK,
    request: { ...post('not JSON'), method: 'PUT' },
    expected: METHOD_NOT_ALLOWED,
  },
  {
    name: 'GET with a query string is 405 and no simple way to cause reads',
    link: NOT_ALLOWED_LINK,
    request: { method: 'GET', path: `${PATH}?Limit=1`, origin: listed },
    expected: METHOD_NOT_ALLOWED,
  },
  ...['/', '/nothing/here', '/scanrecords', `${PATH}/`, `${PATH}/x`, '/nothing?path=/scanRecords'].map(
    (path): Case => ({
      name: `POST ${path}, where nothing is, is 404`,
      link: NOT_FOUND_LINK,
      request: { ...post(ONE), path },
      expected: refusal(404, 'NotFound'),
    }),
  ),
  {
    name: 'GET of a path where nothing is, is 404',
    link: NOT_FOUND_LINK,
    request: { method: 'GET', path: '/nothing', origin: listed },
    expected: refusal(404, 'NotFound'),
  },
  {
    name: 'OPTIONS that is no preflight, of a path where nothing is, is 404',
    link: NOT_FOUND_LINK,
    request: { method: 'OPTIONS', path: '/nothing', origin: listed },
    expected: refusal(404, 'NotFound'),
  },
  {
    name: 'A query string changes nothing',
    link: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.4',
    request: { ...post(ONE), path: `${PATH}?a=1&a=2&b=%20%26&Limit=x` },
    expected: { status: 200 },
  },
  {
    name: 'A 404 does not repeat the path, which may hold markup',
    link: 'https://owasp.org/www-community/attacks/xss/',
    request: { method: 'GET', path: '/%3Cscript%3Ealert(1)%3C/script%3E', origin: listed },
    expected: {
      ...refusal(404, 'NotFound'),
      headers: { 'X-Content-Type-Options': 'nosniff' },
    },
  },
];
