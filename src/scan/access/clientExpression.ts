/** Splits an expression of the client into tokens. No I/O. */
import { ExpressionError, tokensOf } from '../../dynamodb/expression';
import { HttpProblem } from '../../http/problem';

/** @throws HttpProblem 400 that names the parameter. */
export function clientTokens(parameter: string, expression: string): string[] {
  try {
    return tokensOf(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new HttpProblem('InvalidRequest', `${parameter}: ${error.message}.`);
  }
}
