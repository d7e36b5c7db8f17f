/** What the command-line tools share: option tables, usage errors, safe terminal output, text files. */

import { UsageError } from './usageError';

export { nearest } from './nearest';
export { formatOptions, parseOptions, type Option, type OptionTable, type OptionValues } from './options';
export { NotAFileError, readTextFile } from './readTextFile';
export { UsageError, USAGE_EXIT_CODE } from './usageError';

/**
 * Parses the values of an option that can be repeated, each `NAME=VALUE`. A value may contain `=`.
 *
 * @throws UsageError
 */
export function parsePairs(option: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((pair) => {
      const at = pair.indexOf('=');
      if (at < 1) throw new UsageError(`${option} takes NAME=VALUE, not ${JSON.stringify(pair)}.`);
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}

/**
 * Makes control characters and characters that change the text direction visible, for example `\u001b`,
 * so that text from elsewhere cannot control the terminal.
 */
export function escapeControlCharacters(text: string): string {
  return text.replace(CONTROL_CHARACTERS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

// eslint-disable-next-line no-control-regex
const CONTROL_CHARACTERS = /[\0-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
