/** Parses the command line of `npm start`. */
import { parseArgs } from 'node:util';
import { UsageError } from 'command-line';
import type { KeyNames } from '../embedded/keys';

export interface Arguments {
  help: boolean;
  /** The user's own items, for the embedded table. */
  file: string | undefined;
  key: KeyNames;
}

export const USAGE = `Usage: npm start -- [FILE] [--key NAME | --key HASH,RANGE]

  FILE        items to serve instead of the sample: a JSON array, one JSON
              object per line, or the output of "aws dynamodb scan"
  --key       the key attributes of the table (default: id)
  -h, --help  show this help

All other settings are environment variables; docs/configuration.md lists them.
`;

/** @throws UsageError whose message ends with the usage text. */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.help === true) return { help: true, file: undefined, key: { hash: 'id' } };
  const [file, ...extra] = positionals;
  if (extra.length > 0) throw usageError(`only one FILE is accepted; remove ${extra.join(' ')}`);
  if (values.key !== undefined && file === undefined) {
    throw usageError('--key needs a FILE: it names the key attributes of the items in that file');
  }
  return { help: false, file, key: parseKey(values.key ?? 'id') };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { key: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
  } catch (cause) {
    throw usageError((cause as Error).message, cause);
  }
}

function parseKey(text: string): KeyNames {
  const [hash = '', range, ...extra] = text.split(',');
  if (hash === '' || range === '' || hash === range || extra.length > 0) {
    throw usageError(`--key ${JSON.stringify(text)}: use one attribute name, or two as HASH,RANGE`);
  }
  return range === undefined ? { hash } : { hash, range };
}

function usageError(message: string, cause?: unknown): UsageError {
  return new UsageError(`${message}\n\n${USAGE}`, { cause });
}
