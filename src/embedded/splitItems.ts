/** Splits the text of a user's file into items, as parsed JSON that keeps the digits of every number. No I/O. */
import { isLosslessNumber, parse } from 'lossless-json';
import { isObject, type Attributes } from '../dynamodb/attributeValue';

/** An item and its place in the file: `line 7`, `index 6`. */
export interface Entry {
  value: Attributes;
  where: string;
}

/** The user's file is invalid. The message states the place in the file, the error and how to fix it. */
export class ItemFileError extends Error {
  override name = 'ItemFileError';
}

/**
 * Splits a JSON array, NDJSON, or an object with `Items` into items.
 *
 * @param key name of the hash key attribute. An object that has it is an item, even if it also has `Items`.
 * @returns the items, and whether the file says that it is only one part of a scan.
 * @throws ItemFileError with line and column if the text is not valid JSON.
 */
export function splitItems(text: string, key: string): { entries: Entry[]; partial: boolean } {
  const lines = text.split('\n');
  const [first = '', second] = lines.filter((line) => line.trim() !== '');
  if (second !== undefined && isJsonObject(first)) {
    return { entries: splitLines(lines), partial: false };
  }
  const document = parseAt(text, (position) => lineAndColumn(text, position));
  if (Array.isArray(document)) return { entries: toEntries(document), partial: false };
  if (isObject(document) && !Object.hasOwn(document, key) && Array.isArray(document.Items)) {
    checkCount(document);
    const partial = Boolean(document.NextToken ?? document.LastEvaluatedKey);
    return { entries: toEntries(document.Items), partial };
  }
  return { entries: [toEntry(document, 'line 1')], partial: false };
}

/** Rejects a dump that was truncated or edited by hand: it does not have the items that the table had. */
function checkCount({ Items, Count }: Attributes): void {
  const { length } = Items as unknown[];
  if (isLosslessNumber(Count) && Number(Count.value) !== length) {
    throw new ItemFileError(
      `Count is ${Count.value}, but Items has ${length} ${length === 1 ? 'item' : 'items'}. Export the table again, or correct Count`,
    );
  }
}

function splitLines(lines: readonly string[]): Entry[] {
  return lines.flatMap((line, index) => {
    if (line.trim() === '') return [];
    const value = parseAt(line, (position) => `line ${index + 1}, column ${position + 1}`);
    return [toEntry(value, `line ${index + 1}`)];
  });
}

function toEntries(values: readonly unknown[]): Entry[] {
  return values.map((value, index) => toEntry(value, `index ${index}`));
}

function toEntry(value: unknown, where: string): Entry {
  if (!isObject(value)) {
    throw new ItemFileError(
      `${where}: an item must be a JSON object such as {"id":"1"}, not ${kindOf(value)}`,
    );
  }
  return { value, where };
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  return isLosslessNumber(value) ? 'a number' : `a ${typeof value}`;
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
    const [reason = '', position = '0'] = /^(.*?) at position (\d+)$/s.exec(message)?.slice(1) ?? [message];
    throw new ItemFileError(`${place(Number(position))}: invalid JSON: ${reason}`, { cause: error });
  }
}

function lineAndColumn(text: string, position: number): string {
  const before = text.slice(0, position).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}
