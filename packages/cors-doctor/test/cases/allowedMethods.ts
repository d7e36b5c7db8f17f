/** Cases for the methods that a preflight allows. */
import type { Behavior, Case } from './case';
import { CREDENTIALS, ORIGIN, lines, describeValues } from './headerLines';

const ALLOWING_RESPONSE: Behavior = { headers: [ORIGIN, CREDENTIALS] };

const WRITTEN_METHODS =
  'GET get HEAD head POST post PUT put DELETE delete OPTIONS options PATCH patch Patch PROPFIND propfind x!#$'.split(
    ' ',
  );

/** A method as the web page writes it, and the methods that the server allows. */
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
    name: `method ${method}, allowed ${describeValues(allowed)}, credentials ${credentials}`,
    // The header causes a preflight for safelisted methods too.
    call: { method, credentials, headers: [['X-Custom', '1']] },
    places: [
      {
        preflight: {
          headers: [
            ORIGIN,
            CREDENTIALS,
            ['Access-Control-Allow-Headers', 'X-Custom'],
            ...lines('Access-Control-Allow-Methods', allowed),
          ],
        },
        response: ALLOWING_RESPONSE,
      },
    ],
  })),
);
