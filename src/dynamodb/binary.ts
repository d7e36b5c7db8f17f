/** Converts typed values to the form that the SDK expects: binary as bytes. No I/O; only types of the SDK. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { mapValues, type Attributes } from './attributeValue';

/** Converts DynamoDB JSON to the SDK's attribute values: base64 becomes bytes. */
export function decodeBinary(attributes: Attributes): Record<string, AttributeValue> {
  return mapValues(attributes, (value) => decode(value as object)) as Record<string, AttributeValue>;
}

function decode(value: object): object {
  const [[type, content] = ['', undefined]] = Object.entries(value) as [string, unknown][];
  switch (type) {
    case 'B':
      return { B: Buffer.from(content as string, 'base64') };
    case 'BS':
      return { BS: (content as string[]).map((base64) => Buffer.from(base64, 'base64')) };
    case 'L':
      return { L: (content as object[]).map(decode) };
    case 'M':
      return { M: decodeBinary(content as Attributes) };
    default:
      return value;
  }
}
