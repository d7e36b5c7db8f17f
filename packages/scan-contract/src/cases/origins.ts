/** Origin cases: origins that the policy allows, and similar ones that it must not allow. Data. */
import type { Case } from '../case';
import {
  fromPortWildcards,
  fromSubdomainWildcards,
  listedOrigins,
  lookalikes,
  type OriginsOf,
} from '../policy';
import { FETCH, ONE_ITEM, post, preflight, PREFLIGHT, ORIGIN_REJECTED } from './builders';

const LINK = `${FETCH}cors-check`;
const SERIALIZATION = 'https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin';

/** Origins, each sent with a POST and a preflight. The policy decides whether the origin is allowed. */
const ORIGINS: readonly [name: string, origin: string | OriginsOf, link?: string][] = [
  ['Allows every listed origin', listedOrigins],
  [
    'Allows a subdomain that matches a wildcard entry',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://a.${parent}`),
  ],
  [
    'Allows a nested subdomain that matches a wildcard entry',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://a.b-2.c.${parent}`),
  ],
  [
    'Treats the parent domain of a wildcard entry as a different origin',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://${parent}`),
  ],
  [
    'Treats a host that ends with the parent domain but is not its subdomain as a different origin',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://evil${parent}`),
  ],
  [
    'Treats a matching host with a further suffix as a different origin',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://a.${parent}.evil.example`),
  ],
  [
    'Treats a matching subdomain with a different port as a different origin',
    fromSubdomainWildcards((scheme, parent) => `${scheme}://a.${parent}:8443`),
  ],
  [
    'Treats a matching subdomain over http as a different origin',
    fromSubdomainWildcards((_, parent) => `http://a.${parent}`),
  ],
  [
    'Allows every port of an entry with a port wildcard',
    fromPortWildcards((scheme, host) => `${scheme}://${host}:49152`),
  ],
  [
    'Allows the default port of an entry with a port wildcard',
    fromPortWildcards((scheme, host) => `${scheme}://${host}`),
  ],
  [
    'Treats the host of a port wildcard with a further suffix as a different origin',
    fromPortWildcards((scheme, host) => `${scheme}://${host}.evil.example:49152`),
  ],
  [
    'Treats a host that only ends with that of a port wildcard as a different origin',
    fromPortWildcards((scheme, host) => `${scheme}://evil-${host}:49152`),
  ],
  [
    'Treats a port that is not a number as a different origin, although the entry has a port wildcard',
    fromPortWildcards((scheme, host) => `${scheme}://${host}:80.evil.example`),
  ],
  ['Rejects an origin that is not listed', 'https://stranger.example'],
  ['Rejects the origin null, which every sandboxed web page has', 'null', SERIALIZATION],
  [
    'Treats a listed host with a further suffix as a different origin',
    lookalikes((origin) => `${origin}.evil.example`),
  ],
  [
    'Treats a host that only ends with a listed one as a different origin',
    lookalikes((origin) => origin.replace('://', '://evil-')),
  ],
  [
    'Treats a subdomain of a listed origin as a different origin',
    lookalikes((origin) => origin.replace('://', '://sub.')),
  ],
  [
    'Treats a listed host with a different port as a different origin',
    lookalikes((origin) => `${origin.replace(/:\d+$/, '')}:8444`),
  ],
  [
    'Treats a listed host with a different scheme as a different origin',
    lookalikes((origin) =>
      origin.startsWith('https:') ? origin.replace('https:', 'http:') : origin.replace('http:', 'https:'),
    ),
  ],
  [
    'Treats a listed origin in upper case as a different origin',
    lookalikes((origin) => origin.toUpperCase()),
    SERIALIZATION,
  ],
  [
    'Treats a listed origin with a trailing slash as a different origin',
    lookalikes((origin) => `${origin}/`),
    SERIALIZATION,
  ],
  [
    'Treats a listed origin with user information as a different origin',
    lookalikes((origin) => origin.replace('://', '://user@')),
  ],
  [
    'Rejects a list of two origins',
    lookalikes((origin) => `${origin} https://stranger.example`),
    SERIALIZATION,
  ],
  [
    'Treats a listed origin with a dot in place of a letter as a different origin',
    lookalikes((origin) => origin.replace(/e(?=[^e]*$)/, '.')),
  ],
];

export const originCases: readonly Case[] = [
  ...ORIGINS.map(([name, origin, link = LINK]): Case => ({
    name,
    link,
    request: { ...post(ONE_ITEM), origin },
    expected: {
      status: 200,
      corsHeaders: {
        'Access-Control-Expose-Headers': { has: ['Retry-After', 'X-Next-Token', 'X-Last-Evaluated-Key'] },
      },
    },
    whenOriginRejected: ORIGIN_REJECTED,
  })),
  ...ORIGINS.map(([name, origin, link = LINK]): Case => ({
    name: `${name} (preflight)`,
    link,
    request: preflight(origin),
    expected: PREFLIGHT,
  })),
  {
    name: 'Does not read from DynamoDB if the origin is not allowed',
    link: LINK,
    needsFixtures: true,
    request: { ...post('{}'), origin: lookalikes((origin) => `${origin}.evil.example`) },
    expected: { status: 200, scans: 1 },
    whenOriginRejected: ORIGIN_REJECTED,
  },
  {
    name: 'Serves a request without Origin, with Vary: Origin unless the policy allows any origin',
    link: 'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
    request: {
      method: 'POST',
      path: '/scanRecords',
      headers: [['Content-Type', 'application/json']],
      body: ONE_ITEM,
    },
    expected: { status: 200 },
  },
  {
    name: 'Rejects an origin that is not allowed on unknown paths',
    link: LINK,
    request: { method: 'GET', path: '/nothing', origin: 'https://stranger.example' },
    expected: { status: 404 },
    whenOriginRejected: ORIGIN_REJECTED,
  },
  {
    name: 'Rejects an origin that is not allowed before it validates the body',
    link: LINK,
    request: { ...post('not JSON'), origin: 'https://stranger.example' },
    expected: { status: 400 },
    whenOriginRejected: ORIGIN_REJECTED,
  },
];
