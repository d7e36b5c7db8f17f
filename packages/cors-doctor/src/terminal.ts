/** The colors and the width of the output on a stream. */
import { styleText } from 'node:util';

export interface Style {
  good: (text: string) => string;
  bad: (text: string) => string;
  faint: (text: string) => string;
  strong: (text: string) => string;
  /** The maximum width of a line of text, in characters. Lines to copy can be longer. */
  columns: number;
}

/** A wider line is hard to read, and a narrower one breaks almost every word. */
const [MIN_COLUMNS, MAX_COLUMNS] = [40, 100];

/**
 * Returns the style of a stream: colors only if it is a terminal, unless the user turned them off or on with NO_COLOR
 * or FORCE_COLOR.
 *
 * @see https://no-color.org
 */
export function styleFor(stream: NodeJS.WritableStream & { columns?: number }): Style {
  const styled = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    styleText(format, text, { stream });
  return {
    good: styled('green'),
    bad: styled('red'),
    faint: styled('dim'),
    strong: styled('bold'),
    columns: Math.min(MAX_COLUMNS, Math.max(MIN_COLUMNS, stream.columns ?? MAX_COLUMNS)),
  };
}
