/** Options of a command, described by one table: parser and help text derive from it. No I/O. */
import { parseArgs } from 'node:util';
import { nearest } from './nearest';
import { UsageError } from './usageError';

export interface Option {
  /** The placeholder of the value in the help text. Without it, the option is a switch. */
  value?: string;
  /** One letter. */
  short?: string;
  /** Whether the option can be repeated. */
  multiple?: boolean;
  /** The environment variable with the same meaning. */
  variable?: string;
  /** What the option does, in one or more sentences without a period at the end. */
  help: string;
}

/** The options of a command, by name without `--`. */
export type OptionTable = Readonly<Record<string, Option>>;

/** The parsed values: strings, lists of strings for repeatable options, `true` for switches. */
export type OptionValues<Table extends OptionTable> = {
  [Name in keyof Table]?: Table[Name] extends { value: string }
    ? Table[Name] extends { multiple: true }
      ? string[]
      : string
    : true;
};

/**
 * Parses arguments.
 *
 * @param hideValues keeps values out of error messages, for commands whose options can contain secrets.
 * @throws UsageError that names the option and its value, and the nearest option if there is one.
 */
export function parseOptions<Table extends OptionTable>(
  args: readonly string[],
  table: Table,
  { hideValues = false } = {},
): { values: OptionValues<Table>; positionals: string[] } {
  const show = hideValues ? () => '(not shown)' : (value: string) => JSON.stringify(value);
  const { tokens } = parseArgs({
    args: [...args],
    allowPositionals: true,
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(table).map(([name, { value, short }]) => [
        name,
        { type: value === undefined ? ('boolean' as const) : ('string' as const), ...(short && { short }) },
      ]),
    ),
  });
  const values: Record<string, string | string[] | true> = {};
  const positionals: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind === 'option') addValue(values, token, table, show);
  }
  return { values: values as OptionValues<Table>, positionals };
}

interface OptionToken {
  name: string;
  rawName: string;
  value: string | undefined;
  inlineValue: boolean | undefined;
}

function addValue(
  values: Record<string, string | string[] | true>,
  { name, rawName, value, inlineValue }: OptionToken,
  table: OptionTable,
  show: (value: string) => string,
): void {
  const option = Object.hasOwn(table, name) ? table[name] : undefined;
  if (option === undefined) throw unknownOption(rawName, value, table, show);
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`${rawName} takes no value, not ${show(value)}.`);
    values[name] = true;
    return;
  }
  const isMissing = value === undefined || (inlineValue !== true && /^-./.test(value));
  if (isMissing) {
    const next =
      value === undefined
        ? ''
        : ` ${show(value)} is another option; write ${rawName}=VALUE if it is the value.`;
    throw new UsageError(`${rawName} needs a value: ${rawName} ${option.value}.${next}`);
  }
  if (option.multiple === true) {
    values[name] = [...((values[name] as string[] | undefined) ?? []), value];
    return;
  }
  if (values[name] !== undefined && values[name] !== value) {
    const both = `${show(values[name] as string)} and ${show(value)}`;
    throw new UsageError(`${rawName} is given twice, with ${both}. Remove one of them.`);
  }
  values[name] = value;
}

function unknownOption(
  rawName: string,
  value: string | undefined,
  table: OptionTable,
  show: (value: string) => string,
): UsageError {
  const meant = nearest(rawName, Object.keys(table));
  const fix = meant === undefined ? 'See --help for all options.' : `Did you mean --${meant}?`;
  return new UsageError(
    `Unknown option ${JSON.stringify(rawName)}${value === undefined ? '' : ` with the value ${show(value)}`}. ${fix}`,
  );
}

/** The widest line of a help text. */
const MAX_LINE_CHARS = 80;

/** Formats the options for a help text: one option per line, with its environment variable, wrapped. */
export function formatOptions(table: OptionTable): string {
  const rows = Object.entries(table).map(
    ([name, option]) => [synopsis(name, option), describe(option)] as const,
  );
  const width = Math.max(...rows.map(([left]) => left.length)) + 2;
  return rows
    .map(
      ([left, text]) =>
        `  ${left.padEnd(width)}${wrap(text, MAX_LINE_CHARS - width - 2).join(`\n${' '.repeat(width + 2)}`)}\n`,
    )
    .join('');
}

function synopsis(name: string, { value, short }: Option): string {
  const long = value === undefined ? `--${name}` : `--${name} ${value}`;
  return short === undefined ? long : `-${short}, ${long}`;
}

function describe({ help, variable, multiple }: Option): string {
  const notes = [multiple === true && 'can be repeated', variable !== undefined && `env ${variable}`];
  const shown = notes.filter((note) => note !== false);
  return shown.length === 0 ? help : `${help} [${shown.join('; ')}]`;
}

function wrap(text: string, width: number): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines.at(-1) ?? '';
    if (line !== '' && line.length + word.length >= width) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines;
}
