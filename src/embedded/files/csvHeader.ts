/** The header line of CSV: the delimiter and the names of the columns. No I/O. */
import { otherAttributesName, unguardFormula } from '../../csv/notation';
import { CHUNK_BYTES, splitRows, type Row } from './csvRows';
import { ItemFileError } from './itemFileError';

/** If a header line has two of them equally often, the first of this list is the delimiter. */
const DELIMITERS = [',', ';', '\t'];

/** Text with such characters is more likely JSON, Ion, XML or binary than the name of an attribute. */
// eslint-disable-next-line no-control-regex
const UNUSUAL_IN_NAMES = /[{}[\]<>\0-\x1f]/;

/** Returns the delimiter that the first line has most often outside quotes: `,`, `;` or a tab. */
export function detectDelimiter(bytes: Buffer): string {
  const unquoted = bytes
    .subarray(0, CHUNK_BYTES)
    .toString()
    .replace(/"[^"]*"/g, '');
  const [line = ''] = unquoted.replace(/^[\r\n]+/, '').split(/[\r\n]/, 1);
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))] ?? ',';
}

/** Whether a row is the hint `sep=;` to Excel, which may come before the header line. */
export function isSeparatorHint({ cells: [first, second, ...others] }: Row): boolean {
  return first === 'sep=' && second === undefined && others.length === 0;
}

/** The columns of a table. */
export interface Columns {
  /** The names of the columns, without OtherAttributes. */
  names: readonly string[];
  /** Whether one more column, the last one, is OtherAttributes. */
  hasOthers: boolean;
}

/** @throws ItemFileError if a column has no name, or the name of another column. */
export function parseHeader({ cells, line }: Row): Columns {
  const columns = new Map<string, number>();
  for (const [index, cell] of cells.entries()) {
    const name = unguardFormula(cell ?? '');
    const column = index + 1;
    const other = columns.get(name);
    if (name === '') {
      throw new ItemFileError(
        `line ${line}: column ${column} has no name. Name the attribute in the header line, or delete the column`,
      );
    }
    if (other !== undefined) {
      throw new ItemFileError(
        `line ${line}: columns ${other} and ${column} are both named ${JSON.stringify(name)}. Rename or delete one of them`,
      );
    }
    columns.set(name, column);
  }
  const names = [...columns.keys()];
  const allButLast = names.slice(0, -1);
  const hasOthers = names.at(-1) === otherAttributesName(new Set(allButLast));
  return { names: hasOthers ? allButLast : names, hasOthers };
}

/**
 * Whether the first line of a text is the header line of CSV: one of its cells is the key, or it has two or more
 * different cells that can be names of attributes. The hint `sep=;` counts as well.
 *
 * @param key the name of the hash key attribute.
 */
export function looksLikeCsv(firstLine: string, key: string): boolean {
  const text = firstLine.replace(/^\uFEFF/, '');
  // A line break in a name leaves a quote open.
  const isOpen = text.split('"').length % 2 === 0;
  const bytes = Buffer.from(isOpen ? `${text}"` : text);
  try {
    const [row] = splitRows(bytes, detectDelimiter(bytes));
    if (row === undefined) return false;
    const names = row.cells.map((cell) => unguardFormula(cell ?? ''));
    if (names.includes(key) || isSeparatorHint(row)) return true;
    const arePlausible = names.every((name) => name.trim() !== '' && !UNUSUAL_IN_NAMES.test(name));
    return arePlausible && names.length > 1 && new Set(names).size === names.length;
  } catch (error) {
    if (error instanceof ItemFileError) return false;
    throw error;
  }
}
