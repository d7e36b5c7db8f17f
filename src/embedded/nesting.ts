/** Protects the process from filters that dynalite needs minutes to parse. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';

/** dynalite's time doubles with each level: 0.2 s for 10 levels, minutes for 20. */
const MAX_LEVELS = 10;

/** @throws DynamodbError ValidationException if parentheses are nested too deeply. */
export function checkNesting(expression = ''): void {
  let level = 0;
  for (const character of expression) {
    if (character === '(') level++;
    if (character === ')') level--;
    if (level > MAX_LEVELS) {
      const reason = `FilterExpression: the embedded engine accepts at most ${MAX_LEVELS} levels of parentheses.`;
      throw new DynamodbError('ValidationException', new Error(reason), { httpStatusCode: 400 });
    }
  }
}
