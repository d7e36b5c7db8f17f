/** What is wrong with a member of a request, in a sentence. No I/O. */
import { closest, distance } from 'fastest-levenshtein';
import { stringify } from 'lossless-json';
import type { z } from 'zod';

/** What each member takes. */
const TAKES: Readonly<Record<string, string>> = {
  TableName: 'the name of a table',
  IndexName: 'the name of an index',
  ConsistentRead: 'true or false',
  FilterExpression: 'an expression such as "mag > :least"',
  ProjectionExpression: 'attributes such as "id, #at"',
  ExpressionAttributeNames: 'an object such as {"#at":"time"}',
  ExpressionAttributeValues: 'an object such as {":least":5}',
  Limit: 'a whole number from 1 to 2147483647',
  ExclusiveStartKey: 'an object, the LastEvaluatedKey of an earlier answer',
  Segment: 'a whole number from 0 to 999999',
  TotalSegments: 'a whole number from 1 to 1000000',
  MaxItems: 'a whole number from 1 to 2147483647',
  PageSize: 'a whole number from 1 to 2147483647',
  StartingToken: 'a string, the NextToken of an earlier answer',
  ReadUnitsPerSecond: 'a whole number from 1 to 2147483647',
};

/** Characters of a client's own that a sentence repeats. */
const LONGEST = 60;

/** Letters that may differ for a name to be taken for a slip. */
const MOST_DIFFERENT = 3;

/** @param members the names that are known. */
export function faultSentence(issue: z.core.$ZodIssue, members: readonly string[]): string {
  if (issue.code === 'unrecognized_keys') return unknownMembers(issue.keys, members);
  const [member, ...inside] = issue.path;
  if (member === undefined) return 'The body takes a JSON object.';
  const takes = issue.code === 'invalid_value' ? issue.values.join(' or ') : TAKES[String(member)];
  const where = inside.length === 0 ? '' : ` at ${shown(inside[0])}`;
  return `${String(member)} takes ${takes ?? issue.message}, not ${shown(issue.input)}${where}.`;
}

function unknownMembers(names: readonly string[], members: readonly string[]): string {
  const sentences = names.slice(0, 5).map((name) => {
    const meant = suggestion(name, members);
    return `Unknown member ${shown(name)}${meant === undefined ? '' : `, did you mean ${meant}?`}`;
  });
  return `${sentences.join('. ')}${sentences.at(-1)?.endsWith('?') ? '' : '.'} The body takes ${members.join(', ')}.`;
}

function suggestion(name: string, members: readonly string[]): string | undefined {
  // The comparison takes the product of both lengths.
  if (name.length > LONGEST) return undefined;
  const lower = name.toLowerCase();
  const nearest = closest(
    lower,
    members.map((member) => member.toLowerCase()),
  );
  return distance(lower, nearest) <= Math.min(MOST_DIFFERENT, lower.length / 2)
    ? members.find((member) => member.toLowerCase() === nearest)
    : undefined;
}

function shown(value: unknown): string {
  const text = jsonOf(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function jsonOf(value: unknown): string {
  try {
    return stringify(value) ?? 'nothing';
  } catch {
    return 'so deep a value';
  }
}
