/** Parses the command line of `scan-records`. No I/O. */
import { formatOptions, parseOptions, UsageError, type OptionTable } from 'command-line';
import { parseFileArguments, type FileArguments } from './fileArguments';
import { NUMBER_TYPES, type Numbers } from '../types/source';

/** The options. One with a `variable` overrides that environment variable. */
const OPTIONS = {
  port: { value: 'PORT', variable: 'PORT', help: 'port to listen on, 0 for any free port; default 3000' },
  host: { value: 'ADDRESS', variable: 'HOST', help: 'address to listen on; default 127.0.0.1' },
  'table-name': {
    value: 'NAME',
    variable: 'TABLE_NAME',
    help: 'name or ARN of the table; default RecordsTable',
  },
  table: { value: 'NAME', variable: 'TABLE_NAME', help: 'the same as --table-name' },
  dynamodb: {
    value: 'WHICH',
    variable: 'DYNAMODB',
    help: 'embedded (default, an engine in this process), aws, or the URL of an endpoint',
  },
  'endpoint-url': { value: 'URL', variable: 'DYNAMODB', help: 'the same as --dynamodb URL' },
  region: { value: 'REGION', variable: 'AWS_REGION', help: 'AWS region of the table' },
  profile: { value: 'PROFILE', variable: 'AWS_PROFILE', help: 'profile with the AWS credentials' },
  key: {
    value: '[TABLE=]HASH[,RANGE]',
    multiple: true,
    help: 'key attributes of the items in FILE; default id',
  },
  index: {
    value: 'NAME=HASH[,RANGE]',
    multiple: true,
    help: 'add a global secondary index to the table of FILE',
  },
  mask: {
    value: 'ATTRIBUTE=METHOD',
    multiple: true,
    help: 'change an attribute in all items of FILE: hash, redact or fake',
  },
  infer: { help: 'give numbers, booleans and JSON in a CSV file their types' },
  watch: { help: 'read FILE again when it changes' },
  'log-level': {
    value: 'LEVEL',
    variable: 'LOG_LEVEL',
    help: 'fatal, error, warn, info (default), debug, trace or silent',
  },
  numbers: {
    value: 'MODE',
    help: 'with types: number (default), string or bigint-when-unsafe, as in the client',
  },
  sample: { value: 'COUNT', help: 'with types: number of items to read; default 1000' },
  wait: { help: 'wait until the table exists, instead of exiting with an error' },
  open: { help: 'open the console in the browser, or the description of the API without one' },
  version: { help: 'print the version' },
  help: { short: 'h', help: 'print this help' },
} as const satisfies OptionTable;

export const USAGE = `Usage: scan-records [serve] [FILE...] [options]
       scan-records types [FILE...] [options]
       scan-records key NAME

Serves the items of a DynamoDB table to front ends at /scanRecords.

  FILE  items to serve instead of the sample: a JSON array, one JSON object per
        line, the output of "aws dynamodb scan" or "query", the folder of an
        export to S3, CSV, or lists of items by the name of their table; also
        with gzip. The output of "aws dynamodb describe-table" gives the keys
        and indexes of the other files.

"scan-records types" prints a TypeScript interface of the items.
"scan-records key NAME" creates an API key for the client NAME, for AUTH=key.

${formatOptions(OPTIONS)}
Options take precedence over environment variables. All variables:
docs/configuration.md
`;

export interface ServeArguments {
  kind: 'serve';
  /** The user's own items, for the embedded engine. */
  files: FileArguments | undefined;
  wait: boolean;
  open: boolean;
  /** The given options that stand for an environment variable, by the name of the variable. */
  settings: ReadonlyMap<string, { option: string; value: string }>;
}

export interface TypesArguments extends Pick<ServeArguments, 'files' | 'wait' | 'settings'> {
  kind: 'types';
  numbers: Numbers;
  /** Number of items to read. */
  sampleSize: number;
}

export type Arguments =
  { kind: 'help' } | { kind: 'version' } | { kind: 'key'; name: string } | ServeArguments | TypesArguments;

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseOptions(args, OPTIONS);
  if (values.help) return { kind: 'help' };
  if (values.version) return { kind: 'version' };
  if (positionals[0] === 'key') return { kind: 'key', name: keyName(positionals.slice(1)) };
  const isTypes = positionals[0] === 'types';
  const paths = isTypes || positionals[0] === 'serve' ? positionals.slice(1) : positionals;
  const table = {
    files: parseFileArguments(paths, values),
    wait: values.wait ?? false,
    settings: settingsOf(values),
  };
  if (isTypes) return { kind: 'types', ...table, ...parseTypesOptions(values) };
  if ((values.numbers ?? values.sample) !== undefined) {
    throw new UsageError('--numbers and --sample belong to the command types: scan-records types.');
  }
  return { kind: 'serve', ...table, open: values.open ?? false };
}

function parseTypesOptions({
  numbers = 'number',
  sample = '1000',
}: {
  numbers?: string;
  sample?: string;
}): Pick<TypesArguments, 'numbers' | 'sampleSize'> {
  if (!Object.hasOwn(NUMBER_TYPES, numbers)) {
    throw new UsageError(
      `--numbers ${JSON.stringify(numbers)}: use ${Object.keys(NUMBER_TYPES).join(', ')}, the mode of the client.`,
    );
  }
  if (!/^[1-9]\d{0,5}$/.test(sample)) {
    throw new UsageError(`--sample ${JSON.stringify(sample)}: use a whole number from 1 to 999999.`);
  }
  return { numbers: numbers as Numbers, sampleSize: Number(sample) };
}

function keyName([name = '', ...extra]: readonly string[]): string {
  if (/^[\w.-]{1,64}$/.test(name) && extra.length === 0) return name;
  const given = [name, ...extra].join(' ');
  throw new UsageError(
    `scan-records key ${JSON.stringify(given)}: use one name of at most 64 letters, digits, _ - or ., for example scan-records key front-end.`,
  );
}

function settingsOf(values: Readonly<Record<string, unknown>>): ServeArguments['settings'] {
  const settings = new Map<string, { option: string; value: string }>();
  for (const [name, option] of Object.entries<OptionTable[string]>(OPTIONS)) {
    const value = values[name];
    if (option.variable === undefined || typeof value !== 'string') continue;
    const other = settings.get(option.variable);
    if (other !== undefined) throw new UsageError(`${other.option} and --${name} cannot be used together.`);
    settings.set(option.variable, { option: `--${name}`, value });
  }
  return settings;
}
