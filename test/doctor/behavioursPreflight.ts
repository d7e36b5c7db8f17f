/** Preflights by their status, and by the methods and headers that they allow. */
import type { Header } from '../../doctor/diagnosis';
import type { Behaviour, Case } from './behaviours';

const ORIGIN: Header = ['Access-Control-Allow-Origin', '{origin}'];
const CREDENTIALS: Header = ['Access-Control-Allow-Credentials', 'true'];
const ANSWER: Behaviour = { headers: [ORIGIN, CREDENTIALS] };
const ELSEWHERE: Header = ['Location', '{server}/1'];

const lines = (name: string, values: readonly string[]) => values.map((value): Header => [name, value]);
const said = (values: readonly string[]) =>
  values.length === 0 ? 'nothing' : JSON.stringify(values.join(' + '));

const STATUSES = [
  200, 201, 202, 204, 206, 299, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 405, 500, 503,
];

const GOOD: readonly Header[] = [ORIGIN, CREDENTIALS, ['Access-Control-Allow-Methods', 'PUT']];

const STATUS_CASES = STATUSES.flatMap((status): Case[] => {
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

const ANSWER_STATUS_CASES = [200, 201, 204, 300, 301, 304, 307, 400, 403, 404, 429, 500, 503].flatMap(
  (status): Case[] =>
    [ANSWER, {}].map((answer) => ({
      name: `an answer of status ${status}${answer === ANSWER ? '' : ' without an allowed origin'}`,
      places: [{ answer: { status, ...answer } }],
    })),
);

const WRITTEN_METHODS =
  'GET get HEAD head POST post PUT put DELETE delete OPTIONS options PATCH patch Patch PROPFIND propfind x!#$'.split(
    ' ',
  );

/** A method as the page writes it, and what the server allows. */
const METHODS: readonly (readonly [method: string, allowed: readonly string[]])[] = [
  ...WRITTEN_METHODS.flatMap((method) => {
    const written = new Set([method, method.toUpperCase(), method.toLowerCase(), '*']);
    return [[], ...[...written].map((allowed) => [allowed])].map((allowed) => [method, allowed] as const);
  }),
  ['PUT', ['GET, POST']],
  ['PUT', ['GET', 'PUT']],
  ['PUT', ['GET,PUT,POST']],
  ['PUT', ['  PUT\t,\tGET ']],
  ['PUT', [',,PUT,,']],
  ['PUT', [',']],
  ['PUT', ['']],
  ['PUT', ['GET', '', 'PUT']],
  ['PUT', ['PUT;GET']],
  ['PUT', ['PUT; q=1, GET']],
  ['PUT', ['GET PUT']],
  ['PUT', ['"PUT"']],
  ['PUT', ['"GET, PUT"']],
  ['PUT', ['[PUT]']],
  ['PUT', ['PUT, @']],
  ['PUT', ['@', 'PUT']],
  ['PUT', ['*, GET']],
  ['PUT', ['GET, *']],
  ['PUT', ['**']],
  ['PUT', ['P*']],
  ['PUT', ['Put']],
  ['PATCH', ['patch, PATCH']],
];

const METHOD_CASES = (['same-origin', 'include'] as const).flatMap((credentials) =>
  METHODS.map(([method, allowed]): Case => ({
    name: `method ${method}, allowed ${said(allowed)}, credentials ${credentials}`,
    // With a header, so that safelisted methods are asked for too.
    call: { method, credentials, headers: [['X-Asked', '1']] },
    places: [
      {
        preflight: {
          headers: [
            ORIGIN,
            CREDENTIALS,
            ['Access-Control-Allow-Headers', 'X-Asked'],
            ...lines('Access-Control-Allow-Methods', allowed),
          ],
        },
        answer: ANSWER,
      },
    ],
  })),
);

/** Headers that the page sets, and what the server allows. */
const HEADERS: readonly [headers: readonly Header[], allowed: readonly string[]][] = [
  ...[
    [],
    ['X-A'],
    ['x-a'],
    ['X-a , X-B'],
    ['*'],
    ['X-B'],
    ['X-B', 'X-A'],
    ['X-B,,X-A'],
    [''],
    [','],
    ['X-A;'],
    ['"X-A"'],
    ['X-A X-B'],
    ['X-A, @'],
    ['X-*'],
    ['*, X-B'],
    ['*', '@'],
    ['\tX-A\t'],
  ].map((allowed): [Header[], string[]] => [[['X-A', '1']], allowed]),
  [
    [
      ['X-B', '1'],
      ['X-A', '2'],
    ],
    ['X-A,X-B'],
  ],
  [
    [
      ['X-B', '1'],
      ['X-A', '2'],
    ],
    ['X-A'],
  ],
  [
    [
      ['X-B', '1'],
      ['X-A', '2'],
    ],
    ['X-B'],
  ],
  [
    [
      ['X-B', '1'],
      ['x-b', '2'],
    ],
    ['X-B'],
  ],
  [
    [
      ['X-Z', '1'],
      ['Content-Type', 'application/json'],
      ['a-b', '1'],
      ['A.b', '1'],
    ],
    ['*'],
  ],
  [
    [
      ['X-Z', '1'],
      ['Content-Type', 'application/json'],
    ],
    ['X-Z'],
  ],
  [[['Content-Type', 'application/json']], ['Content-Type']],
  [[['content-type', 'application/json']], ['content-type']],
  [[['Content-Type', 'application/json']], []],
  [[['Authorization', 'Bearer a']], []],
  [[['Authorization', 'Bearer a']], ['authorization']],
  [[['Authorization', 'Bearer a']], ['*, Authorization']],
  [
    [
      ['Authorization', 'Bearer a'],
      ['X-A', '1'],
    ],
    ['*, AUTHORIZATION'],
  ],
  [
    [
      ['Authorization', 'Bearer a'],
      ['X-A', '1'],
    ],
    ['Authorization'],
  ],
  [
    [
      ['X-Amz-Date', '1'],
      ['X-Api-Key', '1'],
    ],
    ['Content-Type,X-Amz-Date,Authorization,X-Api-Key,X-Amz-Security-Token'],
  ],
];

const HEADER_CASES = (['same-origin', 'include'] as const).flatMap((credentials) =>
  HEADERS.map(([headers, allowed]): Case => ({
    name: `headers ${headers.map((header) => header.join(': ')).join('; ')}, allowed ${said(allowed)}, credentials ${credentials}`,
    call: { method: 'POST', headers, credentials },
    places: [
      {
        preflight: { headers: [ORIGIN, CREDENTIALS, ...lines('Access-Control-Allow-Headers', allowed)] },
        answer: ANSWER,
      },
    ],
  })),
);

/** By the standard, `*` is any header but this. */
export const WILDCARD_AUTHORIZATION_CASES: readonly Case[] = [
  [['Authorization', 'Bearer a']] as const,
  [
    ['Authorization', 'Bearer a'],
    ['X-A', '1'],
  ] as const,
].map((headers) => ({
  name: `headers ${headers.map(([name]) => name).join(', ')}, allowed "*"`,
  call: { headers },
  places: [{ preflight: { headers: [ORIGIN, ['Access-Control-Allow-Headers', '*']] }, answer: ANSWER }],
}));

export const PREFLIGHT_CASES: readonly Case[] = [
  ...STATUS_CASES,
  ...ANSWER_STATUS_CASES,
  ...METHOD_CASES,
  ...HEADER_CASES,
];
