/** Preflights and answers by their status. */
import type { Header } from '../src/diagnosis';
import type { Behaviour, Case } from './behaviours';
import { CREDENTIALS, ORIGIN } from './headerLines';

const ANSWER: Behaviour = { headers: [ORIGIN, CREDENTIALS] };

const ELSEWHERE: Header = ['Location', '{server}/1'];

const STATUSES = [
  200, 201, 202, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 500, 503,
];

const GOOD: readonly Header[] = [ORIGIN, CREDENTIALS, ['Access-Control-Allow-Methods', 'PUT']];

export const STATUS_CASES: readonly Case[] = STATUSES.flatMap((status): Case[] => {
  const kinds: [string, readonly Header[]][] = [
    ['with what it takes', GOOD],
    ['with nothing', []],
    ...(status >= 300 && status < 400
      ? ([
          ['to elsewhere', [...GOOD, ELSEWHERE]],
          ['to elsewhere, with nothing', [ELSEWHERE]],
        ] as [string, readonly Header[]][])
      : []),
  ];
  return kinds.map(([kind, headers]) => ({
    name: `a preflight of status ${status} ${kind}`,
    call: { method: 'PUT' },
    places: [
      { preflight: { status, headers }, answer: ANSWER },
      { preflight: { headers: GOOD }, answer: ANSWER },
    ],
  }));
});

export const ANSWER_STATUS_CASES: readonly Case[] = [
  200, 201, 204, 300, 301, 304, 307, 400, 403, 404, 429, 500, 503,
].flatMap((status): Case[] =>
  [ANSWER, {}].map((answer) => ({
    name: `an answer of status ${status}${answer === ANSWER ? '' : ' without an allowed origin'}`,
    places: [{ answer: { status, ...answer } }],
  })),
);
