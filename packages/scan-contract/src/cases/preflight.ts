/** Preflight cases: the status is always 200 and DynamoDB is never read. Data. */
import type { Case } from '../case';
import { allowedOrigin } from '../policy';
import {
  FETCH,
  ONE_ITEM,
  PATH,
  PREFLIGHT,
  ANY_PATH_PREFLIGHT,
  preflight,
  RFC9110,
  ALLOWED_HEADERS,
} from './builders';

const PREFLIGHT_LINK = `${FETCH}cors-preflight-fetch`;
const STRANGER = 'https://stranger.example';

export const preflightCases: readonly Case[] = [
  {
    name: 'A preflight returns 200 without a body and with the policy in its headers',
    link: PREFLIGHT_LINK,
    request: preflight(),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that requests Content-Type lists it as allowed',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(allowedOrigin, [['Access-Control-Request-Headers', 'content-type']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that requests every allowed header lists all of them',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(allowedOrigin, [
      [
        'Access-Control-Request-Headers',
        ALLOWED_HEADERS.map((name) => name.toLowerCase())
          .sort()
          .join(),
      ],
    ]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight accepts header names in unusual case and with spaces',
    link: `${RFC9110}section-5.1`,
    request: preflight(allowedOrigin, [['aCCess-control-REQUEST-headers', ' X-API-KEY ,  authorization']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight accepts two Access-Control-Request-Headers lines',
    link: `${RFC9110}section-5.2`,
    request: preflight(allowedOrigin, [
      ['Access-Control-Request-Headers', 'authorization'],
      ['Access-Control-Request-Headers', 'content-type'],
    ]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that requests an unlisted header returns 200 and does not list it',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(allowedOrigin, [['Access-Control-Request-Headers', 'content-type,x-unlisted']]),
    expected: {
      ...PREFLIGHT,
      corsHeaders: {
        ...PREFLIGHT.corsHeaders,
        'Access-Control-Allow-Headers': { has: ALLOWED_HEADERS, hasNot: ['x-unlisted', '*'] },
      },
    },
  },
  {
    name: 'A preflight accepts an empty Access-Control-Request-Headers',
    link: `${FETCH}cors-preflight-fetch-0`,
    request: preflight(allowedOrigin, [['Access-Control-Request-Headers', '']]),
    expected: PREFLIGHT,
  },
  ...['DELETE', 'PUT', 'PATCH'].map((method): Case => ({
    name: `A preflight that requests ${method} returns 200 and does not list it`,
    link: `${FETCH}http-access-control-allow-methods`,
    request: {
      method: 'OPTIONS',
      path: PATH,
      origin: allowedOrigin,
      headers: [['Access-Control-Request-Method', method]],
    },
    expected: PREFLIGHT,
  })),
  {
    name: 'A preflight that requests an unknown method returns 200',
    link: PREFLIGHT_LINK,
    request: {
      method: 'OPTIONS',
      path: PATH,
      origin: allowedOrigin,
      headers: [['Access-Control-Request-Method', 'post']],
    },
    expected: PREFLIGHT,
  },
  {
    name: 'OPTIONS without Access-Control-Request-Method returns 200 with the allowed methods',
    link: `${RFC9110}section-9.3.7`,
    request: { method: 'OPTIONS', path: PATH, origin: allowedOrigin },
    expected: { ...PREFLIGHT, corsHeaders: {} },
  },
  {
    name: 'OPTIONS without Origin, as curl sends it, returns 200 with the allowed methods',
    link: `${RFC9110}section-9.3.7`,
    request: { method: 'OPTIONS', path: PATH },
    expected: { ...PREFLIGHT, corsHeaders: {} },
  },
  {
    name: 'A preflight ignores its body',
    link: `${RFC9110}section-9.3.7`,
    request: {
      ...preflight(allowedOrigin, [['Content-Type', 'application/json']]),
      body: ONE_ITEM,
    },
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight ignores invalid credentials',
    link: `${FETCH}cors-preflight-fetch`,
    request: preflight(allowedOrigin, [
      ['Authorization', 'Bearer wrong'],
      ['X-Api-Key', 'wrong'],
    ]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight ignores its query string',
    link: PREFLIGHT_LINK,
    request: preflight(allowedOrigin, [], `${PATH}?a=1&a=2`),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that accepts none of the formats returns 200',
    link: PREFLIGHT_LINK,
    request: preflight(allowedOrigin, [['Accept', 'image/png']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight for private network access returns 200 and does not grant access',
    link: 'https://wicg.github.io/private-network-access/#cors-preflight',
    request: preflight(allowedOrigin, [['Access-Control-Request-Private-Network', 'true']]),
    expected: {
      ...PREFLIGHT,
      headers: { ...PREFLIGHT.headers, 'Access-Control-Allow-Private-Network': null },
    },
  },
  {
    name: 'A preflight from an origin that is not listed returns the same 200',
    link: `${FETCH}cors-check`,
    request: preflight(STRANGER, [['Access-Control-Request-Headers', 'content-type']]),
    expected: PREFLIGHT,
  },
  ...['/', '/nothing/here', `${PATH}/x`].map((path): Case => ({
    name: `A preflight of the unknown path ${path} returns 200, so that the web page can read the 404`,
    link: PREFLIGHT_LINK,
    request: preflight(allowedOrigin, [], path),
    expected: ANY_PATH_PREFLIGHT,
  })),
];
