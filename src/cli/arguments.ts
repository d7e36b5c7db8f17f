/** The command line of npm start. */
import { parseArgs } from 'node:util';
import type { KeyNames } from '../embedded/keys';

export interface Arguments {
  help: boolean;
  /** The user's own records, for the embedded table. */
  file: string | undefined;
  key: KeyNames;
}

/** The command line cannot be understood; the message says what it takes. */
export class UsageError extends Error {
  override name = 'UsageError';
}

export const USAGE = `Usage: npm start -- [FILE] [--key NAME | --key HASH,RANGE]

  FILE   records to serve in place of the sample: a JSON array, one JSON object
         a line, or what "aws dynamodb scan" printed
  --key  the attributes of the table's key (default: id)

Everything else is set by environment variables; the README lists them.
`;

/** @throws UsageError */
export function parseArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parse(args);
  if (values.help === true) return { help: true, file: undefined, key: { hash: 'id' } };
  const [file, ...more] = positionals;
  if (more.length > 0) throw new UsageError(`one FILE at a time, not also ${more.join(' ')}\n\n${USAGE}`);
  if (values.key !== undefined && file === undefined) {
    throw new UsageError(`--key names the key of a FILE, and there is none\n\n${USAGE}`);
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
    throw new UsageError(`${(cause as Error).message}\n\n${USAGE}`, { cause });
  }
}

function parseKey(text: string): KeyNames {
  const [hash = '', range, ...more] = text.split(',');
  if (hash === '' || range === '' || hash === range || more.length > 0) {
    throw new UsageError(
      `--key ${JSON.stringify(text)}: give one attribute name, or two: HASH,RANGE\n\n${USAGE}`,
    );
  }
  return range === undefined ? { hash } : { hash, range };
}
