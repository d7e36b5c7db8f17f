/** Reads a file or standard input, up to a limit. */
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UsageError } from 'command-line';

/** Larger than recordings of a long session. Longer strings would soon exceed what Node.js can hold. */
const MAX_INPUT_BYTES = 256 * 1024 * 1024;

/**
 * @param path `-` reads standard input.
 * @throws UsageError if the input is too large, and the errors of the file system.
 */
export async function readInput(path: string, stdin: Readable, maxBytes = MAX_INPUT_BYTES): Promise<string> {
  if (path === '-') return collect(stdin, 'Standard input', maxBytes);
  const file = await open(path);
  try {
    return await collect(file.createReadStream(), path, maxBytes);
  } finally {
    await file.close();
  }
}

async function collect(stream: Readable, name: string, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Buffer | string>) {
    chunks.push(Buffer.from(chunk));
    bytes += chunks.at(-1)?.byteLength ?? 0;
    if (bytes > maxBytes) {
      throw new UsageError(
        `${name} is larger than ${Math.floor(maxBytes / 1024 / 1024)} MB. Record only the requests that fail.`,
      );
    }
  }
  return Buffer.concat(chunks).toString();
}
