/** The command line of `npm run contract`. No I/O. */
import { parseArgs } from 'node:util';
import type { Policy } from './policy';

export const USAGE = `npm run contract -- URL [--origins https://a.example,https://*.b.example] [--credentials] [--fixtures]

Holds the server at URL, whose path is the prefix of its routes, to the HTTP contract.

  --origins      the server's CORS_ALLOW_ORIGINS; default: *
  --credentials  the server has CORS_ALLOW_CREDENTIALS=true
  --fixtures     the server reads from the fixture DynamoDB: npm run contract:dynamodb
  --help         these lines

Without --fixtures, a few requests of one record each are made to the server's own table.
Exit code: 0 the contract is kept, 1 it is not, 2 the command line or the server cannot be used.
`;

/** What is to be run; undefined: only help was asked for. */
export interface Command {
  baseUrl: string;
  policy: Policy;
  fixtures: boolean;
}

/** The command line cannot be used; the message says why, in a sentence. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/** @throws CommandError */
export function parseCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [url, ...others] = positionals;
  if (url === undefined)
    throw new CommandError('Say which server: npm run contract -- http://localhost:3000');
  if (others.length > 0) throw new CommandError(`One URL is taken, not ${positionals.join(' and ')}.`);
  const origins = originsOf(values.origins);
  const credentials = values.credentials ?? false;
  if (origins === '*' && credentials) {
    throw new CommandError(
      '--credentials needs --origins: with credentials, browsers do not take * for "any".',
    );
  }
  return {
    baseUrl: checkUrl(url),
    policy: { origins, credentials },
    fixtures: values.fixtures ?? false,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        origins: { type: 'string' },
        credentials: { type: 'boolean' },
        fixtures: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}

function checkUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`${text} is no http URL such as http://localhost:3000.`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw new CommandError(`${text} has a query or a fragment: give the prefix of the routes alone.`);
  }
  return text.replace(/\/+$/, '');
}

function originsOf(list: string | undefined): Policy['origins'] {
  const origins = (list ?? '*').split(',').map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === '*') return '*';
  const wrong = origins.find((origin) => !/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(origin));
  if (wrong !== undefined) throw new CommandError(`--origins has "${wrong}", which is no origin.`);
  return origins;
}
