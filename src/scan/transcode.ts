/**
 * DynamoDB JSON to the JSON that clients read, in one pass over the bytes of a Scan answer.
 *
 * No objects are built: a number keeps its digits, a string its escapes, and any attribute name is
 * legal, because each is copied as the bytes that DynamoDB sent. No I/O, and no AWS SDK.
 */
import { isUtf8 } from 'node:buffer';

/** How records are to be written. */
export interface ItemForm {
  /** `plain`: as plain JSON. `typed`: as DynamoDB sent them, `{"S":"…"}`. */
  values: 'plain' | 'typed';
  /** `string`: plain numbers are written in quotes, for readers whose JSON parser rounds. */
  numbers: 'number' | 'string';
  /** What stands between two records. */
  separator: ',' | '\n';
}

/** As DynamoDB was asked, so that its answer can be checked, and read in part. */
export interface ItemOptions extends ItemForm {
  /** The answer is to a scan with `Select: COUNT`, which counts what it does not send. */
  countOnly?: boolean;
  /** Write so many of the records; all are checked. */
  atMost?: number;
}

/** Plain JSON records with commas between them. */
export const PLAIN_JSON: ItemForm = { values: 'plain', numbers: 'number', separator: ',' };

/** A Scan answer taken apart: the records, and what else the answer said. */
export interface TranscodedScan {
  /** The records as JSON objects with separators between them; empty where there are none. */
  items: Buffer;
  /** The answer without its `Items`, still in DynamoDB JSON. */
  rest: Buffer;
}

/** DynamoDB's answer is not the JSON that the Scan API describes. */
export class MalformedAnswerError extends Error {
  override name = 'MalformedAnswerError';
}

/**
 * Rewrites the body of a successful Scan answer from DynamoDB JSON.
 *
 * In plain JSON S, B and the members of SS and BS stay strings (binary in base64), N and the members
 * of NS become JSON numbers with the same digits, BOOL and NULL literals, M objects, L arrays. Any
 * legal JSON is taken: white space, members in any order, escaped names.
 *
 * @throws MalformedAnswerError where the body is anything else, or holds another number of records
 *   than its own `Count`.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
 */
export function transcodeScan(answer: Uint8Array, options: ItemOptions = PLAIN_JSON): TranscodedScan {
  if (!isUtf8(answer)) throw new MalformedAnswerError('the answer is not UTF-8');
  return new Transcoder(answer, options).scan();
}

const END = -1;
const [QUOTE, BACKSLASH, COMMA, COLON] = bytes('"\\,:');
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = bytes('{}[]');
const [MINUS, PLUS, POINT, ZERO, NINE, LOWER_E, UPPER_E, LOWER_U] = bytes('-+.09eEu');
const [SPACE, TAB, LINE_FEED, CARRIAGE_RETURN] = bytes(' \t\n\r');
const SIMPLE_ESCAPES = new Set(bytes('"\\/bfnrt'));
const HEX_DIGITS = new Set(bytes('0123456789abcdefABCDEF'));
const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

/** The names of DynamoDB's types, each as its bytes in one integer, with a 1 before that tells lengths apart. */
const TYPE = {
  S: pack('S'),
  N: pack('N'),
  B: pack('B'),
  BOOL: pack('BOOL'),
  NULL: pack('NULL'),
  M: pack('M'),
  L: pack('L'),
  SS: pack('SS'),
  NS: pack('NS'),
  BS: pack('BS'),
};

/** DynamoDB nests 32 levels; the margin is for compatible engines, the limit for the stack. */
const MAX_DEPTH = 128;

/** The length of `BOOL` and `NULL`. */
const LONGEST_TYPE = 4;

/** Below this length a loop copies faster than a call into native code. */
const SHORT = 48;

class Transcoder {
  private readonly input: Buffer;
  private readonly output: Buffer;
  private readonly options: ItemOptions;
  /** Where the next byte is read. */
  private at = 0;
  /** Where the next byte is written: no form is longer than DynamoDB JSON. */
  private end = 0;

  constructor(answer: Uint8Array, options: ItemOptions) {
    this.input = Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength);
    this.output = Buffer.allocUnsafe(answer.byteLength);
    this.options = options;
  }

  scan(): TranscodedScan {
    let itemCount: number | undefined;
    const rest: string[] = [];
    this.members(() => {
      const start = this.at;
      const name = this.decodedString();
      this.punctuation(COLON);
      if (name === 'Items') {
        if (itemCount !== undefined) this.fail('a second "Items"');
        itemCount = this.items();
      } else {
        this.skipValue();
        rest.push(this.input.toString('utf8', start, this.at));
      }
    });
    if (this.peek() !== END) this.fail('more after the end');
    const restJson = `{${rest.join(',')}}`;
    if (itemCount !== undefined || this.options.countOnly !== true) verifyCount(restJson, itemCount ?? 0);
    return { items: this.output.subarray(0, this.end), rest: Buffer.from(restJson) };
  }

  private items(): number {
    const { separator, values, atMost = Infinity } = this.options;
    const between = separator === ',' ? COMMA : LINE_FEED;
    let count = 0;
    this.elements(() => {
      const end = this.end;
      if (count > 0) this.write(between);
      if (values === 'plain') this.map(0);
      else this.typedItem();
      if (count++ >= atMost) this.end = end;
    });
    return count;
  }

  /** Copies a record as it is, once it has been found to be one. */
  private typedItem(): void {
    this.peek();
    const start = this.at;
    const { end } = this;
    this.map(0);
    this.end = end;
    this.copy(start, this.at);
  }

  /** An attribute value, `{"TYPE": …}`. */
  private value(depth: number): void {
    if (depth > MAX_DEPTH) this.fail(`nesting deeper than ${MAX_DEPTH}`);
    this.punctuation(OPEN_OBJECT);
    const type = this.type();
    this.punctuation(COLON);
    switch (type) {
      case TYPE.S:
      case TYPE.B:
        this.string();
        break;
      case TYPE.N:
        this.number();
        break;
      case TYPE.M:
        this.map(depth);
        break;
      case TYPE.L:
        this.list(() => {
          this.value(depth + 1);
        });
        break;
      case TYPE.SS:
      case TYPE.BS:
        this.list(() => {
          this.string();
        });
        break;
      case TYPE.NS:
        this.list(() => {
          this.number();
        });
        break;
      case TYPE.BOOL:
        this.copyLiteral(this.peek() === TRUE[0] ? TRUE : FALSE);
        break;
      case TYPE.NULL:
        this.literal(TRUE);
        this.end += NULL.copy(this.output, this.end);
        break;
      default:
        this.fail('an unknown attribute type');
    }
    this.punctuation(CLOSE_OBJECT);
  }

  private map(depth: number): void {
    let first = true;
    this.write(OPEN_OBJECT);
    this.members(() => {
      if (!first) this.write(COMMA);
      first = false;
      this.string();
      this.punctuation(COLON);
      this.write(COLON);
      this.value(depth + 1);
    });
    this.write(CLOSE_OBJECT);
  }

  private list(element: () => void): void {
    let first = true;
    this.write(OPEN_ARRAY);
    this.elements(() => {
      if (!first) this.write(COMMA);
      first = false;
      element();
    });
    this.write(CLOSE_ARRAY);
  }

  private members(member: () => void): void {
    this.separated(OPEN_OBJECT, CLOSE_OBJECT, member);
  }

  private elements(element: () => void): void {
    this.separated(OPEN_ARRAY, CLOSE_ARRAY, element);
  }

  private separated(open: number, close: number, one: () => void): void {
    this.punctuation(open);
    if (this.peek() === close) {
      this.at++;
      return;
    }
    for (;;) {
      one();
      const next = this.peek();
      this.at++;
      if (next === close) return;
      if (next !== COMMA) this.fail('a missing comma', this.at - 1);
    }
  }

  /** A type's name, packed as in TYPE. */
  private type(): number {
    if (this.peek() !== QUOTE) this.fail('a missing attribute type');
    let packed = 1;
    for (let at = this.at + 1; at <= this.at + LONGEST_TYPE + 1; at++) {
      const c = this.byte(at);
      if (c === QUOTE) {
        this.at = at + 1;
        return packed;
      }
      if (c === BACKSLASH) break;
      packed = packed * 256 + c;
    }
    return pack(this.decodedString());
  }

  private string(): void {
    const close = this.stringEnd();
    this.copy(this.at, close + 1);
    this.at = close + 1;
  }

  /** A number, which DynamoDB JSON writes as a string; without its quotes where it is to be one. */
  private number(): void {
    const close = this.stringEnd();
    const start = this.at + 1;
    const quoted = this.options.numbers === 'string';
    if (quoted) this.write(QUOTE);
    if (close > start && this.numberEnd(start) === close) this.copy(start, close);
    else this.copyUnusualNumber(start, close);
    if (quoted) this.write(QUOTE);
    this.at = close + 1;
  }

  /** An escape inside a number is legal JSON, if nothing that DynamoDB would write. */
  private copyUnusualNumber(start: number, close: number): void {
    const text = this.decode(start - 1, close + 1);
    if (!JSON_NUMBER.test(text)) this.fail('a number that is no JSON number', start);
    this.end += this.output.write(text, this.end, 'latin1');
  }

  /** Where the JSON number that starts here ends; `start` where there is none. RFC 8259, section 6. */
  private numberEnd(start: number): number {
    let at = start;
    if (this.byte(at) === MINUS) at++;
    const integer = this.digitsEnd(at);
    if (integer === at || (this.byte(at) === ZERO && integer > at + 1)) return start;
    at = integer;
    if (this.byte(at) === POINT) {
      const fraction = this.digitsEnd(at + 1);
      if (fraction === at + 1) return start;
      at = fraction;
    }
    if (this.byte(at) === LOWER_E || this.byte(at) === UPPER_E) {
      at++;
      if (this.byte(at) === PLUS || this.byte(at) === MINUS) at++;
      const exponent = this.digitsEnd(at);
      if (exponent === at) return start;
      at = exponent;
    }
    return at;
  }

  private digitsEnd(start: number): number {
    let at = start;
    for (let c = this.byte(at); c >= ZERO && c <= NINE; c = this.byte(at)) at++;
    return at;
  }

  /** Where the closing quote is of the string that comes next. RFC 8259, section 7. */
  private stringEnd(): number {
    if (this.peek() !== QUOTE) this.fail('a missing string');
    const input = this.input;
    let at = this.at + 1;
    for (;;) {
      const c = input[at] ?? END;
      if (c === QUOTE) return at;
      if (c < SPACE) this.fail('a string that does not end, or a control character in it', at);
      at = c === BACKSLASH ? this.escapeEnd(at + 1) : at + 1;
    }
  }

  private escapeEnd(at: number): number {
    const c = this.byte(at);
    if (SIMPLE_ESCAPES.has(c)) return at + 1;
    if (c !== LOWER_U) this.fail('an unknown escape', at);
    for (let digit = 1; digit <= 4; digit++) {
      if (!HEX_DIGITS.has(this.byte(at + digit))) this.fail('an incomplete \\u escape', at);
    }
    return at + 5;
  }

  private decodedString(): string {
    const close = this.stringEnd();
    const text = this.decode(this.at, close + 1);
    this.at = close + 1;
    return text;
  }

  private decode(start: number, end: number): string {
    return JSON.parse(this.input.toString('utf8', start, end)) as string;
  }

  private copyLiteral(text: Buffer): void {
    this.literal(text);
    this.end += text.copy(this.output, this.end);
  }

  private literal(text: Buffer): void {
    this.peek();
    for (const byte of text) {
      if (this.byte(this.at++) !== byte) this.fail(`a value that is not ${text.toString()}`, this.at - 1);
    }
  }

  /** Passes over any JSON value; `verified` has what was passed over checked by JSON.parse. */
  private skipValue(): void {
    let depth = 0;
    do {
      const c = this.peek();
      if (c === END) this.fail('an answer cut short');
      else if (c === QUOTE) this.at = this.stringEnd();
      else if (c === OPEN_OBJECT || c === OPEN_ARRAY) depth++;
      else if (c === CLOSE_OBJECT || c === CLOSE_ARRAY) depth--;
      this.at++;
    } while (depth > 0 || !this.atValueEnd());
  }

  private atValueEnd(): boolean {
    const c = this.peek();
    return c === COMMA || c === CLOSE_OBJECT || c === END;
  }

  private punctuation(expected: number): void {
    if (this.peek() !== expected) this.fail(`a missing "${String.fromCharCode(expected)}"`);
    this.at++;
  }

  /** The next byte that is not white space; it is not consumed. */
  private peek(): number {
    let c = this.byte(this.at);
    while (c === SPACE || c === LINE_FEED || c === CARRIAGE_RETURN || c === TAB) c = this.byte(++this.at);
    return c;
  }

  private byte(at: number): number {
    return this.input[at] ?? END;
  }

  private write(byte: number): void {
    this.output[this.end++] = byte;
  }

  private copy(start: number, end: number): void {
    if (end - start > SHORT) {
      this.end += this.input.copy(this.output, this.end, start, end);
      return;
    }
    for (let at = start; at < end; at++) this.write(this.byte(at));
  }

  private fail(what: string, at = this.at): never {
    throw new MalformedAnswerError(`the answer has ${what} at byte ${at}`);
  }
}

function bytes(characters: string): number[] & Record<0 | 1 | 2 | 3 | 4 | 5 | 6 | 7, number> {
  return Array.from(characters, (c) => c.charCodeAt(0)) as ReturnType<typeof bytes>;
}

function pack(name: string): number {
  return Buffer.from(name).reduce((packed, byte) => packed * 256 + byte, 1);
}

/** An answer with fewer records than it says must not pass for a whole one. */
function verifyCount(rest: string, itemCount: number): void {
  let count: unknown;
  try {
    ({ Count: count } = JSON.parse(rest) as { Count?: unknown });
  } catch (cause) {
    throw new MalformedAnswerError('the answer is not JSON', { cause });
  }
  if (count !== itemCount) {
    throw new MalformedAnswerError(`the answer's Count does not match its ${itemCount} Items`);
  }
}
