/** The text of a user's file to its records, as parsed JSON that keeps every number's digits. No I/O. */
import { isLosslessNumber, parse } from 'lossless-json';
import { isObject, type Attributes } from '../dynamodb/attributeValue';

/** A record and where it stands in the file: `line 7`, `index 6`. */
export interface Entry {
  value: Attributes;
  where: string;
}

/** The file cannot be served; the message says where in it and why. */
export class RecordFileError extends Error {
  override name = 'RecordFileError';
}

/**
 * Splits a JSON array, NDJSON, or an object with `Items` into records.
 *
 * @param key an attribute of every record: what has it is a record, with or without `Items`.
 * @returns the records, and whether the file says that it is one part of a longer scan.
 * @throws RecordFileError with line and column where the text does not parse.
 */
export function splitRecords(text: string, key: string): { entries: Entry[]; partial: boolean } {
  const lines = text.split('\n');
  const [first = '', second] = lines.filter((line) => line.trim() !== '');
  if (second !== undefined && isJsonObject(first)) {
    return { entries: splitLines(lines), partial: false };
  }
  const document = parseAt(text, (position) => lineAndColumn(text, position));
  if (Array.isArray(document)) return { entries: indexed(document), partial: false };
  if (isObject(document) && !Object.hasOwn(document, key) && Array.isArray(document.Items)) {
    checkCount(document);
    const partial = Boolean(document.NextToken ?? document.LastEvaluatedKey);
    return { entries: indexed(document.Items), partial };
  }
  return { entries: [entry(document, 'line 1')], partial: false };
}

/** A dump that was cut or edited by hand is not what the table held. */
function checkCount({ Items, Count }: Attributes): void {
  const { length } = Items as unknown[];
  if (isLosslessNumber(Count) && Number(Count.value) !== length) {
    throw new RecordFileError(`its Count is ${Count.value}, but it holds ${length} Items`);
  }
}

function splitLines(lines: readonly string[]): Entry[] {
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parseAt(line, (position) => `line ${index + 1}, column ${position + 1}`);
    return [entry(value, `line ${index + 1}`)];
  });
}

function indexed(values: readonly unknown[]): Entry[] {
  return values.map((value, index) => entry(value, `index ${index}`));
}

function entry(value: unknown, where: string): Entry {
  if (!isObject(value)) throw new RecordFileError(`${where}: a record must be a JSON object`);
  return { value, where };
}

function isJsonObject(line: string): boolean {
  try {
    return isObject(parse(line));
  } catch {
    return false;
  }
}

function parseAt(text: string, place: (position: number) => string): unknown {
  try {
    return parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const [said = '', position = '0'] = /^(.*?) at position (\d+)$/s.exec(message)?.slice(1) ?? [message];
    throw new RecordFileError(`${place(Number(position))}: this is not JSON: ${said}`, { cause: error });
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
