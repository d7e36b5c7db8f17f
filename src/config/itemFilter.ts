/** Parses ITEM_FILTER: a filter expression with attribute names, literals and claims of the client. No I/O. */
import { FUNCTIONS, isKeyword } from '../dynamodb/expression';

/** A part of the filter. Names, literals and claims become placeholders when a request is made. */
export type FilterPart =
  | { kind: 'text'; text: string }
  | { kind: 'name'; name: string }
  /** `value` is a typed value: `{"S":"public"}`. */
  | { kind: 'literal'; value: TypedLiteral }
  /** `inList`: between the parentheses of IN, where a list of values is possible. */
  | { kind: 'claim'; path: readonly string[]; inList: boolean };

type TypedLiteral = { S: string } | { N: string } | { BOOL: boolean } | { NULL: true };

export type ItemFilter = readonly FilterPart[];

/** The filter is invalid. The message is a phrase without a period. */
export class ItemFilterError extends Error {
  override name = 'ItemFilterError';
}

const TOKEN =
  /\s*(?:(?<claim>\$claims(?:\.\w+|\['[^']+'\])+)|'(?<string>(?:[^']|'')*)'|"(?<quoted>[^"]+)"|(?<number>-?\d+(?:\.\d+)?)|(?<word>[A-Za-z_]\w*)|(?<symbol><>|<=|>=|[=<>(),.[\]]))\s*/y;

const LITERALS: Readonly<Record<string, TypedLiteral>> = {
  true: { BOOL: true },
  false: { BOOL: false },
  null: { NULL: true },
};

/**
 * Parses a filter such as `owner = $claims.sub OR visibility = 'public'`.
 *
 * Attribute names are plain words, or in double quotes; strings are in single quotes.
 *
 * @throws ItemFilterError
 */
export function parseItemFilter(text: string): ItemFilter {
  const parts: FilterPart[] = [];
  for (let at = 0; at < text.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const groups = TOKEN.exec(text)?.groups;
    if (groups === undefined) throw new ItemFilterError(`unexpected text at character ${at + 1}`);
    parts.push(partOf(groups, parts));
  }
  new Grammar(parts).check();
  return parts.map((part, at) => (part.kind === 'claim' ? { ...part, inList: isInList(parts, at) } : part));
}

/** Returns the claims that a filter uses, each as its path. */
export function claimsIn(filter: ItemFilter): (readonly string[])[] {
  return filter.flatMap((part) => (part.kind === 'claim' ? [part.path] : []));
}

function partOf(
  groups: Readonly<Record<string, string | undefined>>,
  before: readonly FilterPart[],
): FilterPart {
  const { claim, string, quoted, number, word = '', symbol } = groups;
  if (claim !== undefined) {
    const path = [...claim.matchAll(/\.(\w+)|\['([^']+)'\]/g)].map(
      ([, plain, bracketed]) => plain ?? bracketed ?? '',
    );
    return { kind: 'claim', path, inList: false };
  }
  if (string?.includes('$claims') === true) {
    throw new ItemFilterError('a claim in quotes is only text; write it without quotes');
  }
  if (string !== undefined) return { kind: 'literal', value: { S: string.replaceAll("''", "'") } };
  if (quoted !== undefined) return { kind: 'name', name: quoted };
  if (number !== undefined) {
    const previous = before.at(-1);
    // In a path such as tags[0], the number is an index.
    const isIndex = previous?.kind === 'text' && previous.text === '[';
    return isIndex ? { kind: 'text', text: number } : { kind: 'literal', value: { N: number } };
  }
  if (symbol !== undefined) return { kind: 'text', text: symbol };
  if (isKeyword(word)) return { kind: 'text', text: word.toUpperCase() };
  if (FUNCTIONS.includes(word)) return { kind: 'text', text: word };
  const value = Object.hasOwn(LITERALS, word) ? LITERALS[word] : undefined;
  return value === undefined ? { kind: 'name', name: word } : { kind: 'literal', value };
}

function isInList(parts: readonly FilterPart[], at: number): boolean {
  const textAt = (index: number) => {
    const part = parts[index];
    return part?.kind === 'text' ? part.text : undefined;
  };
  let closed = 0;
  for (let index = at - 1; index >= 0; index--) {
    if (textAt(index) === ')') closed++;
    // The parenthesis that is still open before this part.
    if (textAt(index) === '(' && closed-- === 0) return textAt(index - 1) === 'IN';
  }
  return false;
}

/**
 * Checks the grammar of a condition.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 */
class Grammar {
  private at = 0;
  private readonly parts: readonly FilterPart[];

  constructor(parts: readonly FilterPart[]) {
    this.parts = parts;
  }

  check(): void {
    this.condition();
    if (this.at < this.parts.length) throw this.unexpected('AND, OR or the end');
  }

  private condition(): void {
    do {
      while (this.accept('NOT'));
      if (this.accept('(')) {
        this.condition();
        this.expect(')');
      } else {
        this.comparison();
      }
    } while (this.accept('AND') || this.accept('OR'));
  }

  private comparison(): void {
    const name = this.text();
    if (name !== undefined && name !== 'size' && FUNCTIONS.includes(name)) {
      this.call();
      return;
    }
    this.operand();
    if (['=', '<>', '<', '<=', '>', '>='].some((operator) => this.accept(operator))) {
      this.operand();
    } else if (this.accept('BETWEEN')) {
      this.operand();
      this.expect('AND');
      this.operand();
    } else if (this.accept('IN')) {
      this.expect('(');
      do this.operand();
      while (this.accept(','));
      this.expect(')');
    } else {
      throw this.unexpected('a comparison');
    }
  }

  private call(): void {
    this.at++;
    this.expect('(');
    do this.operand();
    while (this.accept(','));
    this.expect(')');
  }

  private operand(): void {
    if (this.text() === 'size') {
      this.call();
      return;
    }
    const part = this.parts[this.at];
    if (part === undefined || part.kind === 'text') throw this.unexpected('an attribute, a value or a claim');
    this.at++;
    if (part.kind === 'name') this.path();
  }

  private path(): void {
    for (;;) {
      if (this.accept('[')) {
        if (!/^\d+$/.test(this.text() ?? '')) throw this.unexpected('an index');
        this.at++;
        this.expect(']');
      } else if (this.accept('.')) {
        if (this.parts[this.at]?.kind !== 'name') throw this.unexpected('the name of a nested attribute');
        this.at++;
      } else {
        return;
      }
    }
  }

  private text(): string | undefined {
    const part = this.parts[this.at];
    return part?.kind === 'text' ? part.text : undefined;
  }

  private accept(text: string): boolean {
    if (this.text() !== text) return false;
    this.at++;
    return true;
  }

  private expect(text: string): void {
    if (!this.accept(text)) throw this.unexpected(text);
  }

  private unexpected(expected: string): ItemFilterError {
    const part = this.parts[this.at];
    const found = part === undefined ? 'the end' : `part ${this.at + 1}`;
    return new ItemFilterError(`expected ${expected} instead of ${found}`);
  }
}
