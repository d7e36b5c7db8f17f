/** Shortens received text for findings. No I/O. */

const MAX_EXCERPT_CHARS = 300;

/** Returns the beginning of a text that may have megabytes. */
export function excerpt(text: string): string {
  if (text === '') return 'nothing';
  return text.length > MAX_EXCERPT_CHARS ? `${text.slice(0, MAX_EXCERPT_CHARS)}…` : text;
}
