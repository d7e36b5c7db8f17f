/** Wraps text for the terminal. No I/O. */

const WIDTH = 100;

/** Breaks text at spaces; the lines after the first begin where the first's text does. */
export function paragraph(lead: string, text: string, leadWidth = lead.length): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && leadWidth + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((one, at) => `${at === 0 ? lead : ' '.repeat(leadWidth)}${one}`);
}
