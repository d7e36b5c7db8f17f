/** Makes ITEM_FILTER usable together with a KeyConditionExpression. No I/O. */
import type { FilterPart, ItemFilter } from '../../config/itemFilter';
import { HttpProblem } from '../../http/problem';
import type { ScanRequest } from '../request/parse';
import { clientTokens } from './clientExpression';

/**
 * Returns the filter with values in place of key attributes, which DynamoDB does not accept in the filter of a Query. The
 * values are those that the key condition requires, so all items that are read have them.
 *
 * @param keyAttributes the key of the table or of the index.
 * @throws HttpProblem 400 if the filter uses a key attribute that the key condition does not set to one value.
 */
export function withKeyValues(
  filter: ItemFilter,
  request: ScanRequest,
  keyAttributes: readonly string[],
): ItemFilter {
  const values = equalAttributes(request);
  return filter.map((part, at) => {
    if (part.kind !== 'name' || !keyAttributes.includes(part.name) || isNested(filter[at - 1])) return part;
    const text = values.get(part.name);
    if (text === undefined) throw new HttpProblem('InvalidRequest', KEY_NOT_SET);
    return { kind: 'text', text };
  });
}

/** Whether the name is that of an attribute inside a map. */
function isNested(before: FilterPart | undefined): boolean {
  return before?.kind === 'text' && before.text === '.';
}

const KEY_NOT_SET =
  'KeyConditionExpression: the server decides by an attribute of this key which items you can read. Set each attribute of the key to one value with =, or send the condition as FilterExpression.';

/**
 * Returns the placeholder of the value that each attribute must equal: `#d = :day AND id > :id` returns `:day` for the
 * attribute that #d stands for.
 *
 * DynamoDB accepts only conditions that are joined with AND, at most one for each attribute of the key. A condition with
 * another form is not returned.
 *
 * @throws HttpProblem 400 if the expression cannot be split into tokens.
 */
function equalAttributes(request: ScanRequest): ReadonlyMap<string, string> {
  const { KeyConditionExpression = '', ExpressionAttributeNames: names = {} } = request;
  const tokens = clientTokens('KeyConditionExpression', KeyConditionExpression);
  const equal = new Map<string, string>();
  for (const [at, token] of tokens.entries()) {
    const [before, left = '', right = '', after] = [-2, -1, 1, 2].map((offset) => tokens[at + offset]);
    if (token !== '=' || !isBoundary(before, '(') || !isBoundary(after, ')')) continue;
    const [value, name] = left.startsWith(':') ? [left, right] : [right, left];
    if (!value.startsWith(':') || name.startsWith(':')) continue;
    const attribute = (Object.hasOwn(names, name) ? names[name] : undefined) ?? name;
    // Two conditions for one attribute. DynamoDB rejects them, so none of them is trusted.
    if (equal.has(attribute)) return new Map();
    equal.set(attribute, value);
  }
  return equal;
}

/** Whether a comparison begins or ends beside this token. */
function isBoundary(token: string | undefined, parenthesis: string): boolean {
  return token === undefined || token === parenthesis || token.toUpperCase() === 'AND';
}
