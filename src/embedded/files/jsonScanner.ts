/** Finds the values in JSON text without parsing them, because a file can be larger than the longest string. No I/O. */

/** The text is not JSON (RFC 8259). */
export class JsonSyntaxError extends Error {
  override name = 'JsonSyntaxError';

  readonly position: number;

  /** @param position offset of the first wrong byte. */
  constructor(reason: string, position: number) {
    super(reason);
    this.position = position;
  }
}

/** A value: the offset of its first byte, and the offset after its last byte. */
export interface JsonRange {
  start: number;
  end: number;
}

/** A member of an object, with the range of its value. */
export interface JsonMember extends JsonRange {
  name: string;
}

/** Deeper values cannot be items: 32 levels in typed form are 64 levels of JSON, inside of at most a few others. */
const MAX_JSON_DEPTH = 80;

const QUOTE = 0x22;
const PLUS = 0x2b;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

const LITERALS = ['true', 'false', 'null'].map((text) => Buffer.from(text));
const MAX_SHOWN_CHARS = 20;

/** Text in UTF-8. Offsets are in bytes. */
export class JsonScanner {
  /** The number of members of all objects in the last skipped value. */
  memberCount = 0;

  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Returns the ranges of all values that stand one after the other in the text, such as the lines of NDJSON. */
  *roots(): Generator<JsonRange> {
    let at = this.skipSpace(0);
    while (at < this.bytes.length) {
      const start = at;
      const end = this.valueEnd(start);
      yield { start, end };
      at = this.skipSpace(end);
    }
  }

  /** Returns the elements of the array that starts at the offset. */
  *elements(start: number): Generator<JsonRange> {
    let at = this.skipSpace(start + 1);
    if (this.bytes[at] === CLOSE_BRACKET) return;
    for (;;) {
      const end = this.valueEnd(at);
      yield { start: at, end };
      at = this.skipSpace(end);
      if (this.bytes[at] === CLOSE_BRACKET) return;
      at = this.skipSpace(this.expect(at, COMMA, 'a comma or ]'));
    }
  }

  /** Returns the members of the object that starts at the offset. */
  *members(start: number): Generator<JsonMember> {
    let at = this.skipSpace(start + 1);
    if (this.bytes[at] === CLOSE_BRACE) return;
    for (;;) {
      const nameEnd = this.stringEnd(at);
      const name = JSON.parse(this.bytes.toString('utf8', at, nameEnd)) as string;
      at = this.skipSpace(this.expect(this.skipSpace(nameEnd), COLON, 'a colon'));
      const end = this.valueEnd(at);
      yield { name, start: at, end };
      at = this.skipSpace(end);
      if (this.bytes[at] === CLOSE_BRACE) return;
      at = this.skipSpace(this.expect(at, COMMA, 'a comma or }'));
    }
  }

  isObject({ start }: JsonRange): boolean {
    return this.bytes[start] === OPEN_BRACE;
  }

  isArray({ start }: JsonRange): boolean {
    return this.bytes[start] === OPEN_BRACKET;
  }

  text({ start, end }: JsonRange): string {
    return this.bytes.toString('utf8', start, end);
  }

  /** Returns the number of the line that contains the offset. */
  line(offset: number): number {
    let line = 1;
    for (let at = this.bytes.indexOf('\n'); at >= 0 && at < offset; at = this.bytes.indexOf('\n', at + 1))
      line++;
    return line;
  }

  /** Returns the column of the offset in its line, in characters. */
  column(offset: number): number {
    const lineStart = offset === 0 ? 0 : this.bytes.lastIndexOf('\n', offset - 1) + 1;
    return this.bytes.toString('utf8', lineStart, offset).length + 1;
  }

  /** @throws JsonSyntaxError if the value is not valid. */
  private valueEnd(start: number): number {
    this.memberCount = 0;
    return this.skipValue(start, 0);
  }

  private skipValue(start: number, depth: number): number {
    if (depth > MAX_JSON_DEPTH) {
      throw new JsonSyntaxError('nested deeper than the 32 levels of DynamoDB', start);
    }
    const byte = this.bytes[start];
    if (byte === QUOTE) return this.stringEnd(start);
    if (byte === OPEN_BRACE) return this.skipObject(start, depth);
    return byte === OPEN_BRACKET ? this.skipArray(start, depth) : this.scalarEnd(start);
  }

  private skipObject(start: number, depth: number): number {
    let at = this.skipSpace(start + 1);
    if (this.bytes[at] === CLOSE_BRACE) return at + 1;
    for (;;) {
      at = this.skipSpace(this.stringEnd(at));
      at = this.skipSpace(this.expect(at, COLON, 'a colon'));
      at = this.skipSpace(this.skipValue(at, depth + 1));
      this.memberCount++;
      if (this.bytes[at] === CLOSE_BRACE) return at + 1;
      at = this.skipSpace(this.expect(at, COMMA, 'a comma or }'));
    }
  }

  private skipArray(start: number, depth: number): number {
    let at = this.skipSpace(start + 1);
    if (this.bytes[at] === CLOSE_BRACKET) return at + 1;
    for (;;) {
      at = this.skipSpace(this.skipValue(at, depth + 1));
      if (this.bytes[at] === CLOSE_BRACKET) return at + 1;
      at = this.skipSpace(this.expect(at, COMMA, 'a comma or ]'));
    }
  }

  /** Returns the offset after a string. */
  private stringEnd(start: number): number {
    const { bytes } = this;
    if (bytes[start] !== QUOTE) throw this.unexpected(start, 'a string in double quotes');
    let hasEscape = false;
    let at = start + 1;
    for (; at < bytes.length; at++) {
      const byte = bytes[at] ?? 0;
      if (byte === QUOTE) {
        if (hasEscape) this.checkEscapes(start, at + 1);
        return at + 1;
      }
      if (byte === BACKSLASH) {
        hasEscape = true;
        at++;
      } else if (byte < 0x20) {
        throw new JsonSyntaxError('a string must not contain a line break or another control character', at);
      }
    }
    throw new JsonSyntaxError('a string that starts here does not end', start);
  }

  private checkEscapes(start: number, end: number): void {
    const string = this.bytes.toString('latin1', start, end);
    const escape = /\\(?!["\\/bfnrt]|u[\da-fA-F]{4})/.exec(string.replaceAll('\\\\', '\u0000\u0000'));
    if (escape !== null) throw new JsonSyntaxError('an invalid escape in a string', start + escape.index);
  }

  /** Returns the offset after a number, true, false or null. */
  private scalarEnd(start: number): number {
    const { bytes } = this;
    const end =
      bytes[start] === MINUS || isDigit(bytes[start]) ? this.numberEnd(start) : this.literalEnd(start);
    if (end !== undefined && !isWordByte(bytes[end])) return end;
    throw this.unexpected(start, 'a JSON value');
  }

  private literalEnd(start: number): number | undefined {
    const literal = LITERALS.find((bytes) => bytes[0] === this.bytes[start]);
    const isEqual = literal?.every((byte, index) => byte === this.bytes[start + index]) === true;
    return isEqual ? start + literal.length : undefined;
  }

  private numberEnd(start: number): number | undefined {
    const { bytes } = this;
    const first = bytes[start] === MINUS ? start + 1 : start;
    let end: number | undefined = bytes[first] === ZERO ? first + 1 : this.digitsEnd(first);
    if (end !== undefined && bytes[end] === POINT) end = this.digitsEnd(end + 1);
    if (end !== undefined && (bytes[end] === 0x65 || bytes[end] === 0x45)) {
      const hasSign = bytes[end + 1] === MINUS || bytes[end + 1] === PLUS;
      end = this.digitsEnd(hasSign ? end + 2 : end + 1);
    }
    return end;
  }

  /** Returns the offset after one or more digits. */
  private digitsEnd(start: number): number | undefined {
    let end = start;
    while (isDigit(this.bytes[end])) end++;
    return end === start ? undefined : end;
  }

  private skipSpace(start: number): number {
    const { bytes } = this;
    let at = start;
    while (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x0d || bytes[at] === 0x09) at++;
    return at;
  }

  /** Returns the offset after the last byte that is not white space. */
  private textEnd(): number {
    let end = this.bytes.length;
    while (end > 0 && this.skipSpace(end - 1) > end - 1) end--;
    return end;
  }

  private expect(at: number, byte: number, expected: string): number {
    if (this.bytes[at] === byte) return at + 1;
    throw this.unexpected(at, expected);
  }

  private unexpected(at: number, expected: string): JsonSyntaxError {
    if (at >= this.bytes.length) {
      return new JsonSyntaxError(`the file ends where ${expected} must follow`, this.textEnd());
    }
    const [line = ''] = this.bytes.toString('utf8', at, at + MAX_SHOWN_CHARS).split(/[\r\n]/, 1);
    return new JsonSyntaxError(`expected ${expected}, not ${JSON.stringify(line)}`, at);
  }
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

/** A letter, digit, sign or point, which cannot follow a number or a literal. */
function isWordByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  const lowerCase = byte | 0x20;
  return (
    isDigit(byte) ||
    (lowerCase >= 0x61 && lowerCase <= 0x7a) ||
    byte === MINUS ||
    byte === PLUS ||
    byte === POINT
  );
}
