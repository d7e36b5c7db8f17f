/** What a terminal is given: colour where it is wanted, and nothing that a server could steer it with. */

export interface Style {
  good: (text: string) => string;
  bad: (text: string) => string;
  faint: (text: string) => string;
  strong: (text: string) => string;
}

const plain = (text: string) => text;
const coloured = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;

/** https://no-color.org */
export function styleFor(isTerminal: boolean, noColor: string | undefined): Style {
  const on = isTerminal && (noColor === undefined || noColor === '');
  return {
    good: on ? coloured(32) : plain,
    bad: on ? coloured(31) : plain,
    faint: on ? coloured(2) : plain,
    strong: on ? coloured(1) : plain,
  };
}

/** Control characters, and those that change the direction of text, become visible: `\u001b`. */
export function escapeControls(text: string): string {
  return text.replace(CONTROLS, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

// eslint-disable-next-line no-control-regex
const CONTROLS = /[\0-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;
