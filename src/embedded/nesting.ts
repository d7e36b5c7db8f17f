/** Protects the process from filters that dynalite needs minutes to parse. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';
import { parenthesisDepths } from '../dynamodb/expression';

/** dynalite's time doubles with each level: 0.2 s for 10 levels, minutes for 20. */
const MAX_LEVELS = 10;

/** @throws DynamodbError ValidationException if parentheses are nested too deeply. */
export function checkNesting(expression = ''): void {
  if (parenthesisDepths(expression).every((depth) => depth <= MAX_LEVELS)) return;
  const reason = `FilterExpression: the embedded engine accepts at most ${MAX_LEVELS} levels of parentheses.`;
  throw new DynamodbError('ValidationException', new Error(reason), { httpStatusCode: 400 });
}
