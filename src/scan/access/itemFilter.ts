/** Adds ITEM_FILTER to the filter of a request, so that clients read only the items that it matches. No I/O. */
import type { FilterPart, ItemFilter } from '../../config/itemFilter';
import { parenthesisDepths, tokensOf } from '../../dynamodb/expression';
import { HttpProblem } from '../../http/problem';
import type { Principal } from '../../http/principal';
import type { ScanRequest } from '../request/parse';
import { clientTokens } from './clientExpression';
import { Placeholders } from './placeholders';

/**
 * Returns the request with both filters, joined by AND.
 *
 * @throws HttpProblem 400 if the client's filter is not one complete condition, 403 if the client lacks a claim.
 */
export function withItemFilter(
  request: ScanRequest,
  filter: ItemFilter,
  principal: Principal | undefined,
): ScanRequest {
  if (request.ExclusiveStartKey !== undefined) {
    const detail =
      'ExclusiveStartKey cannot be used here: the server returns only some of the items, and the key could be that of another one. Use MaxItems and StartingToken.';
    throw new HttpProblem('InvalidRequest', detail);
  }
  const placeholders = new Placeholders('f');
  const own = filter.map((part) => textOf(part, placeholders, principal?.claims ?? {})).join(' ');
  const { FilterExpression: client } = request;
  if (client !== undefined) checkComplete(client);
  return {
    ...placeholders.addTo(request),
    FilterExpression: client === undefined ? own : `${group(own)} AND ${group(client)}`,
  };
}

function textOf(part: FilterPart, placeholders: Placeholders, claims: Principal['claims']): string {
  switch (part.kind) {
    case 'text':
      return part.text;
    case 'name':
      return placeholders.name(part.name);
    case 'literal':
      return placeholders.value(part.value);
    case 'claim': {
      const values = [claimAt(claims, part.path)].flat();
      const typed = values.map(typedClaim).filter((value) => value !== undefined);
      const fits = typed.length === values.length && (part.inList ? typed.length > 0 : typed.length === 1);
      if (!fits) throw missingClaim(part.path);
      return typed.map((value) => placeholders.value(value)).join(', ');
    }
  }
}

function claimAt(claims: Principal['claims'], path: readonly string[]): unknown {
  return path.reduce<unknown>((value, name) => {
    const isObject = typeof value === 'object' && value !== null && Object.hasOwn(value, name);
    return isObject ? (value as Record<string, unknown>)[name] : undefined;
  }, claims);
}

function typedClaim(value: unknown): object | undefined {
  if (typeof value === 'string') return { S: value };
  if (typeof value === 'number' && Number.isFinite(value)) return { N: String(value) };
  return typeof value === 'boolean' ? { BOOL: value } : undefined;
}

function missingClaim(path: readonly string[]): HttpProblem {
  const detail = `The credentials have no usable claim ${path.join('.')}, which decides about the items that you can read.`;
  return new HttpProblem('MissingClaim', detail);
}

/** A filter such as `a = :x) OR (b = :y` would end the parentheses around it. */
function checkComplete(expression: string): void {
  const depths = parenthesisDepths(clientTokens('FilterExpression', expression));
  if (depths.some((depth) => depth < 0) || (depths.at(-1) ?? 0) !== 0) {
    throw new HttpProblem('InvalidRequest', 'FilterExpression has parentheses that do not match.');
  }
}

/** Adds parentheses, unless the whole expression has some: DynamoDB rejects redundant ones. */
function group(expression: string): string {
  const tokens = tokensOf(expression);
  const isGroup = tokens[0] === '(' && parenthesisDepths(tokens).indexOf(0) === tokens.length - 1;
  return isGroup ? expression : `(${expression})`;
}
