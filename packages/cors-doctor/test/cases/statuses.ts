/** Cases for the status of preflights and of other responses. */
import type { Header } from '../../src/diagnosis';
import type { Behavior, Case } from './case';
import { CREDENTIALS, ORIGIN } from './headerLines';

const ALLOWING_RESPONSE: Behavior = { headers: [ORIGIN, CREDENTIALS] };

const LOCATION: Header = ['Location', '{server}/1'];

const STATUSES = [
  200, 201, 202, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 500, 503,
];

const GOOD: readonly Header[] = [ORIGIN, CREDENTIALS, ['Access-Control-Allow-Methods', 'PUT']];

export const STATUS_CASES: readonly Case[] = STATUSES.flatMap((status): Case[] => {
  const kinds: [string, readonly Header[]][] = [
    ['with the needed headers', GOOD],
    ['without headers', []],
    ...(status >= 300 && status < 400
      ? ([
          ['with a Location and the needed headers', [...GOOD, LOCATION]],
          ['with only a Location', [LOCATION]],
        ] as [string, readonly Header[]][])
      : []),
  ];
  return kinds.map(([kind, headers]) => ({
    name: `a preflight of status ${status} ${kind}`,
    call: { method: 'PUT' },
    places: [
      { preflight: { status, headers }, response: ALLOWING_RESPONSE },
      { preflight: { headers: GOOD }, response: ALLOWING_RESPONSE },
    ],
  }));
});

export const RESPONSE_STATUS_CASES: readonly Case[] = [
  200, 201, 204, 300, 301, 304, 307, 400, 403, 404, 429, 500, 503,
].flatMap((status): Case[] =>
  [ALLOWING_RESPONSE, {}].map((response) => ({
    name: `a response of status ${status}${response === ALLOWING_RESPONSE ? '' : ' without an allowed origin'}`,
    places: [{ response: { status, ...response } }],
  })),
);
