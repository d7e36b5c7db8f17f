/** Cases for the headers that a preflight allows. */
import type { Header } from '../../src/diagnosis';
import type { Behavior, Case } from './case';
import { CREDENTIALS, ORIGIN, lines, describeValues } from './headerLines';

const ALLOWING_RESPONSE: Behavior = { headers: [ORIGIN, CREDENTIALS] };

/** The headers that the web page sets, and those that the server allows. */
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

export const HEADER_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap((credentials) =>
  HEADERS.map(([headers, allowed]): Case => ({
    name: `headers ${headers.map((header) => header.join(': ')).join('; ')}, allowed ${describeValues(allowed)}, credentials ${credentials}`,
    call: { method: 'POST', headers, credentials },
    places: [
      {
        preflight: { headers: [ORIGIN, CREDENTIALS, ...lines('Access-Control-Allow-Headers', allowed)] },
        response: ALLOWING_RESPONSE,
      },
    ],
  })),
);

/** Chromium accepts `*` for Authorization, with a warning. The standard requires the name. */
export const WILDCARD_AUTHORIZATION_CASES: readonly Case[] = [
  [['Authorization', 'Bearer a']] as const,
  [
    ['Authorization', 'Bearer a'],
    ['X-A', '1'],
  ] as const,
].map((headers) => ({
  name: `headers ${headers.map(([name]) => name).join(', ')}, allowed "*"`,
  call: { headers },
  places: [
    { preflight: { headers: [ORIGIN, ['Access-Control-Allow-Headers', '*']] }, response: ALLOWING_RESPONSE },
  ],
}));
