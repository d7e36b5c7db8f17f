/** Preflights by the methods that they allow. */
import type { Behaviour, Case } from './behaviours';
import { CREDENTIALS, ORIGIN, lines, said } from './headerLines';

const ANSWER: Behaviour = { headers: [ORIGIN, CREDENTIALS] };

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

export const METHOD_CASES: readonly Case[] = (['same-origin', 'include'] as const).flatMap((credentials) =>
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
