/** Converts values of a request body to DynamoDB's typed values. No I/O. */
import {
  fitsType,
  isObject,
  MAX_DEPTH,
  mapValues,
  marshall,
  typedMember,
  type Attributes,
} from '../../dynamodb/attributeValue';

/** A value cannot be sent to DynamoDB. The message says which one, why, and how to fix it. */
export class RequestValueError extends Error {
  override name = 'RequestValueError';
}

/** The content of each type, in words. */
const CONTENT: Readonly<Record<string, string>> = {
  S: 'a string',
  N: 'the digits of a number in quotes',
  B: 'base64 in quotes',
  BOOL: 'true or false',
  NULL: 'true',
  M: 'an object',
  L: 'an array',
  SS: 'an array of one or more strings, each once',
  NS: 'an array of one or more numbers in quotes',
  BS: 'an array of one or more strings of base64',
};

/** https://datatracker.ietf.org/doc/html/rfc4648#section-4 */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/**
 * Marshalls the attributes of an object parsed by lossless-json: plain JSON becomes S, N, BOOL, NULL, L
 * and M. An object that is one typed value, such as `{"SS":["a"]}`, means that value at any
 * level. A map that only looks like one is written `{"M":{"SS":…}}`.
 *
 * @throws RequestValueError
 */
export function typedValues(attributes: Attributes): Attributes {
  return typedMap(attributes, 1);
}

function typedMap(attributes: Attributes, depth: number): Attributes {
  // The SDK drops this name, so the request would have another meaning.
  if (Object.hasOwn(attributes, '__proto__')) {
    throw new RequestValueError('an attribute named "__proto__" cannot be sent to DynamoDB');
  }
  return mapValues(attributes, (value) => typedValue(value, depth));
}

function typedValue(value: unknown, depth: number): unknown {
  if (depth > MAX_DEPTH) throw new RequestValueError(`values can be nested at most ${MAX_DEPTH} levels deep`);
  const literal = typedMember(value);
  if (literal !== undefined) return typedLiteral(...literal, depth);
  if (Array.isArray(value)) return typedLiteral('L', value, depth);
  if (isObject(value)) return typedLiteral('M', value, depth);
  return marshall(value);
}

function typedLiteral(type: string, content: unknown, depth: number): unknown {
  if (!fitsType(type, content) || !isSound(type, content)) {
    throw new RequestValueError(
      `${type} in a typed value must be ${CONTENT[type] ?? ''}; write a map with an attribute named ${type} as {"M":{"${type}":…}}`,
    );
  }
  if (type === 'M') return { M: typedMap(content as Attributes, depth + 1) };
  if (type === 'L') return { L: (content as unknown[]).map((element) => typedValue(element, depth + 1)) };
  return { [type]: content };
}

/** Checks values that the SDK would change or drop. DynamoDB checks everything else. */
function isSound(type: string, content: unknown): boolean {
  switch (type) {
    case 'NULL':
      return content === true;
    case 'B':
      return BASE64.test(content as string);
    case 'SS':
      return (
        (content as string[]).length > 0 && new Set(content as string[]).size === (content as string[]).length
      );
    case 'NS':
      return (content as string[]).length > 0;
    case 'BS':
      return (content as string[]).length > 0 && (content as string[]).every((one) => BASE64.test(one));
    default:
      return true;
  }
}
