/** DynamoDB's typed values as lib-dynamodb takes them. Next to `repository.ts` the only import of the AWS SDK. */
import { NumberValue, type NativeAttributeValue } from '@aws-sdk/lib-dynamodb';
import type { Attributes } from '../attributeValue';

/**
 * Makes native values of typed ones in DynamoDB JSON, binary in base64.
 *
 * A number is a NumberValue, which keeps its digits. A map is a `Map`: of an object with an attribute
 * called `constructor`, lib-dynamodb would make something else.
 */
export function nativeAttributes(attributes: Attributes): Record<string, NativeAttributeValue> {
  return Object.fromEntries(nativeEntries(attributes));
}

function nativeEntries(attributes: object): [string, NativeAttributeValue][] {
  return Object.entries(attributes).map(([name, value]) => [name, native(value as object)]);
}

function native(value: object): NativeAttributeValue {
  const [[type, content] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  switch (type) {
    case 'N':
      return NumberValue.from(content as string);
    case 'B':
      return Buffer.from(content as string, 'base64');
    case 'NULL':
      return null;
    case 'M':
      return new Map(nativeEntries(content as object));
    case 'L':
      return (content as object[]).map(native);
    case 'SS':
      return new Set(content as string[]);
    case 'NS':
      return new Set((content as string[]).map((digits) => NumberValue.from(digits)));
    case 'BS':
      return new Set((content as string[]).map((base64) => Buffer.from(base64, 'base64')));
    default:
      return content as string | boolean;
  }
}
