/** Passes the output of a process to the log, line by line. */
import type { Readable } from 'node:stream';

/** A longer line is logged in several parts, so that output without line breaks needs no more memory. */
const MAX_LINE_CHARS = 64 * 1024;

export function logLines(output: Readable, log: (line: string) => void): void {
  let rest = '';
  output.setEncoding('utf8');
  output.on('data', (text: string) => {
    const lines = `${rest}${text}`.split(/\r?\n/);
    rest = lines.pop() ?? '';
    if (rest.length > MAX_LINE_CHARS) {
      lines.push(rest);
      rest = '';
    }
    for (const line of lines) log(line);
  });
  output.on('end', () => {
    if (rest !== '') log(rest);
  });
}
