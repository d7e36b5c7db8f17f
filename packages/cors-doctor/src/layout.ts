/** Wraps text for the terminal. No I/O. */

const MAX_LINE_CHARS = 100;

/** Breaks text at spaces. All lines after the first are indented to the start of its text. */
export function paragraph(lead: string, text: string, leadWidth = lead.length): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && leadWidth + line.length + 1 + word.length > MAX_LINE_CHARS) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((one, at) => `${at === 0 ? lead : ' '.repeat(leadWidth)}${one}`);
}
