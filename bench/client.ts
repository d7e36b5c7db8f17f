/** Reads a response like a front end, and discards its bytes as they arrive. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

export interface Reading {
  /** Seconds to the end of the response. */
  seconds: number;
  /** Seconds to the first byte of the body. */
  firstByte: number;
  bytes: number;
}

/** Reads a complete response. Throws if its status is not 200 or the server aborts it. */
export async function read(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reading> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const outgoing = request(`${url}/scanRecords`, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  outgoing.end(JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  if (response.statusCode !== 200)
    throw new Error(`${url} returned status ${response.statusCode ?? 'unknown'}`);
  let bytes = 0;
  let firstByte = 0;
  response.on('data', (chunk: Buffer) => {
    if (bytes === 0) firstByte = elapsed();
    bytes += chunk.byteLength;
  });
  await once(response, 'end');
  if (!response.complete) throw new Error(`${url} aborted its response`);
  return { seconds: elapsed(), firstByte, bytes };
}

/** Returns the middle value. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
