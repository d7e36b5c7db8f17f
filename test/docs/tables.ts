/** Reads tables of the documentation. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Returns the rows of every Markdown table in a section of a file in docs/, each as its cells.
 *
 * @param heading the heading of the section; undefined means the whole file.
 */
export function tableRows(file: string, heading?: string): string[][] {
  const text = readFileSync(join(__dirname, '../../docs', file), 'utf8');
  const sections = text.split(/^## /m);
  const chosen = heading === undefined ? sections : sections.filter((section) => section.startsWith(heading));
  if (chosen.length === 0) throw new Error(`docs/${file} has no section "${heading}"`);
  return chosen
    .flatMap((section) => section.split('\n'))
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .filter(([first = '']) => !/^-+$/.test(first));
}

/** Returns the texts between backticks. */
export function codeIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}
