/** Protects the process from expressions that dynalite needs minutes to parse. No I/O. */
import { DynamodbError } from '../dynamodb/dynamodbError';
import { parenthesisDepths } from '../dynamodb/expression';
import type { ScanQuery } from '../dynamodb/scanCall';

/** dynalite's time doubles with each level: 0.2 s for 10 levels, minutes for 20. */
const MAX_LEVELS = 10;

const PARAMETERS = ['KeyConditionExpression', 'FilterExpression'] as const;

/** @throws DynamodbError ValidationException if parentheses are nested too deeply. */
export function checkNesting(call: ScanQuery): void {
  const parameter = PARAMETERS.find((name) =>
    parenthesisDepths(call[name] ?? '').some((depth) => depth > MAX_LEVELS),
  );
  if (parameter === undefined) return;
  const reason = `${parameter}: the embedded engine accepts at most ${MAX_LEVELS} levels of parentheses.`;
  throw new DynamodbError('ValidationException', new Error(reason), { httpStatusCode: 400 });
}
