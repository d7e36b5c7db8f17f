/** Answers by what they say of the origin and of credentials, in the preflight and after it. */
import type { Header } from '../src/diagnosis';
import type { Case, Place } from './behaviours';
import { lines, said } from './headerLines';

const ALLOW_ORIGIN = 'Access-Control-Allow-Origin';
const ALLOW_CREDENTIALS = 'Access-Control-Allow-Credentials';
const CREDENTIALS = ['omit', 'same-origin', 'include'] as const;

/** One or several values: several are several header lines. */
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
  'a simple answer': (headers) => ({ answer: { headers } }),
  'a preflight': (headers, good) => ({ preflight: { headers }, answer: { headers: good } }),
  'the answer after a preflight': (headers, good) => ({ preflight: { headers: good }, answer: { headers } }),
};

const PREFLIGHTED = { headers: [['X-Asked', '1']] } as const;

/** Good for every call of these: `Access-Control-Allow-Headers` is needed by the preflighted ones. */
const GOOD: readonly Header[] = [
  [ALLOW_ORIGIN, '{origin}'],
  [ALLOW_CREDENTIALS, 'true'],
  ['Access-Control-Allow-Headers', 'X-Asked'],
];

export const ORIGIN_CASES: readonly Case[] = CREDENTIALS.flatMap((credentials) =>
  Object.entries(STAGES).flatMap(([stage, placeOf]) =>
    ORIGINS.map((values): Case => {
      const headers = [...lines(ALLOW_ORIGIN, values), ...GOOD.slice(1)];
      return atStage(`${stage} allows origin ${said(values)}`, stage, credentials, placeOf(headers, GOOD));
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
          `${stage} allows credentials ${said(values)}`,
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
    call: { credentials, ...(stage === 'a simple answer' ? {} : PREFLIGHTED) },
    places: [place],
  };
}

/** A sandboxed page's origin is `null`. */
export const NULL_ORIGIN_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap(
  (credentials) =>
    [['null'], ['*'], [], ['{page}'], ['NULL'], ['null', 'null'], ['']].flatMap((values) =>
      Object.entries(STAGES).map(([stage, placeOf]): Case => {
        const headers = [...lines(ALLOW_ORIGIN, values), ...GOOD.slice(1)];
        const one = atStage(
          `a sandboxed page: ${stage} allows origin ${said(values)}`,
          stage,
          credentials,
          placeOf(headers, GOOD),
        );
        return { ...one, page: 'sandboxed' };
      }),
    ),
);
