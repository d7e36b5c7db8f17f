/** Prints all results as JSON, without secrets and with shortened bodies. No I/O. */
import { HIDDEN, hideSecrets, isSecret } from './secrets';
import type { Header } from './diagnosis';

/** Longer bodies are cut. */
const MAX_BODY_CHARS = 4096;

/**
 * Serializes a value without secrets.
 *
 * @param secrets the headers of the request. The server can repeat their values anywhere.
 */
export function toJson(value: unknown, secrets: readonly Header[]): string {
  const replaced = JSON.stringify(
    value,
    (name, field: unknown) => {
      if (typeof field === 'string') {
        const shown = hideSecrets(field, secrets);
        return name === 'body' && shown.length > MAX_BODY_CHARS
          ? `${shown.slice(0, MAX_BODY_CHARS)}…`
          : shown;
      }
      return isSecretHeader(field) ? [field[0], HIDDEN] : field;
    },
    2,
  );
  // JSON.stringify does not escape DEL and C1 control characters, which a terminal would execute.
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
