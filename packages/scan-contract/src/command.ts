/** Parses the arguments of the `scan-contract` command. No I/O. */
import { parseArgs } from 'node:util';
import { parseUrl, type RequestHeader } from './http';
import type { Policy } from './policy';

export const USAGE = `Usage: scan-contract URL [options]

Tests the server at URL against the contract of POST /scanRecords.
The path of URL is the prefix of the server's routes, for example /prod.

Options:
  --origins LIST  the server's CORS_ALLOW_ORIGINS, for example https://a.example,https://*.b.example (default: *)
  --credentials   the server runs with CORS_ALLOW_CREDENTIALS=true
  --api-key KEY   send X-Api-Key with every request except preflights
  --header NAME:VALUE
                  send this header with every request except preflights, for
                  example Authorization:Bearer TOKEN; can be repeated
  --protected     run the cases for credentials, hidden attributes and items,
                  instead of the other cases; needs --fixtures and --api-key
  --direct        the server is on a loopback address, without API Gateway
  --fixtures      the server reads from the fixture DynamoDB (in this repository, start it with: npm run contract:dynamodb)
  --timeout SECONDS
                  time limit for each response (default: 15)
  --max-time SECONDS
                  no case starts after this time (default: 600)
  --verbose       name all cases with the same violation
  -h, --help      print this help

Without --fixtures, only the cases that work with any table run. They read the
server's own table: one scan without a limit, of which at most 8 MB are read, up
to twice; all other scans evaluate at most ten items.

Exit codes:
  0  every case passed
  1  at least one case failed
  2  partly checked: no case failed, but some did not run, for example because
     they need --fixtures. Also for invalid arguments, and if the server or the
     fixture DynamoDB is unreachable
`;

/** The parsed arguments. */
export interface Command {
  baseUrl: string;
  policy: Policy;
  /** Headers with credentials. */
  credentials: readonly RequestHeader[];
  /** Run the protection cases instead of the other ones. */
  protected: boolean;
  isDirect: boolean;
  fixtures: boolean;
  timeoutMs: number;
  maxTimeMs: number;
  /** Name all cases in the report. */
  verbose: boolean;
}

/** The command cannot run. The message is one sentence for the user. */
export class CommandError extends Error {
  override name = 'CommandError';
}

/**
 * Parses the arguments; returns undefined if they request only the help.
 *
 * @throws CommandError
 */
export function parseCommand(args: readonly string[]): Command | undefined {
  const { values, positionals } = parse(args);
  if (values.help === true) return undefined;
  const [url, ...others] = positionals;
  if (url === undefined) {
    throw new CommandError('Missing URL. Example: scan-contract http://localhost:3000');
  }
  if (others.length > 0) {
    throw new CommandError(`Expected one URL, received ${positionals.length}: ${positionals.join(', ')}.`);
  }
  const origins = originsOf(values.origins);
  const credentials = values.credentials ?? false;
  if (origins === '*' && credentials) {
    throw new CommandError(
      '--credentials requires --origins, because browsers do not accept * in responses with credentials.',
    );
  }
  const fixtures = values.fixtures ?? false;
  const isProtected = values.protected ?? false;
  const apiKey = values['api-key'];
  if (isProtected && (!fixtures || apiKey === undefined)) {
    throw new CommandError('--protected requires --fixtures and --api-key.');
  }
  return {
    baseUrl: checkUrl(url),
    policy: { origins, credentials },
    credentials: [
      ...(apiKey === undefined ? [] : [['X-Api-Key', apiKey] as const]),
      ...(values.header ?? []).map(parseHeader),
    ],
    protected: isProtected,
    isDirect: values.direct ?? false,
    fixtures,
    timeoutMs: milliseconds('--timeout', values.timeout, DEFAULT_TIMEOUT_SECONDS),
    maxTimeMs: milliseconds('--max-time', values['max-time'], DEFAULT_MAX_TIME_SECONDS),
    verbose: values.verbose ?? false,
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
        'api-key': { type: 'string' },
        header: { type: 'string', multiple: true },
        protected: { type: 'boolean' },
        direct: { type: 'boolean' },
        fixtures: { type: 'boolean' },
        timeout: { type: 'string' },
        'max-time': { type: 'string' },
        verbose: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}

/** Longer than the server's attempts to reach DynamoDB, for which some cases wait. */
const DEFAULT_TIMEOUT_SECONDS = 15;
const DEFAULT_MAX_TIME_SECONDS = 600;

/** Timers of Node.js accept at most 2^31 - 1 milliseconds. */
const MAX_SECONDS = 1_000_000;

function milliseconds(option: string, value: string | undefined, defaultSeconds: number): number {
  const seconds = value === undefined ? defaultSeconds : Number(value);
  if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
    throw new CommandError(
      `${option}: "${value ?? ''}" is not a number of seconds. Use a number above 0 and up to ${MAX_SECONDS}.`,
    );
  }
  return seconds * 1000;
}

/** The value is not repeated in the message, because it is a secret. */
function parseHeader(text: string): RequestHeader {
  const [, name, value] = /^([\w-]+): *(.+)$/.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    throw new CommandError('--header takes NAME:VALUE, for example --header "Authorization:Bearer TOKEN".');
  }
  return [name, value];
}

function checkUrl(text: string): string {
  const url = parseUrl(text);
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new CommandError(`"${text}" is not a valid HTTP URL. Example: http://localhost:3000`);
  }
  if (url.search !== '' || url.hash !== '') {
    throw new CommandError(
      `"${text}" has a query string or a fragment. Use only the prefix of the server's routes.`,
    );
  }
  return text.replace(/\/+$/, '');
}

function originsOf(list: string | undefined): Policy['origins'] {
  const origins = (list ?? '*').split(',').map((origin) => origin.trim());
  if (origins.length === 1 && origins[0] === '*') return '*';
  const invalid = origins.find((origin) => !/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(origin));
  if (invalid !== undefined) {
    throw new CommandError(
      `--origins: "${invalid}" is not a valid origin. Use scheme, host and optional port, for example http://localhost:5173.`,
    );
  }
  return origins;
}
