/** Placeholders for the server's own parts of an expression. No I/O. */
import type { Attributes } from '../../dynamodb/attributeValue';
import type { ScanRequest } from '../request/parse';

const NAME_PREFIX = '#server_';
const VALUE_PREFIX = ':server_';

/** Whether only the server may use this placeholder. */
export function isReserved(placeholder: string): boolean {
  return placeholder.startsWith(NAME_PREFIX) || placeholder.startsWith(VALUE_PREFIX);
}

/** Collects placeholders. Those of one kind of expression have a letter of their own. */
export class Placeholders {
  private readonly names: Record<string, string> = {};
  private readonly values: Attributes = {};
  private readonly letter: string;
  private count = 0;

  constructor(letter: string) {
    this.letter = letter;
  }

  /** Returns the placeholder for an attribute name. */
  name(name: string): string {
    const placeholder = `${NAME_PREFIX}${this.letter}${this.count++}`;
    this.names[placeholder] = name;
    return placeholder;
  }

  /** Returns the placeholder for a typed value. */
  value(value: object): string {
    const placeholder = `${VALUE_PREFIX}${this.letter}${this.count++}`;
    this.values[placeholder] = value;
    return placeholder;
  }

  /** Returns the request with these placeholders in addition to its own. */
  addTo(request: ScanRequest): ScanRequest {
    return {
      ...request,
      ExpressionAttributeNames: merged(request.ExpressionAttributeNames, this.names),
      ExpressionAttributeValues: merged(request.ExpressionAttributeValues, this.values),
    };
  }
}

/** DynamoDB rejects an empty map. */
function merged<Value>(
  own: Record<string, Value> | undefined,
  added: Record<string, Value>,
): Record<string, Value> | undefined {
  return Object.keys(added).length === 0 ? own : { ...own, ...added };
}
