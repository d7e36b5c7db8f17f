/** Origins: who may read an answer, and who only looks as if. Data. */
import type { Case } from '../case';
import { fromWildcard, lastListed, listed, lookalike, type OriginOf } from '../policy';
import { FETCH, ONE, post, preflight, PREFLIGHT, REFUSED } from './making';

const LINK = `${FETCH}cors-check`;
const SERIALISED = 'https://html.spec.whatwg.org/multipage/browsers.html#ascii-serialisation-of-an-origin';

/** Origins, each of which is asked for with POST. Whether it is admitted, the policy says. */
const ORIGINS: readonly [sentence: string, origin: string | OriginOf, link?: string][] = [
  ['A listed origin may read the answer', listed],
  ['The last of the listed origins may read the answer', lastListed],
  [
    'A subdomain of a wildcard entry may read the answer',
    fromWildcard((scheme, parent) => `${scheme}://a.${parent}`),
  ],
  [
    'A subdomain at any depth of a wildcard entry may read the answer',
    fromWildcard((scheme, parent) => `${scheme}://a.b-2.c.${parent}`),
  ],
  [
    'The parent of a wildcard entry is another origin',
    fromWildcard((scheme, parent) => `${scheme}://${parent}`),
  ],
  [
    'A host that ends like a wildcard entry is another origin',
    fromWildcard((scheme, parent) => `${scheme}://evil${parent}`),
  ],
  [
    'A host that goes on after a wildcard entry is another origin',
    fromWildcard((scheme, parent) => `${scheme}://a.${parent}.evil.example`),
  ],
  [
    'A subdomain of a wildcard entry at another port is another origin',
    fromWildcard((scheme, parent) => `${scheme}://a.${parent}:8443`),
  ],
  [
    'A subdomain of a wildcard entry over http is another origin',
    fromWildcard((_, parent) => `http://a.${parent}`),
  ],
  ['An origin that nobody listed is refused', 'https://stranger.example'],
  ['The origin null, which any sandboxed page has, is refused', 'null', SERIALISED],
  [
    'A host that goes on after a listed one is another origin',
    lookalike((origin) => `${origin}.evil.example`),
  ],
  [
    'A host that only ends like a listed one is another origin',
    lookalike((origin) => origin.replace('://', '://evil-')),
  ],
  [
    'A subdomain of a listed origin is another origin',
    lookalike((origin) => origin.replace('://', '://sub.')),
  ],
  [
    'A listed host at another port is another origin',
    lookalike((origin) => `${origin.replace(/:\d+$/, '')}:8444`),
  ],
  [
    'A listed host over another scheme is another origin',
    lookalike((origin) =>
      origin.startsWith('https:') ? origin.replace('https:', 'http:') : origin.replace('http:', 'https:'),
    ),
  ],
  [
    'A listed origin in upper case, as no browser writes it, is another origin',
    lookalike((origin) => origin.toUpperCase()),
    SERIALISED,
  ],
  [
    'A listed origin with a slash, as no browser writes it, is another origin',
    lookalike((origin) => `${origin}/`),
    SERIALISED,
  ],
  [
    'A listed origin with a user before its host is another origin',
    lookalike((origin) => origin.replace('://', '://user@')),
  ],
  [
    'A listed origin followed by another is no origin',
    lookalike((origin) => `${origin} https://stranger.example`),
    SERIALISED,
  ],
  [
    'An origin with a dot in place of a letter of a listed one is another origin',
    lookalike((origin) => origin.replace(/e(?=[^e]*$)/, '.')),
  ],
];

export const originCases: readonly Case[] = [
  ...ORIGINS.map(([name, origin, link = LINK]): Case => ({
    name,
    link,
    request: { ...post(ONE), origin },
    expected: {
      status: 200,
      corsHeaders: {
        'Access-Control-Expose-Headers': { has: ['Retry-After', 'X-Next-Token', 'X-Last-Evaluated-Key'] },
      },
    },
    whenRefused: REFUSED,
  })),
  ...ORIGINS.map(([name, origin, link = LINK]): Case => ({
    name: `${name}, in a preflight too`,
    link,
    request: preflight(origin),
    expected: PREFLIGHT,
  })),
  {
    name: 'A request of an origin that may not read the answer costs no read',
    link: LINK,
    needsFixtures: true,
    request: { ...post('{}'), origin: lookalike((origin) => `${origin}.evil.example`) },
    expected: { status: 200, scans: 1 },
    whenRefused: REFUSED,
  },
  {
    name: 'A request without Origin is served, and tells caches that the origin counts',
    link: 'https://fetch.spec.whatwg.org/#cors-protocol-and-http-caches',
    request: {
      method: 'POST',
      path: '/scanRecords',
      headers: [['Content-Type', 'application/json']],
      body: ONE,
    },
    expected: { status: 200 },
  },
  {
    name: 'A refused origin is refused on paths that are not there too',
    link: LINK,
    request: { method: 'GET', path: '/nothing', origin: 'https://stranger.example' },
    expected: { status: 404 },
    whenRefused: REFUSED,
  },
  {
    name: 'A refused origin is refused before its body is looked at',
    link: LINK,
    request: { ...post('not JSON'), origin: 'https://stranger.example' },
    expected: { status: 400 },
    whenRefused: REFUSED,
  },
];
