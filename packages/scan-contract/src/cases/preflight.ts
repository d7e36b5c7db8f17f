/** Preflights: always 200, whatever they ask for, and never a call to DynamoDB. Data. */
import type { Case } from '../case';
import { listed } from '../policy';
import { FETCH, ONE, PATH, PREFLIGHT, PREFLIGHT_PASSES, preflight, RFC9110, ALLOWED_HEADERS } from './making';

const PREFLIGHT_LINK = `${FETCH}cors-preflight-fetch`;
const STRANGER = 'https://stranger.example';

export const preflightCases: readonly Case[] = [
  {
    name: 'A preflight is answered with 200, no body, and what the policy allows',
    link: PREFLIGHT_LINK,
    request: preflight(),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that asks for Content-Type lists it as allowed',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(listed, [['Access-Control-Request-Headers', 'content-type']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that asks for every allowed header lists them all',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(listed, [
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
    name: 'A preflight that asks for a header in odd case and with spaces passes all the same',
    link: `${RFC9110}section-5.1`,
    request: preflight(listed, [['aCCess-control-REQUEST-headers', ' X-API-KEY ,  authorization']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight whose list of headers is sent in two lines passes',
    link: `${RFC9110}section-5.2`,
    request: preflight(listed, [
      ['Access-Control-Request-Headers', 'authorization'],
      ['Access-Control-Request-Headers', 'content-type'],
    ]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that asks for an unlisted header is 200, and does not list it',
    link: `${FETCH}http-access-control-allow-headers`,
    request: preflight(listed, [['Access-Control-Request-Headers', 'content-type,x-unlisted']]),
    expected: {
      ...PREFLIGHT,
      corsHeaders: {
        ...PREFLIGHT.corsHeaders,
        'Access-Control-Allow-Headers': { has: ALLOWED_HEADERS, hasNot: ['x-unlisted', '*'] },
      },
    },
  },
  {
    name: 'A preflight that asks for an empty list of headers passes',
    link: `${FETCH}cors-preflight-fetch-0`,
    request: preflight(listed, [['Access-Control-Request-Headers', '']]),
    expected: PREFLIGHT,
  },
  ...['DELETE', 'PUT', 'PATCH'].map((method): Case => ({
    name: `A preflight that asks for ${method} is 200, and does not list it`,
    link: `${FETCH}http-access-control-allow-methods`,
    request: {
      method: 'OPTIONS',
      path: PATH,
      origin: listed,
      headers: [['Access-Control-Request-Method', method]],
    },
    expected: PREFLIGHT,
  })),
  {
    name: 'A preflight that asks for a method that is none is 200',
    link: PREFLIGHT_LINK,
    request: {
      method: 'OPTIONS',
      path: PATH,
      origin: listed,
      headers: [['Access-Control-Request-Method', 'post']],
    },
    expected: PREFLIGHT,
  },
  {
    name: 'OPTIONS without Access-Control-Request-Method is 200 and says what the path takes',
    link: `${RFC9110}section-9.3.7`,
    request: { method: 'OPTIONS', path: PATH, origin: listed },
    expected: { ...PREFLIGHT, corsHeaders: {} },
  },
  {
    name: 'OPTIONS without Origin, as curl sends it, is 200 and says what the path takes',
    link: `${RFC9110}section-9.3.7`,
    request: { method: 'OPTIONS', path: PATH },
    expected: { ...PREFLIGHT, corsHeaders: {} },
  },
  {
    name: 'A preflight with a body is answered like any other, and the body costs nothing',
    link: `${RFC9110}section-9.3.7`,
    request: {
      ...preflight(listed, [['Content-Type', 'application/json']]),
      body: ONE,
    },
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight needs no credentials, and is not refused for wrong ones',
    link: `${FETCH}cors-preflight-fetch`,
    request: preflight(listed, [
      ['Authorization', 'Bearer wrong'],
      ['X-Api-Key', 'wrong'],
    ]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight with a query string is answered like any other',
    link: PREFLIGHT_LINK,
    request: preflight(listed, [], `${PATH}?a=1&a=2`),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight that accepts only what the server has not is 200',
    link: PREFLIGHT_LINK,
    request: preflight(listed, [['Accept', 'image/png']]),
    expected: PREFLIGHT,
  },
  {
    name: 'A preflight for private network access is 200, and grants none that is not configured',
    link: 'https://wicg.github.io/private-network-access/#cors-preflight',
    request: preflight(listed, [['Access-Control-Request-Private-Network', 'true']]),
    expected: {
      ...PREFLIGHT,
      headers: { ...PREFLIGHT.headers, 'Access-Control-Allow-Private-Network': null },
    },
  },
  {
    name: 'A preflight of an origin that the policy does not know is the same 200',
    link: `${FETCH}cors-check`,
    request: preflight(STRANGER, [['Access-Control-Request-Headers', 'content-type']]),
    expected: PREFLIGHT,
  },
  ...['/', '/nothing/here', `${PATH}/`, `${PATH}/x`].map((path): Case => ({
    name: `A preflight of ${path}, where nothing is, is 200, so that the page can read the 404`,
    link: PREFLIGHT_LINK,
    request: preflight(listed, [], path),
    expected: PREFLIGHT_PASSES,
  })),
];
