/** The command line of `npm run doctor`. No I/O. */
import { parseArgs } from 'node:util';
import type { PageCall } from './diagnosis';
import { bodyOf, headersOf, methodOf, originOf, urlOf } from './callArguments';
import { CommandError } from './commandError';

export const USAGE = `npm run doctor -- URL [options]
npm run doctor -- template.yaml [--parameter NAME=VALUE] [--json]

Says whether a browser would let a page call URL; if not, which step fails, why, and what to change.
With a template, it says so of every path that the template declares, before it is deployed.

  --origin ORIGIN        of the page; default http://localhost:5173
  --method METHOD        default POST
  --header NAME[:VALUE]  a header that the page sends; may come several times. POST, PUT and PATCH have
                         Content-Type: application/json where none is given
  --body TEXT            default, where the Content-Type is JSON: {"Limit":1}
  --credentials          the page's fetch says credentials: 'include'
  --read NAME            a response header that the page means to read; may come several times
  --oversized            one more request, of 11 MB: is the refusal of a large body readable?
  --compare URL2         the same calls to URL2 as well; shows what differs
  --parameter NAME=VALUE a parameter of the template; may come several times
  --dry-run              says what would be sent, and sends nothing
  --json                 everything that was found, for programs
  --help                 these lines

The method is really called, as the page would. Exit code: 0 a browser allows it, 1 it refuses (with
--compare: the verdicts differ), 2 that could not be found out, or the command line cannot be used.
`;

export type Command =
  | { kind: 'help' }
  | { kind: 'template'; file: string; parameters: Readonly<Record<string, string>>; json: boolean }
  | {
      kind: 'call';
      call: PageCall;
      compare: string | undefined;
      oversized: boolean;
      dryRun: boolean;
      json: boolean;
    };

/** @throws CommandError */
export function parseCommand(args: readonly string[]): Command {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const [subject, ...others] = positionals;
  if (subject === undefined)
    throw new CommandError('Say what to look at: npm run doctor -- http://localhost:3000/scanRecords');
  if (others.length > 0) {
    // They are not repeated: without quotes, the second half of a secret is among them.
    throw new CommandError(
      `One URL or template is taken, not ${positionals.length}. Is a value with spaces without quotes?`,
    );
  }
  const json = values.json ?? false;
  if (/\.(?:ya?ml|json|template)$/i.test(subject) && !/^[a-z][a-z0-9+.-]*:\/\//i.test(subject)) {
    refuse(values, CALL_OPTIONS, 'is for a URL, not for a template');
    return { kind: 'template', file: subject, parameters: pairs(values.parameter ?? []), json };
  }
  refuse(values, ['parameter'], 'is for a template, not for a URL');
  const method = methodOf(values.method ?? 'POST');
  const headers = headersOf(values.header ?? [], method);
  return {
    kind: 'call',
    call: {
      url: urlOf(subject),
      origin: originOf(values.origin ?? 'http://localhost:5173'),
      method,
      headers,
      body: bodyOf(values.body, method, headers),
      credentials: values.credentials === true ? 'include' : 'same-origin',
      reads: values.read ?? [],
    },
    compare: values.compare === undefined ? undefined : urlOf(values.compare),
    oversized: values.oversized ?? false,
    dryRun: values['dry-run'] ?? false,
    json,
  };
}

const TEXT = { type: 'string' } as const;
const TEXTS = { type: 'string', multiple: true } as const;
const FLAG = { type: 'boolean' } as const;

const OPTIONS = {
  origin: TEXT,
  method: TEXT,
  header: TEXTS,
  body: TEXT,
  credentials: FLAG,
  read: TEXTS,
  oversized: FLAG,
  compare: TEXT,
  parameter: TEXTS,
  'dry-run': FLAG,
  json: FLAG,
  help: FLAG,
} as const;

const CALL_OPTIONS = [
  'origin',
  'method',
  'header',
  'body',
  'credentials',
  'read',
  'oversized',
  'compare',
  'dry-run',
];

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options: OPTIONS });
  } catch (error) {
    throw new CommandError((error as Error).message, { cause: error });
  }
}

function refuse(values: object, options: readonly string[], reason: string): void {
  const given = options.find((option) => option in values);
  if (given !== undefined) throw new CommandError(`--${given} ${reason}.`);
}

function pairs(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new CommandError(`--parameter takes NAME=VALUE, not ${JSON.stringify(pair)}.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
