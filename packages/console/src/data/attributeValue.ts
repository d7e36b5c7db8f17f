/** DynamoDB's typed values, and how they are written as plain JSON. No I/O. */

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

/** One value in typed form, for example `{"N":"5"}`. Numbers are strings, so that they keep all their digits. */
export type AttributeValue =
  | { S: string }
  | { N: string }
  | { B: string }
  | { BOOL: boolean }
  | { NULL: true }
  | { M: Item }
  | { L: AttributeValue[] }
  | { SS: string[] }
  | { NS: string[] }
  | { BS: string[] };

/** The attributes of one item. Made by JSON.parse, so that even `__proto__` is an ordinary name. */
export type Item = Record<string, AttributeValue>;

export const TYPE_NAMES: Readonly<Record<AttributeType, string>> = {
  S: 'String',
  N: 'Number',
  B: 'Binary',
  BOOL: 'Boolean',
  NULL: 'Null',
  M: 'Map',
  L: 'List',
  SS: 'String set',
  NS: 'Number set',
  BS: 'Binary set',
};

/** Returns the type of a value, which is the name of its only property. */
export function typeOf(value: AttributeValue): AttributeType {
  return Object.keys(value)[0] as AttributeType;
}

/** Returns what the value contains, without its type. */
export function contentOf(value: AttributeValue): unknown {
  return Object.values(value)[0];
}

/** Returns the attribute, or undefined if the item has none of this name. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/**
 * Writes a value as plain JSON: numbers with their exact digits, sets as arrays, binary as base64.
 *
 * @param indent spaces per level; 0 writes one line.
 * @param maxChars stops soon after this length, so that a preview of a large value is cheap.
 */
export function plainJson(value: AttributeValue, indent = 2, maxChars = Infinity): string {
  const writer = new PlainWriter(indent, maxChars);
  writer.value(value, 0);
  return writer.text;
}

class PlainWriter {
  text = '';
  private readonly indent: number;
  private readonly maxChars: number;

  constructor(indent: number, maxChars: number) {
    this.indent = indent;
    this.maxChars = maxChars;
  }

  value(value: AttributeValue, depth: number): void {
    if ('M' in value) {
      this.list('{', '}', Object.entries(value.M), depth, ([name, member]) => {
        this.text += `${JSON.stringify(name)}:${this.indent > 0 ? ' ' : ''}`;
        this.value(member, depth + 1);
      });
    } else if ('L' in value) {
      this.list('[', ']', value.L, depth, (element) => this.value(element, depth + 1));
    } else if ('NS' in value) {
      this.list('[', ']', value.NS, depth, (digits) => (this.text += digits));
    } else if ('SS' in value || 'BS' in value) {
      const texts = 'SS' in value ? value.SS : value.BS;
      this.list('[', ']', texts, depth, (text) => (this.text += JSON.stringify(text)));
    } else {
      this.text += scalarJson(value);
    }
  }

  private list<Element>(
    open: string,
    close: string,
    elements: readonly Element[],
    depth: number,
    write: (element: Element) => void,
  ): void {
    this.text += open;
    for (const [index, element] of elements.entries()) {
      if (this.text.length > this.maxChars) return;
      if (index > 0) this.text += this.indent > 0 ? ',' : ', ';
      this.newLine(depth + 1);
      write(element);
    }
    if (elements.length > 0) this.newLine(depth);
    this.text += close;
  }

  private newLine(depth: number): void {
    if (this.indent > 0) this.text += `\n${' '.repeat(this.indent * depth)}`;
  }
}

function scalarJson(value: AttributeValue): string {
  if ('N' in value) return value.N;
  if ('NULL' in value) return 'null';
  return JSON.stringify(contentOf(value));
}
