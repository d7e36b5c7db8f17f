/** Path and method cases: 404 for unknown paths and 405 for methods that are not allowed. Data. */
import type { Case } from '../case';
import { allowedOrigin } from '../policy';
import { METHOD_NOT_ALLOWED, ONE_ITEM, PATH, post, rejection, RFC9110 } from './builders';

const NOT_ALLOWED_LINK = `${RFC9110}section-15.5.6`;
const NOT_FOUND_LINK = `${RFC9110}section-15.5.5`;

export const pathAndMethodCases: readonly Case[] = [
  ...['PUT', 'PATCH', 'DELETE'].map((method): Case => ({
    name: `${method} /scanRecords returns 405 with the allowed methods`,
    link: NOT_ALLOWED_LINK,
    request: { method, path: PATH, origin: allowedOrigin },
    expected: METHOD_NOT_ALLOWED,
  })),
  {
    name: 'PUT /scanRecords returns 405 before it validates the body',
    link: NOT_ALLOWED_LINK,
    request: { ...post('not JSON'), method: 'PUT' },
    expected: METHOD_NOT_ALLOWED,
  },
  // A slash at the end is not tried, because API Gateway ignores it.
  ...['/', '/nothing/here', '/scanrecords', `${PATH}/x`, '/nothing?path=/scanRecords'].map((path): Case => ({
    name: `POST ${path} returns 404`,
    link: NOT_FOUND_LINK,
    request: { ...post(ONE_ITEM), path },
    expected: rejection(404, 'NotFound'),
  })),
  {
    name: 'GET of an unknown path returns 404',
    link: NOT_FOUND_LINK,
    request: { method: 'GET', path: '/nothing', origin: allowedOrigin },
    expected: rejection(404, 'NotFound'),
  },
  {
    name: 'OPTIONS of an unknown path returns 404 if it is not a preflight',
    link: NOT_FOUND_LINK,
    request: { method: 'OPTIONS', path: '/nothing', origin: allowedOrigin },
    expected: rejection(404, 'NotFound'),
  },
  {
    name: 'POST /scanRecords ignores the query string',
    link: 'https://www.rfc-editor.org/rfc/rfc3986#section-3.4',
    request: { ...post(ONE_ITEM), path: `${PATH}?a=1&a=2&b=%20%26&Limit=x` },
    expected: { status: 200 },
  },
  {
    name: 'A 404 response does not repeat the path, which may contain markup',
    link: 'https://owasp.org/www-community/attacks/xss/',
    request: { method: 'GET', path: '/%3Cscript%3Ealert(1)%3C/script%3E', origin: allowedOrigin },
    expected: {
      ...rejection(404, 'NotFound'),
      headers: { 'X-Content-Type-Options': 'nosniff' },
    },
  },
];
