/** Reads NDJSON incrementally. */

/**
 * Calls `onLine` for each line of a response, as it arrives.
 *
 * @returns the length of the text.
 * @throws Error if the body breaks or ends within a line, or what `onLine` throws.
 */
export async function readLines({ body }: Response, onLine: (line: string) => void): Promise<number> {
  // Some platforms have no body if it is empty.
  if (body === null) return 0;
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let length = 0;
  const add = (text: string) => {
    length += text.length;
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      onLine(rest + text.slice(start, end));
      rest = '';
      start = end + 1;
    }
    rest += text.slice(start);
  };
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      add(decoder.decode(value, { stream: true }));
    }
    add(decoder.decode());
  } finally {
    // Ends the response if a line was not valid. At its end, this has no effect.
    await reader.cancel().catch(() => undefined);
  }
  if (rest !== '') throw new Error('it ends within a line');
  return length;
}
