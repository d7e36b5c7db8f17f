/** The colors of the terminal output, if it has any. No I/O. */

export interface Style {
  good: (text: string) => string;
  bad: (text: string) => string;
  faint: (text: string) => string;
  strong: (text: string) => string;
}

const plain = (text: string) => text;
const colored = (code: number) => (text: string) => `\u001b[${code}m${text}\u001b[0m`;

/** Returns colors for a terminal, unless the user turned them off. https://no-color.org */
export function styleFor(isTerminal: boolean, noColor: string | undefined): Style {
  const on = isTerminal && (noColor === undefined || noColor === '');
  return {
    good: on ? colored(32) : plain,
    bad: on ? colored(31) : plain,
    faint: on ? colored(2) : plain,
    strong: on ? colored(1) : plain,
  };
}
