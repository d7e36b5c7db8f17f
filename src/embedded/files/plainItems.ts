/** Converts items in plain JSON to DynamoDB JSON, as bytes: parsing them would take several times as long. No I/O. */
import { MAX_DEPTH, type Attributes } from '../../dynamodb/attributeValue';
import type { JsonRange } from './jsonScanner';

/** An item in DynamoDB JSON. */
export interface EncodedItem {
  json: Buffer;
  /** The requested attributes that the item has, parsed. */
  attributes: Attributes;
}

/** The bytes that each byte of plain JSON can become: `1,` becomes `{"N":"1"},`. */
const MAX_GROWTH = 6;

const SLAB_BYTES = 1024 * 1024;

/** The size limit of an item is 400 KB. An item with less text is certainly smaller. */
const MAX_TEXT_BYTES = 100 * 1024;

/** Names of one object are compared with each other, which takes too long for more. */
const MAX_NAMES = 200;

/** DynamoDB stores numbers with at most 38 digits. */
const MAX_DIGITS = 38;

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const COMMA = 0x2c;
const COLON = 0x3a;
const EXPONENTS: readonly number[] = [0x45, 0x65];
const FIRST_OF_NULL = 0x6e;
const FIRST_OF_TRUE = 0x74;
const FIRST_OF_FALSE = 0x66;

const STRING = Buffer.from('{"S":');
const NUMBER = Buffer.from('{"N":"');
const BOOLEAN = Buffer.from('{"BOOL":');
const NULL = Buffer.from('{"NULL":true}');
const MAP = Buffer.from('{"M":');
const LIST = Buffer.from('{"L":[');
const PROTO = Buffer.from('"__proto__"');

/** Returned instead of an offset if the value needs the slow way. */
const UNUSUAL = -1;

/** Encodes the common items. Its output shares memory, so that many small items need few buffers. */
export class PlainItemEncoder {
  private slab = Buffer.allocUnsafeSlow(SLAB_BYTES);
  private used = 0;
  /** The next free byte of the slab. */
  private out = 0;
  private attributes: Attributes = {};
  private lastStringHasEscape = false;
  private readonly requested: readonly { name: string; quoted: Buffer }[];

  private readonly bytes: Buffer;

  /**
   * @param bytes text in which every item is valid JSON.
   * @param names the attributes that `encode` returns parsed.
   */
  constructor(bytes: Buffer, names: readonly string[]) {
    this.bytes = bytes;
    this.requested = names.map((name) => ({ name, quoted: Buffer.from(JSON.stringify(name)) }));
  }

  /**
   * Encodes an item.
   *
   * @returns undefined if the item needs a look that this class does not take: a number that DynamoDB writes in
   *   another way, an escape or the same name twice in an object, deep nesting, or a size near the limit.
   */
  encode({ start, end }: JsonRange): EncodedItem | undefined {
    if (end - start > MAX_TEXT_BYTES) return undefined;
    this.reserve((end - start) * MAX_GROWTH);
    this.attributes = {};
    this.out = this.used;
    if (this.object(start, 0) === UNUSUAL) return undefined;
    const json = this.slab.subarray(this.used, this.out);
    this.used = this.out;
    return { json, attributes: this.attributes };
  }

  private reserve(size: number): void {
    if (this.slab.length - this.used >= size) return;
    this.slab = Buffer.allocUnsafeSlow(Math.max(SLAB_BYTES, size));
    this.used = 0;
  }

  /** Each method writes the value at the offset and returns the offset after it. */
  private value(at: number, depth: number): number {
    const byte = this.bytes[at];
    if (byte === QUOTE) {
      this.write(STRING);
      return this.close(this.string(at));
    }
    if (byte === OPEN_BRACE) {
      this.write(MAP);
      return this.close(this.object(at, depth + 1));
    }
    if (byte === OPEN_BRACKET) return this.array(at, depth + 1);
    if (byte === FIRST_OF_TRUE || byte === FIRST_OF_FALSE) {
      this.write(BOOLEAN);
      return this.close(this.copy(at, byte === FIRST_OF_TRUE ? at + 4 : at + 5));
    }
    if (byte !== FIRST_OF_NULL) return this.number(at);
    this.write(NULL);
    return at + 4;
  }

  /** Ends a typed value. */
  private close(end: number): number {
    this.slab[this.out++] = CLOSE_BRACE;
    return end;
  }

  private object(start: number, depth: number): number {
    if (depth > MAX_DEPTH) return UNUSUAL;
    const { bytes } = this;
    const names: JsonRange[] = [];
    this.slab[this.out++] = OPEN_BRACE;
    let at = this.skipSpace(start + 1);
    while (bytes[at] !== CLOSE_BRACE) {
      const nameEnd = this.name(at, names);
      if (nameEnd === UNUSUAL) return UNUSUAL;
      const nameStart = at;
      const valueStart = this.out;
      at = this.value(this.skipSpace(this.skipSpace(nameEnd) + 1), depth);
      if (at === UNUSUAL) return UNUSUAL;
      if (depth === 0) this.keepRequested({ start: nameStart, end: nameEnd }, valueStart);
      at = this.separator(at);
    }
    this.slab[this.out++] = CLOSE_BRACE;
    return at + 1;
  }

  private array(start: number, depth: number): number {
    if (depth > MAX_DEPTH) return UNUSUAL;
    this.write(LIST);
    let at = this.skipSpace(start + 1);
    while (this.bytes[at] !== CLOSE_BRACKET) {
      at = this.value(at, depth);
      if (at === UNUSUAL) return UNUSUAL;
      at = this.separator(at);
    }
    this.slab[this.out++] = CLOSE_BRACKET;
    this.slab[this.out++] = CLOSE_BRACE;
    return at + 1;
  }

  /** Writes a comma if one follows, and returns the offset of the next member, element or closing bracket. */
  private separator(end: number): number {
    const at = this.skipSpace(end);
    if (this.bytes[at] !== COMMA) return at;
    this.slab[this.out++] = COMMA;
    return this.skipSpace(at + 1);
  }

  private name(start: number, names: JsonRange[]): number {
    const end = this.string(start);
    if (this.lastStringHasEscape) return UNUSUAL;
    const isRepeated = names.some((other) => this.isEqual(other, start, end));
    names.push({ start, end });
    if (isRepeated || names.length > MAX_NAMES) return UNUSUAL;
    if (end - start === PROTO.length && PROTO.equals(this.bytes.subarray(start, end))) return UNUSUAL;
    this.slab[this.out++] = COLON;
    return end;
  }

  private isEqual(other: JsonRange, start: number, end: number): boolean {
    if (other.end - other.start !== end - start) return false;
    for (let index = start; index < end; index++) {
      if (this.bytes[index] !== this.bytes[other.start + index - start]) return false;
    }
    return true;
  }

  private keepRequested({ start, end }: JsonRange, valueStart: number): void {
    for (const { name, quoted } of this.requested) {
      if (quoted.length === end - start && quoted.equals(this.bytes.subarray(start, end))) {
        this.attributes[name] = JSON.parse(this.slab.toString('utf8', valueStart, this.out)) as unknown;
      }
    }
  }

  private string(start: number): number {
    const { bytes, slab } = this;
    this.lastStringHasEscape = false;
    slab[this.out++] = QUOTE;
    for (let at = start + 1; ; at++) {
      const byte = bytes[at] ?? QUOTE;
      slab[this.out++] = byte;
      if (byte === QUOTE) return at + 1;
      if (byte === BACKSLASH) {
        slab[this.out++] = bytes[++at] ?? QUOTE;
        this.lastStringHasEscape = true;
      }
    }
  }

  /** Writes a number that DynamoDB returns with the same digits: without exponent and without needless zeros. */
  private number(start: number): number {
    const { bytes } = this;
    this.write(NUMBER);
    let at = start;
    let hasPoint = false;
    for (; ; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === POINT) hasPoint = true;
      else if (byte !== MINUS && (byte < ZERO || byte > 0x39)) {
        if (EXPONENTS.includes(byte)) return UNUSUAL;
        break;
      }
    }
    const isNegativeZero = bytes[start] === MINUS && bytes[start + 1] === ZERO && !hasPoint;
    if (isNegativeZero || at - start > MAX_DIGITS || (hasPoint && bytes[at - 1] === ZERO)) return UNUSUAL;
    this.copy(start, at);
    this.slab[this.out++] = QUOTE;
    this.slab[this.out++] = CLOSE_BRACE;
    return at;
  }

  private write(bytes: Buffer): void {
    for (const byte of bytes) this.slab[this.out++] = byte;
  }

  private copy(start: number, end: number): number {
    for (let at = start; at < end; at++) this.slab[this.out++] = this.bytes[at] ?? 0;
    return end;
  }

  private skipSpace(start: number): number {
    const { bytes } = this;
    let at = start;
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
    return at;
  }
}
