/** Describes an invalid request parameter in a sentence. No I/O. */
import { nearest } from 'command-line';
import { stringify } from 'lossless-json';
import type { z } from 'zod';

/** The accepted values of each parameter, in words. */
const ACCEPTED: Readonly<Record<string, string>> = {
  TableName: 'the name of a table',
  IndexName: 'the name of an index',
  ConsistentRead: 'true or false',
  KeyConditionExpression: 'an expression such as "id = :id"',
  ScanIndexForward: 'true or false',
  FilterExpression: 'an expression such as "mag > :min"',
  ProjectionExpression: 'attributes such as "id, #at"',
  ExpressionAttributeNames: 'an object such as {"#at":"time"}',
  ExpressionAttributeValues: 'an object such as {":min":5}',
  Limit: 'a whole number from 1 to 2147483647',
  ExclusiveStartKey: 'an object, the LastEvaluatedKey of an earlier response',
  Segment: 'a whole number from 0 to 999999',
  TotalSegments: 'a whole number from 1 to 1000000',
  MaxItems: 'a whole number from 1 to 2147483647',
  PageSize: 'a whole number from 1 to 2147483647',
  StartingToken: 'a string, the NextToken of an earlier response',
  MaxReadUnits: 'a whole number from 1 to 2147483647',
  download: 'a file name of at most 100 characters',
  ReadUnitsPerSecond: 'a whole number from 1 to 2147483647',
};

/** A message repeats at most this many characters of a value. */
const MAX_SHOWN_CHARS = 60;

/** @param parameters the names of all parameters. */
export function describeIssue(issue: z.core.$ZodIssue, parameters: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return unknownParameters(issue.keys, parameters);
  const [parameter, ...inside] = issue.path;
  if (parameter === undefined) return 'The body must be a JSON object.';
  const accepted =
    issue.code === 'invalid_value' ? listOf(issue.values.map(String)) : ACCEPTED[String(parameter)];
  const where = inside.length === 0 ? '' : ` at ${shown(inside[0])}`;
  return `${String(parameter)} must be ${accepted ?? issue.message}, not ${shown(issue.input)}${where}.`;
}

/** Joins values: `A`, `A or B`, or `A, B or C`. */
function listOf(values: readonly string[]): string {
  return [values.slice(0, -1).join(', '), ...values.slice(-1)].filter(Boolean).join(' or ');
}

function unknownParameters(names: readonly string[], parameters: readonly string[]): string {
  const sentences = names.slice(0, 5).map((name) => {
    const meant = nearest(name, parameters);
    return `Unknown parameter ${shown(name)}${meant === undefined ? '' : `. Did you mean ${meant}?`}`;
  });
  return `${sentences.join('. ')}${sentences.at(-1)?.endsWith('?') ? '' : '.'} The parameters are ${parameters.join(', ')}.`;
}

function shown(value: unknown): string {
  const text = jsonOf(value);
  return text.length > MAX_SHOWN_CHARS ? `${text.slice(0, MAX_SHOWN_CHARS)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return stringify(value) ?? 'nothing';
  } catch {
    return 'a value that is nested too deeply';
  }
}
