/**
 * Indents flow collections and quoted text that continue left of their key. YAML 1.2 does not allow them, but the parsers of SAM and
 * CloudFormation do. No I/O.
 */

/** The brackets and quotes around the position of the scanner. Flow collections can contain quoted text. */
interface State {
  /** The number of open brackets. */
  depth: number;
  quote: string | undefined;
  /** Whether a value can start here, so that a bracket or a quote is not part of plain text. */
  startsValue: boolean;
}

/** Returns the text with the same lines, where every line inside a collection or quotes has more spaces in front. */
export function indentFlowStyle(text: string): string {
  const state: State = { depth: 0, quote: undefined, startsValue: true };
  let indent = 0;
  let blockIndent: number | undefined;
  const lines = text.split('\n').map((line) => {
    const own = /^ */.exec(line)?.[0].length ?? 0;
    if (blockIndent !== undefined && (own > blockIndent || line.trim() === '')) return line;
    blockIndent = undefined;
    const isInside = state.depth > 0 || state.quote !== undefined;
    if (!isInside) {
      indent = own;
      state.startsValue = true;
      if (BLOCK_SCALAR.test(line)) blockIndent = own;
    }
    scan(line, state);
    return isInside ? `${' '.repeat(indent + 2)}${line}` : line;
  });
  return lines.join('\n');
}

/** A line whose value is the text of the following lines. */
const BLOCK_SCALAR = /(?:^|[\s:-])[|>][+-]?\d*[+-]?\s*(?:#.*)?$/;

function scan(line: string, state: State): void {
  // A tag such as !Sub precedes a value; without it, the value starts at the same place.
  const untagged = line.replace(/(^|[\s[{,])![\w:.]+(?=\s)/g, (tag) => ' '.repeat(tag.length));
  for (let at = 0; at < untagged.length; at += 1) {
    const character = untagged.charAt(at);
    if (state.quote !== undefined) {
      if (character === '\\' && state.quote === '"') at += 1;
      else if (character === state.quote) state.quote = undefined;
    } else if (character === '#' && /^\s?$/.test(untagged.charAt(at - 1))) {
      return;
    } else if (!/\s/.test(character)) {
      step(character, untagged.charAt(at + 1), state);
    }
  }
}

function step(character: string, next: string, state: State): void {
  const isFlow = state.depth > 0;
  if (state.startsValue && /["']/.test(character)) {
    state.quote = character;
    state.startsValue = false;
  } else if (/[[{]/.test(character) && (isFlow || state.startsValue)) {
    state.depth += 1;
    state.startsValue = true;
  } else if (/[\]}]/.test(character) && isFlow) {
    state.depth -= 1;
    state.startsValue = false;
  } else {
    const isIndicator = isFlow ? /[:,]/.test(character) : /[:-]/.test(character) && /^\s?$/.test(next);
    state.startsValue = isIndicator;
  }
}
