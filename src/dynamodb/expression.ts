/** Finds the attributes in DynamoDB's filter and projection expressions. No I/O. */

/** An expression that cannot be split into tokens. DynamoDB would reject it too. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

const TOKEN = /\s*([#:]?[\w-]+|<>|<=|>=|[=<>(),.[\]])\s*/y;

const KEYWORDS = ['AND', 'OR', 'NOT', 'BETWEEN', 'IN'];

/** https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html */
export const FUNCTIONS: readonly string[] = [
  'attribute_exists',
  'attribute_not_exists',
  'attribute_type',
  'begins_with',
  'contains',
  'size',
];

/**
 * Splits an expression into names, placeholders, numbers, operators and punctuation.
 *
 * @throws ExpressionError
 */
export function tokensOf(expression: string): string[] {
  const tokens: string[] = [];
  for (let at = 0; at < expression.length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const [, token] = TOKEN.exec(expression) ?? [];
    if (token === undefined) throw new ExpressionError(`unexpected character at position ${at + 1}`);
    tokens.push(token);
  }
  return tokens;
}

/** Returns the number of open parentheses after each token, or after each character of a text. */
export function parenthesisDepths(tokens: Iterable<string>): number[] {
  let depth = 0;
  return Array.from(tokens, (token) => {
    if (token === '(') depth++;
    if (token === ')') depth--;
    return depth;
  });
}

/** Returns whether a word is one of DynamoDB's keywords, which are not case-sensitive. */
export function isKeyword(word: string): boolean {
  return KEYWORDS.includes(word.toUpperCase());
}

/**
 * Returns the top-level attributes in the tokens of an expression, each once, in order, with placeholders resolved:
 * `#a.b = :x AND size(c) > :y` names what #a stands for, and c.
 */
export function attributesIn(
  tokens: readonly string[],
  names: Readonly<Record<string, string>> = {},
): string[] {
  const attributes = tokens
    .filter((token, at) => isAttribute(token, tokens[at - 1], tokens[at + 1]))
    .map((token) => (Object.hasOwn(names, token) ? names[token] : undefined) ?? token);
  return [...new Set(attributes)];
}

function isAttribute(token: string, previous: string | undefined, next: string | undefined): boolean {
  const isOther = /^(?::|\d+$|[^\w#-])/.test(token);
  if (isOther || previous === '.') return false;
  return !isKeyword(token) && !(FUNCTIONS.includes(token) && next === '(');
}
