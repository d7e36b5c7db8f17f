/** Hides the attributes that are not listed in VISIBLE_ATTRIBUTES. No I/O. */
import type { Config } from '../../config/config';
import { attributesIn } from '../../dynamodb/expression';
import { keyNames, type Schema } from '../../dynamodb/tableDescription';
import { HttpProblem } from '../../http/problem';
import type { ScanRequest } from '../request/parse';
import { clientTokens } from './clientExpression';
import { Placeholders } from './placeholders';

/** A message repeats at most this many characters of a name. */
const MAX_SHOWN_CHARS = 60;

/** Returns the attributes of a table that clients may use; undefined means all. */
export function visibleIn(
  lists: Config['visibleAttributes'],
  tableName: string,
): readonly string[] | undefined {
  if (lists === undefined) return undefined;
  return Object.hasOwn(lists, tableName) ? lists[tableName] : [];
}

/**
 * Checks that a request uses only visible attributes. A condition on a hidden attribute would reveal its values by the
 * number of items, and an index which items have it.
 *
 * @param index the index of the request, if it has one.
 * @throws HttpProblem 400 that names the parameter.
 */
export function checkVisible(
  request: ScanRequest,
  visible: readonly string[],
  index: Schema | undefined,
): void {
  for (const parameter of ['ProjectionExpression', 'FilterExpression', 'KeyConditionExpression'] as const) {
    const tokens = clientTokens(parameter, request[parameter] ?? '');
    check(parameter, attributesIn(tokens, request.ExpressionAttributeNames), visible);
  }
  check('ExclusiveStartKey', Object.keys(request.ExclusiveStartKey ?? {}), visible);
  if (index !== undefined && !keyNames(index).every((name) => visible.includes(name))) {
    throw notVisible('IndexName', 'the key of this index');
  }
}

/** Adds a projection of the visible attributes if the request has none and returns items. */
export function withVisibleProjection(
  request: ScanRequest,
  visible: readonly string[],
  index: Schema | undefined,
): ScanRequest {
  if (request.ProjectionExpression !== undefined || request.Select === 'COUNT') return request;
  // DynamoDB rejects a projection of attributes that a global secondary index does not contain.
  const available = visible.filter((name) => index?.projected?.includes(name) ?? true);
  if (available.length === 0) throw notVisible('IndexName', 'every attribute of this index');
  const placeholders = new Placeholders('p');
  const ProjectionExpression = available.map((name) => placeholders.name(name)).join(', ');
  // Select says the same as the projection, and DynamoDB rejects most values of it together with one.
  return { ...placeholders.addTo(request), ProjectionExpression, Select: undefined };
}

function check(parameter: string, names: readonly string[], visible: readonly string[]): void {
  const hidden = names.find((name) => !visible.includes(name));
  if (hidden !== undefined) throw notVisible(parameter, JSON.stringify(hidden.slice(0, MAX_SHOWN_CHARS)));
}

/** The same message for hidden attributes and for those that do not exist. */
function notVisible(parameter: string, what: string): HttpProblem {
  const detail = `${parameter}: ${what} is not visible. The server's setting VISIBLE_ATTRIBUTES lists the attributes that clients can use.`;
  return new HttpProblem('AttributeNotVisible', detail);
}
