/** Prints all results as JSON, without secrets and with shortened bodies. No I/O. */
import { HIDDEN, hideSecrets, isSecret } from './secrets';
import type { Header } from './diagnosis';

/** Characters of the longest body that is written. */
const LONGEST = 4096;

/** @param secrets the headers of the call, whose values a server may have repeated anywhere. */
export function toJson(value: unknown, secrets: readonly Header[]): string {
  const replaced = JSON.stringify(
    value,
    (name, member: unknown) => {
      if (typeof member === 'string') {
        const shown = hideSecrets(member, secrets);
        return name === 'body' && shown.length > LONGEST ? `${shown.slice(0, LONGEST)}…` : shown;
      }
      return isSecretHeader(member) ? [member[0], HIDDEN] : member;
    },
    2,
  );
  // To a terminal JSON is text as well, and DEL and C1 controls are not escaped in it.
  return `${replaced.replace(/[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g, escape)}\n`;
}

function escape(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function isSecretHeader(value: unknown): value is Header {
  return (
    Array.isArray(value) &&
    value.length === 2 &&
    typeof value[0] === 'string' &&
    typeof value[1] === 'string' &&
    isSecret(value[0])
  );
}
