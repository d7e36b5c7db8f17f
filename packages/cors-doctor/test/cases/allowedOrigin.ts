/** Cases for the origin and the credentials that responses allow, in the preflight and after it. */
import type { Header } from '../../src/diagnosis';
import type { Case, Place } from './case';
import { lines, describeValues } from './headerLines';

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
const ALLOW_CREDENTIALS = 'Access-Control-Allow-Credentials';
const CREDENTIALS = ['omit', 'same-origin', 'include'] as const;

/** Each value is sent as a header line of its own. */
const ORIGINS: readonly (readonly string[])[] = [
  [],
  ['{origin}'],
  ['*'],
  ['null'],
  [''],
  ['   '],
  ['  {origin}\t'],
  [' * '],
  ['{origin}/'],
  ['{server}'],
  ['http://127.0.0.1'],
  ['https://example.com'],
  ['example.com'],
  ['127.0.0.1'],
  ['NULL'],
  ['**'],
  ['"*"'],
  ['"{origin}"'],
  ['HTTP://127.0.0.1'],
  ['{origin}, {origin}'],
  ['{origin},https://example.com'],
  ['{origin} https://example.com'],
  ['*, {origin}'],
  ['{origin}', '{origin}'],
  ['*', '*'],
  ['{origin}', ''],
  ['', '{origin}'],
  ['{origin}', 'https://example.com'],
  ['http://*'],
  ['http://*.0.0.1'],
  ['undefined'],
  ['true'],
];

const ALLOWED_CREDENTIALS: readonly (readonly string[])[] = [
  [],
  ['true'],
  [' true\t'],
  ['True'],
  ['TRUE'],
  ['false'],
  ['1'],
  [''],
  ['yes'],
  ['*'],
  ['"true"'],
  ['true', 'true'],
  ['true,false'],
];

const STAGES: Record<
  string,
  (headers: readonly Header[], good: readonly Header[]) => Case['places'][number]
> = {
  'a simple response': (headers) => ({ response: { headers } }),
  'a preflight': (headers, good) => ({ preflight: { headers }, response: { headers: good } }),
  'the response after a preflight': (headers, good) => ({
    preflight: { headers: good },
    response: { headers },
  }),
};

const PREFLIGHTED = { headers: [['X-Custom', '1']] } as const;

/** Headers that allow every request here. Requests with a preflight need `Access-Control-Allow-Headers`. */
const GOOD: readonly Header[] = [
  [ALLOW_ORIGIN, '{origin}'],
  [ALLOW_CREDENTIALS, 'true'],
  ['Access-Control-Allow-Headers', 'X-Custom'],
];

export const ORIGIN_CASES: readonly Case[] = CREDENTIALS.flatMap((credentials) =>
  Object.entries(STAGES).flatMap(([stage, placeOf]) =>
    ORIGINS.map((values): Case => {
      const headers = [...lines(ALLOW_ORIGIN, values), ...GOOD.slice(1)];
      return atStage(
        `${stage} allows origin ${describeValues(values)}`,
        stage,
        credentials,
        placeOf(headers, GOOD),
      );
    }),
  ),
);

export const CREDENTIALS_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap(
  (credentials) =>
    Object.entries(STAGES).flatMap(([stage, placeOf]) =>
      ALLOWED_CREDENTIALS.map((values): Case => {
        const headers: Header[] = [
          ...GOOD.filter(([name]) => name !== ALLOW_CREDENTIALS),
          ...lines(ALLOW_CREDENTIALS, values),
        ];
        return atStage(
          `${stage} allows credentials ${describeValues(values)}`,
          stage,
          credentials,
          placeOf(headers, GOOD),
        );
      }),
    ),
);

function atStage(name: string, stage: string, credentials: (typeof CREDENTIALS)[number], place: Place): Case {
  return {
    name: `${name}, credentials ${credentials}`,
    call: { credentials, ...(stage === 'a simple response' ? {} : PREFLIGHTED) },
    places: [place],
  };
}

/** The origin of a sandboxed web page is `null`. */
export const NULL_ORIGIN_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap(
  (credentials) =>
    [['null'], ['*'], [], ['{page}'], ['NULL'], ['null', 'null'], ['']].flatMap((values) =>
      Object.entries(STAGES).map(([stage, placeOf]): Case => {
        const headers = [...lines(ALLOW_ORIGIN, values), ...GOOD.slice(1)];
        const one = atStage(
          `a sandboxed page: ${stage} allows origin ${describeValues(values)}`,
          stage,
          credentials,
          placeOf(headers, GOOD),
        );
        return { ...one, page: 'sandboxed' };
      }),
    ),
);
