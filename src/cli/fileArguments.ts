/** Parses the options for FILE: keys, indexes, masks. No I/O. */
import { UsageError } from 'command-line';
import type { MaskRules } from '../embedded/files/mask';
import type { Index, KeyNames } from '../embedded/files/tableSchema';
import { parseMask } from './maskOption';

/** How the user's files are read. */
export interface FileArguments {
  /** At least one path. */
  paths: readonly string[];
  /** The key of all tables that have no key of their own. */
  key: KeyNames | undefined;
  tableKeys: ReadonlyMap<string, KeyNames>;
  /** Indexes of the default table. */
  indexes: readonly Index[];
  /** Whether CSV gets types. */
  infer: boolean;
  mask: MaskRules | undefined;
  /** Whether the files are read again when they change. */
  watch: boolean;
}

interface FileOptionValues {
  key?: string[];
  index?: string[];
  mask?: string[];
  infer?: true;
  watch?: true;
}

/** The purpose of each option, for the error message without a FILE. */
const PURPOSES: Readonly<Record<keyof FileOptionValues, string>> = {
  key: 'it names the key attributes of the items in that file',
  index: 'it adds an index to the table of that file',
  mask: 'it changes attributes of the items in that file',
  infer: 'it is about the types in a CSV file',
  watch: 'it reads that file again when it changes',
};

/** @throws UsageError */
export function parseFileArguments(
  paths: readonly string[],
  values: FileOptionValues,
): FileArguments | undefined {
  if (paths.length === 0) {
    const names = Object.keys(PURPOSES) as (keyof FileOptionValues)[];
    const given = names.find((name) => values[name] !== undefined);
    if (given === undefined) return undefined;
    throw new UsageError(`--${given} needs a FILE: ${PURPOSES[given]}.`);
  }
  const keys = (values.key ?? []).map(parseKey);
  const tables = keys.flatMap(({ table }) => (table === undefined ? [] : [table]));
  const indexes = (values.index ?? []).map(parseIndex);
  checkOnce(paths, (path) => `${path} is given twice. Remove one of them.`);
  checkOnce(tables, (table) => `--key ${table}=… is given twice. Remove one of them.`);
  checkOnce(
    indexes.map(({ name }) => name),
    (name) => `--index ${name}=… is given twice. Give one of them another name.`,
  );
  return {
    paths,
    key: only(keys.filter(({ table }) => table === undefined).map(({ names }) => names)),
    tableKeys: new Map(keys.flatMap(({ table, names }) => (table === undefined ? [] : [[table, names]]))),
    indexes,
    infer: values.infer ?? false,
    mask: values.mask === undefined ? undefined : parseMask(values.mask),
    watch: values.watch ?? false,
  };
}

function checkOnce(names: readonly string[], message: (name: string) => string): void {
  const repeated = names.find((name, index) => names.indexOf(name) < index);
  if (repeated !== undefined) throw new UsageError(message(repeated));
}

/** Parses `HASH[,RANGE]` or `TABLE=HASH[,RANGE]`. */
function parseKey(text: string): { table: string | undefined; names: KeyNames } {
  const [, table, key = ''] = /^(?:([\w.-]{3,255})=)?(.*)$/s.exec(text) ?? [];
  const names = keyNames(key);
  if (names !== undefined) return { table, names };
  throw new UsageError(
    `--key ${JSON.stringify(text)}: use one attribute name, or two as HASH,RANGE. For one of several tables, use TABLE=HASH,RANGE.`,
  );
}

/** Parses `NAME=HASH[,RANGE]`. */
function parseIndex(text: string): Index {
  const [, name, key = ''] = /^([\w.-]{3,255})=(.*)$/s.exec(text) ?? [];
  const names = keyNames(key);
  if (name !== undefined && names !== undefined) {
    return { name, kind: 'Global', key: names, projection: { ProjectionType: 'ALL' } };
  }
  throw new UsageError(
    `--index ${JSON.stringify(text)}: use NAME=HASH or NAME=HASH,RANGE, for example byDay=day,time. The name of an index has 3 to 255 letters, digits, _ . or -.`,
  );
}

function keyNames(text: string): KeyNames | undefined {
  const [hash = '', range, ...extra] = text.split(',');
  if (hash === '' || range === '' || hash === range || extra.length > 0) return undefined;
  return range === undefined ? { hash } : { hash, range };
}

function only(keys: readonly KeyNames[]): KeyNames | undefined {
  const [first, second] = keys;
  if (second === undefined) return first;
  throw new UsageError(
    '--key is given twice. For several tables, use --key TABLE=HASH,RANGE for each of them.',
  );
}
