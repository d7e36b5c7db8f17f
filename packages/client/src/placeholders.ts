/** Placeholders of one request, which make every attribute name and value safe in an expression. No I/O. */
import { encodeOperand } from './operand';

/** Short names that can be a placeholder themselves. The server reserves those that begin with #server_. */
const READABLE = /^(?!server_)[A-Za-z]\w{0,30}$/;

/** More placeholders are numbers, because an expression has at most 4 KB. */
const MAX_READABLE = 50;

/** Collects names and values; each name has one placeholder. Reserved words and odd names need no escaping. */
export class Placeholders {
  private readonly names = new Map<string, string>();
  private readonly values: unknown[] = [];

  /** Returns the placeholder of an attribute name. */
  name(name: string): string {
    const { size } = this.names;
    const isReadable = size < MAX_READABLE && READABLE.test(name);
    const placeholder = this.names.get(name) ?? `#${isReadable ? name : size}`;
    this.names.set(name, placeholder);
    return placeholder;
  }

  /**
   * Returns the placeholder of a value.
   *
   * @throws TypeError if DynamoDB has no such value.
   */
  value(operand: unknown, path: string): string {
    this.values.push(encodeOperand(operand, path));
    return `:v${this.values.length - 1}`;
  }

  /** The parameters of the request that define the placeholders. */
  parameters(): {
    ExpressionAttributeNames?: Record<string, string>;
    ExpressionAttributeValues?: Record<string, unknown>;
  } {
    const { names, values } = this;
    return {
      ...(names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(Array.from(names, ([name, key]) => [key, name])),
      }),
      ...(values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(values.map((value, index) => [`:v${index}`, value])),
      }),
    };
  }
}
