/** Rejects expressions that dynalite needs minutes to parse, or evaluates incorrectly. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';
import { parenthesisDepths } from '../dynamodb/expression';
import type { ScanQuery } from '../dynamodb/scanCall';

/** dynalite's time doubles with each level: 0.2 s for 10 levels, minutes for 20. */
const MAX_LEVELS = 10;

const PARAMETERS = ['KeyConditionExpression', 'FilterExpression'] as const;

/** The value that `contains` looks for. */
const CONTAINED = /\bcontains\s*\([^()]*,\s*(:[\w-]+)\s*\)/g;

/** @throws DynamodbError ValidationException if the embedded engine cannot evaluate an expression. */
export function checkEngineLimits(call: ScanQuery): void {
  const reason = tooDeep(call) ?? notComparable(call);
  if (reason === undefined) return;
  throw new DynamodbError('ValidationException', new Error(reason), { httpStatusCode: 400 });
}

function tooDeep(call: ScanQuery): string | undefined {
  const parameter = PARAMETERS.find((name) =>
    parenthesisDepths(call[name] ?? '').some((depth) => depth > MAX_LEVELS),
  );
  if (parameter === undefined) return undefined;
  return `${parameter}: the embedded engine accepts at most ${MAX_LEVELS} levels of parentheses.`;
}

/** dynalite finds no map or list equal to another one, and no BOOL or NULL in a list. */
function notComparable({
  FilterExpression = '',
  ExpressionAttributeValues: values = {},
}: ScanQuery): string | undefined {
  const contained = [...FilterExpression.matchAll(CONTAINED)].map(([, name]) => name);
  const found = (Object.entries(values) as [string, object][]).find(([name, value]) => {
    const types = contained.includes(name) ? ['M', 'L', 'BOOL', 'NULL'] : ['M', 'L'];
    return Object.keys(value).some((type) => types.includes(type));
  });
  if (found === undefined) return undefined;
  const [name, value] = found;
  const action = contained.includes(name) ? 'look for' : 'compare with';
  return `FilterExpression: the embedded engine cannot ${action} the value ${name} of type ${Object.keys(value).join()}. Compare elements one by one, such as address.city = :city, or use DynamoDB Local.`;
}
