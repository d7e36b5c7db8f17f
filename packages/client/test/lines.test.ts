import { readLines } from '../src/lines';

/** A response whose body arrives in these chunks. */
function responseOf(chunks: readonly Uint8Array[]): Response {
  return new Response(ReadableStream.from(chunks));
}

async function linesOf(response: Response): Promise<string[]> {
  const lines: string[] = [];
  await readLines(response, (line) => lines.push(line));
  return lines;
}

it('returns the same lines wherever the chunks end', async () => {
  const lines = ['{"a":"ä€😀"}', '{"b":1}', `{"c":"${'x'.repeat(50)}"}`];
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (let cut = 0; cut <= bytes.length; cut++) {
    expect(await linesOf(responseOf([bytes.subarray(0, cut), bytes.subarray(cut)]))).toEqual(lines);
  }
  expect(await linesOf(responseOf(Array.from(bytes, (byte) => Buffer.of(byte))))).toEqual(lines);
});

it('calls back for each line before the next chunk arrives', async () => {
  const events: string[] = [];
  async function* chunks() {
    for (const text of ['a\n', 'b\n', 'c\n']) {
      events.push(`send ${text.trim()}`);
      yield Buffer.from(text);
      await Promise.resolve();
    }
  }
  await readLines(new Response(ReadableStream.from(chunks())), (line) => events.push(line));
  expect(events.indexOf('a')).toBeLessThan(events.indexOf('send c'));
});

it('returns no lines for an empty or missing body', async () => {
  expect(await linesOf(responseOf([]))).toEqual([]);
  expect(await linesOf(new Response(null))).toEqual([]);
});

it('rejects a body that ends within a line', async () => {
  await expect(linesOf(responseOf([Buffer.from('{"a":1}\n{"a"')]))).rejects.toThrow('ends within a line');
});

it('stops reading when a line is not valid', async () => {
  let isCanceled = false;
  const body = new ReadableStream<Uint8Array>({
    pull: (controller) => controller.enqueue(Buffer.from('x\n')),
    cancel: () => {
      isCanceled = true;
    },
  });
  const reading = readLines(new Response(body), (line) => JSON.parse(line) as unknown);
  await expect(reading).rejects.toThrow(SyntaxError);
  expect(isCanceled).toBe(true);
});
