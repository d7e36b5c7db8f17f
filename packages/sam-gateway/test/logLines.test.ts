import { PassThrough } from 'node:stream';
import { once } from 'node:events';
import { logLines } from '../src/lambda/logLines';

async function linesOf(chunks: readonly (string | Buffer)[]): Promise<string[]> {
  const output = new PassThrough();
  const lines: string[] = [];
  logLines(output, (line) => lines.push(line));
  const ended = once(output, 'end');
  for (const chunk of chunks) output.write(chunk);
  output.end();
  await ended;
  return lines;
}

describe('logLines', () => {
  it.each([
    ['several lines in one chunk', ['a\nb\n'], ['a', 'b']],
    ['a line in several chunks', ['a', 'b\n', 'c'], ['ab', 'c']],
    ['an empty line', ['a\n\nb\n'], ['a', '', 'b']],
    ['the line breaks of Windows', ['a\r\nb\r\n'], ['a', 'b']],
    ['a character in two chunks', [Buffer.from([0xc3]), Buffer.from([0xa4, 0x0a])], ['ä']],
    ['no output', [], []],
  ])('logs %s', async (_what, chunks, expected) => {
    expect(await linesOf(chunks)).toEqual(expected);
  });

  it('logs output without line breaks in parts', async () => {
    const chunk = 'x'.repeat(50_000);
    const lines = await linesOf(Array.from({ length: 10 }, () => chunk));
    expect(lines.map(({ length }) => length)).toEqual([100_000, 100_000, 100_000, 100_000, 100_000]);
  });
});
