/**
 * Generates Scan responses for the fuzzer: in every legal JSON notation, optionally with flaws, and mutated.
 * Unlike fast-check's arbitraries they cannot be shrunk, but they are generated much faster.
 */

/** Random numbers that a seed reproduces (mulberry32). */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed | 0;
  }

  /** Returns an integer from 0 to below the limit. */
  below(limit: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), this.state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  }

  /** Returns true with a probability of 1 / times. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  /** Returns one of the values. The list must not be empty. */
  pick<T>(values: readonly T[]): T {
    return values[this.below(values.length)] as T;
  }
}

const SPACES = ['', '', '', ' ', '\n', '\r\n\t ', ' '.repeat(17)];
const TYPES = words`S N B BOOL NULL M L SS NS BS`;
const NOT_TYPES = words`s X NU SSS NUL NULLS BOOl \u0000S S\" \" "":" ſ`.concat('', 'S\0', 'NS\0\0', '\0N');
const NAMES = words`a b S __proto__ constructor Items Count toString 0`.concat('');
const OTHER_NAMES = words`items Item Itemss Items\u0000 __proto__ é ScannedCount`.concat('');
const NUMBERS = words`0 -0 7 -12.50 0.10 1.23e+40 1E-130 5e0 0e00 10e01 -9.9999999999999999999E+125`;
const NOT_NUMBERS = [
  ...words`- +5 007 -01 00 1. .5 -.5 1.e5 1e 1e+ 1,5 0x10 NaN 1\n ٣ 1e5.5 --1 1e++5 1: 1/ 1\u002e 1\u0022`,
  ...['', ' 1', '1 ', '1\0', 'Infinity'],
];
const FRAGMENTS = [
  ...words`x é 😀 { }] , : ' \n \" \\ \/ \b \f \r \t \u0041 \ud83d \uDE00 \u0000 \u0022 \u005c \uAf90`,
  ...['', '\u2028', '\x7f'],
];
const NOT_FRAGMENTS = [
  ...words`" \ \x41 \U0041 \' \0 \u041 \u00g1 \u00:1 \u/000 \u@000 \u${'`'}000 \uG000 \u004 \uD83D\u`,
  ...['\n', '\x1f', '\0', '\t', '\\u 041'],
];
const VALUES = [
  ...words`null true -1.5e3 "" "\ud83d]}," [] {} [1,[2,{"a":[]}]] [{"Items":[]},"Items"] {"id":{"N":"1"}}`,
  ...words`{"Count":9} {"Items":[{"a":{"S":"]},{"}}]} {"__proto__":{"Count":9}}`,
];
const NOT_VALUES = [
  ...words`tru nullx 0x1 01 - [1,] [,] {]} [} {"a"} {"a":} {"a":1,} NaN [1;2] \u0031 'a' {a:1} [ " {}} ]`,
  ...['', '"\n"', '1 2', '"a" "b"', '{"a":1 "b":2}', '[1 2]'],
];

/** Nesting levels around the transcoder's limit, and levels that would overflow any stack. */
const LEGAL_LEVELS = [31, 120, 126, 127];
const LEVELS = [127, 128, 128, 129, 200];
const HUGE_LEVELS = [2_000, 5_000, 5_000, 5_000, 100_000];

/** Splits a template at its spaces, without interpreting backslashes. */
function words(strings: TemplateStringsArray, ...values: readonly string[]): string[] {
  return String.raw(strings, ...values).split(' ');
}

interface Style {
  /** Whether parts of the response may be invalid. */
  isFlawed: boolean;
  /** Whether it is a response to `Select: COUNT`. */
  isCount: boolean;
}

/** Writes the JSON of a response. */
export function writeResponse(random: Random, style: Style): string {
  return new Writer(random, style).response();
}

class Writer {
  private readonly random: Random;
  private readonly style: Style;
  /** Whether to add optional white space and escapes. */
  private readonly isLoose: boolean;

  constructor(random: Random, style: Style) {
    this.random = random;
    this.style = style;
    this.isLoose = random.oneIn(2);
  }

  response(): string {
    const { random } = this;
    const items = Array.from({ length: random.below(5) }, () => this.map(2));
    const hasItems = !this.style.isCount && !random.oneIn(20);
    if (hasItems && random.oneIn(300)) items.push(`{"deep":${this.chain()}}`);
    if (hasItems && random.oneIn(3000)) this.enlarge(items);
    const fields = [this.field('Count', this.count(hasItems ? items.length : 0))];
    if (hasItems) fields.push(this.field('Items', this.enclosed('[', ']', items)));
    while (random.oneIn(2)) fields.push(this.field(this.or(random.pick(OTHER_NAMES), NAMES), this.other()));
    if (this.isFlaw()) fields.push(random.pick(fields));
    fields.sort(() => random.below(3) - 1);
    return this.space() + this.enclosed('{', '}', fields) + this.space();
  }

  /** Repeats the items until the page has up to a few hundred KB. */
  private enlarge(items: string[]): void {
    const once = [...items];
    const times = this.random.below(400_000) / (items.join().length + 1);
    for (let time = 1; time < times; time++) items.push(...once);
  }

  /** Writes an integer in one of its many notations. */
  private count(itemCount: number): string {
    const count = this.style.isCount ? this.random.below(100) : itemCount;
    const forms = this.isLoose ? [`${count}.0`, `${count}e0`, `${count}.00E+0`] : [];
    return this.or(this.random.pick([`${count}`, `${count}`, ...forms]), [
      `${count + 1}`,
      `"${count}"`,
      '-1',
    ]);
  }

  private other(): string {
    if (this.random.oneIn(500)) return this.chain();
    return this.or(this.random.pick(VALUES), NOT_VALUES);
  }

  private map(levels: number): string {
    const length = this.random.below(levels + 2);
    return this.enclosed(
      '{',
      '}',
      Array.from({ length }, () => {
        const name = this.random.oneIn(2) ? this.random.pick(NAMES) : this.text();
        return `${this.space()}"${name}"${this.colon()}${this.value(levels)}`;
      }),
    );
  }

  private value(levels: number): string {
    const type = this.random.pick(levels > 0 ? TYPES : TYPES.filter((name) => name !== 'M' && name !== 'L'));
    const content = this.content(this.or(type, TYPES), levels);
    const fields = [this.field(this.or(type, NOT_TYPES), this.or(content, VALUES))];
    if (this.isFlaw()) fields.push(...this.random.pick([fields, ['"S":"x"']]));
    return this.enclosed('{', '}', this.isFlaw() ? [] : fields);
  }

  private content(type: string, levels: number): string {
    const { random } = this;
    if (type === 'S' || type === 'B') return `"${this.text()}"`;
    if (type === 'N') return this.number();
    if (type === 'BOOL') return this.or(random.pick(['true', 'false']), ['fals', 'truE', '"true"', 'null']);
    if (type === 'NULL') return this.or('true', ['false', 'null', 'tru']);
    if (type === 'M') return this.map(levels - 1);
    const element = (): string => {
      if (type === 'L') return this.value(levels - 1);
      return type === 'NS' ? this.number() : `"${this.text()}"`;
    };
    return this.enclosed('[', ']', Array.from({ length: random.below(4) }, element));
  }

  /** Prefers lengths around multiples of 16, because the transcoder reads blocks of 16 bytes. */
  private text(): string {
    const { random } = this;
    const fragment = () => this.or(random.pick(FRAGMENTS), NOT_FRAGMENTS);
    const filler = random.oneIn(3) ? 'x'.repeat(16 * random.below(4) + random.below(17)) : '';
    const end = random.oneIn(3) ? 'y'.repeat(random.below(18)) + fragment() : '';
    return filler + fragment() + end;
  }

  private number(): string {
    const { random } = this;
    const isLong = random.oneIn(3);
    const digits = isLong ? `${random.below(9) + 1}${'0123456789'.repeat(5).slice(random.below(50))}` : '';
    return `"${this.escaped(this.or(isLong ? digits : random.pick(NUMBERS), NOT_NUMBERS))}"`;
  }

  /** Writes a value inside many nested lists and maps. */
  private chain(): string {
    const { random } = this;
    const flawed = random.oneIn(10) ? HUGE_LEVELS : LEVELS;
    const levels = random.pick(this.style.isFlawed ? flawed : LEGAL_LEVELS);
    const kinds = Array.from({ length: levels }, () => random.oneIn(2));
    const opened = kinds.map((isList) => (isList ? '{"L":[' : '{"M":{"a":')).join('');
    const closed = kinds.map((isList) => (isList ? ']}' : '}}')).reverse();
    return `${opened}{"S":"x"}${closed.join('')}`;
  }

  private field(name: string, value: string): string {
    return `"${this.escaped(name)}"${this.colon()}${value}`;
  }

  private colon(): string {
    return this.space() + this.or(':', ['', '::', ';', ',']) + this.space();
  }

  private enclosed(open: string, close: string, elements: readonly string[]): string {
    let text = open + this.space();
    elements.forEach((element, index) => {
      if (index > 0) text += this.space() + this.or(',', ['', ',,', ';', ' ']) + this.space();
      text += element;
    });
    return text + this.space() + this.or(close, [`,${close}`, '', ']', '}', `${close},`]);
  }

  /** Writes some characters of ASCII text as escapes. */
  private escaped(ascii: string): string {
    if (!this.isLoose || !this.random.oneIn(4) || ascii.includes('\\')) return ascii;
    return ascii.replace(/[ -~]/g, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      return this.random.oneIn(2) ? character : `\\u${this.random.oneIn(2) ? code : code.toUpperCase()}`;
    });
  }

  private space(): string {
    return this.isLoose ? this.random.pick(SPACES) : '';
  }

  private isFlaw(): boolean {
    return this.style.isFlawed && this.random.oneIn(60);
  }

  private or(legal: string, flaws: readonly string[]): string {
    return this.isFlaw() ? this.random.pick(flaws) : legal;
  }
}

const PUNCTUATION = Buffer.from('"\\{}[],:');
const BYTES = Array.from(Buffer.from('"\\{}[],:0-+.eEuSNBML; \n\r\t\0\x1f\x7f'));
const INSERTED = [
  ...words`ff c080 eda080 f4908080 e282 efbbbf 80 c3 00`.map((hex) => Buffer.from(hex, 'hex')),
  ...words`, {} ,{} [] "S":"x" ,"S":"x" "": "Items":[], \u \u0000 true`.map((text) => Buffer.from(text)),
];
const DEEP = Buffer.from('{"L":['.repeat(5_000));

/** Returns the page with a few bytes or slices changed, moved, added or removed. */
export function mutate(random: Random, page: Buffer, other: Buffer): Buffer {
  let mutated = mutateOnce(random, page, other);
  while (random.oneIn(4)) mutated = mutateOnce(random, mutated, other);
  return mutated;
}

function mutateOnce(random: Random, page: Buffer, other: Buffer): Buffer {
  const [from, to] = slice(random, page);
  switch (random.below(9)) {
    case 0:
      return page.subarray(0, to);
    case 1:
      return splice(page, from, from + 1, Buffer.of((page[from] ?? 0) ^ (1 << random.below(8))));
    case 2:
      return splice(page, from, from + random.below(2), Buffer.of(random.pick(BYTES)));
    case 3:
      return splice(page, from, from + 1, Buffer.of());
    case 4:
      return splice(page, from, to, page.subarray(from, to).toReversed());
    case 5:
      return splice(page, from, to, Buffer.of());
    case 6:
      return splice(page, to, to, page.subarray(from, to));
    case 7:
      return splice(page, from, to, other.subarray(...slice(random, other)));
    default:
      return splice(page, from, from, random.oneIn(200) ? DEEP : random.pick(INSERTED));
  }
}

function slice(random: Random, page: Buffer): [number, number] {
  const from = place(random, page);
  const to = random.oneIn(3) ? from + random.below(4) : place(random, page);
  return [Math.min(from, to), Math.max(from, to)];
}

/** Picks a position, mostly next to JSON punctuation, where small changes have large effects. */
function place(random: Random, page: Buffer): number {
  let at = random.below(page.length + 1);
  if (random.oneIn(4)) return at;
  while (at < page.length && !PUNCTUATION.includes(page[at] ?? 0)) at++;
  return at + random.below(2);
}

/** Returns the page with a slice replaced by other bytes. */
export function splice(page: Buffer, from: number, to: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([page.subarray(0, from), inserted, page.subarray(to)]);
}
