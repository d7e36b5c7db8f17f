/** Asks as a front end would, and throws the answer away as it comes. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';

export interface Reading {
  /** Seconds until the answer had ended. */
  seconds: number;
  /** Seconds until its first byte. */
  firstByte: number;
  bytes: number;
}

/** Reads a whole answer. Throws where it is no success, or breaks off. */
export async function read(
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reading> {
  const start = performance.now();
  const elapsed = () => (performance.now() - start) / 1000;
  const call = request(`${url}/scanRecords`, {
    method: 'POST',
    agent: false,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  call.end(JSON.stringify(body));
  const [answer] = (await once(call, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 200) throw new Error(`${url} answered ${answer.statusCode ?? 'nothing'}`);
  let bytes = 0;
  let firstByte = 0;
  answer.on('data', (chunk: Buffer) => {
    if (bytes === 0) firstByte = elapsed();
    bytes += chunk.byteLength;
  });
  await once(answer, 'end');
  if (!answer.complete) throw new Error(`${url} broke its answer off`);
  return { seconds: elapsed(), firstByte, bytes };
}

/** The middle one. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}
