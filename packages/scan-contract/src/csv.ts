/** Reads CSV and compares its rows with items. No I/O. */
import { canonical, isObject, stringify, tryParse } from './exactJson';
import { excerpt } from './excerpt';

type ExactObject = Record<string, unknown>;

/** A record with its fields, https://www.rfc-editor.org/rfc/rfc4180#section-2 */
const FIELD = /("[^"]*(?:""[^"]*)*"|[^",\r\n]*)(,|\r?\n)/y;

/** Parses CSV in which each record ends with a line break. Returns undefined if it is invalid. */
function parseCsv(text: string): string[][] | undefined {
  const records: string[][] = [];
  let record: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < text.length) {
    const [, field = '', end] = FIELD.exec(text) ?? [];
    if (end === undefined) return undefined;
    record.push(field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);
    if (end !== ',') {
      records.push(record);
      record = [];
    }
  }
  return record.length === 0 ? records : undefined;
}

/** Checks the form of CSV: a header line with unique names, and as many cells in each line. */
export function checkCsv(text: string): string[] {
  const records = parseCsv(text);
  if (records === undefined)
    return [`expected CSV whose lines end with a line break, received ${excerpt(text)}`];
  const [names = [], ...rows] = records;
  const row = rows.findIndex((cells) => cells.length !== names.length);
  return [
    ...(new Set(names).size === names.length
      ? []
      : [`expected unique column names, received ${names.join()}`]),
    ...(row === -1
      ? []
      : [`expected ${names.length} cells in line ${row + 2}, received ${rows[row]?.length ?? 0}`]),
  ];
}

/** Attributes without a column of their own are in this one, as JSON. */
const OTHER_ATTRIBUTES = /^OtherAttributes_*$/;

/** Compares CSV that `checkCsv` accepts with the items of the same request. Returns a clause if they differ. */
export function compareCsv(text: string, items: readonly ExactObject[]): string[] {
  const [names = [], ...rows] = parseCsv(text) ?? [];
  if (rows.length !== items.length)
    return [`expected ${items.length} lines after the header, received ${rows.length}`];
  const differences = items.flatMap((item, index) => compareRow(item, names, rows[index] ?? []));
  return differences.slice(0, 1);
}

function compareRow(item: ExactObject, names: readonly string[], cells: readonly string[]): string[] {
  const last = names.length - 1;
  const rest = OTHER_ATTRIBUTES.test(names[last] ?? '') ? tryParse(cells[last] ?? '') : undefined;
  return Object.entries(item).flatMap(([tagged, value]) => {
    const name = tagged.slice(1);
    const column = names.indexOf(name);
    if (column === -1) {
      const isFound = isObject(rest) && Object.hasOwn(rest, tagged);
      return isFound
        ? []
        : [`expected a column for the attribute ${name}, received ${excerpt(names.join())}`];
    }
    const cell = cells[column] ?? '';
    return represents(cell, value)
      ? []
      : [`expected the cell ${name} to be ${excerpt(stringify(value))}, received ${excerpt(cell)}`];
  });
}

/** Text that a spreadsheet would run as a formula may have an apostrophe in front. Maps, lists and sets are JSON. */
function represents(cell: string, value: unknown): boolean {
  if (typeof value !== 'string') return canonical(tryParse(cell)) === canonical(value);
  return value.startsWith('$') ? [value.slice(1), `'${value.slice(1)}`].includes(cell) : cell === value;
}
