/** Evaluates the intrinsic functions of CloudFormation that need only their arguments. No I/O. */
import { unknownAmong } from './unknown';

/**
 * Evaluates a function whose arguments are known. Returns undefined if only CloudFormation can evaluate it.
 *
 * @throws TypeError if the arguments have another form than the function needs.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
 */
export function evaluateFunction(name: string, argument: unknown): unknown {
  const list = argument as unknown[];
  switch (name) {
    case 'Fn::Join': {
      const [separator, parts] = list as [string, unknown[]];
      return parts.map(String).join(separator);
    }
    case 'Fn::Split': {
      const [separator, text] = list as [string, unknown];
      return String(text).split(separator);
    }
    case 'Fn::Base64':
      return Buffer.from(String(argument)).toString('base64');
    case 'Fn::Equals':
      return String(list[0]) === String(list[1]);
    case 'Fn::Length':
      return list.length;
    case 'Fn::ToJsonString':
      return JSON.stringify(argument);
    default:
      return undefined;
  }
}

/** Evaluates And, Or and Not as far as the known operands decide them. */
export function combineConditions(name: string, operands: readonly unknown[]): unknown {
  const unknown = unknownAmong(operands);
  switch (name) {
    case 'Fn::And':
      return operands.includes(false) ? false : (unknown ?? operands.every((operand) => operand === true));
    case 'Fn::Or':
      return operands.includes(true) ? true : (unknown ?? false);
    default:
      return unknown ?? operands[0] !== true;
  }
}
