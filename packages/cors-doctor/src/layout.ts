/** Wraps text for the terminal. No I/O. */

const DEFAULT_COLUMNS = 100;

/**
 * Breaks text at spaces. All lines after the first are indented to the start of its text. A longer word gets a line of
 * its own.
 *
 * @param leadWidth the width of the lead on the screen, if it contains colors.
 * @param columns the maximum width of a line, in characters.
 */
export function paragraph(
  lead: string,
  text: string,
  leadWidth = lead.length,
  columns = DEFAULT_COLUMNS,
): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && leadWidth + line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((one, at) => `${at === 0 ? lead : ' '.repeat(leadWidth)}${one}`);
}
