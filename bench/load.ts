/** Small requests, as many as a server takes: autocannon, in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const AUTOCANNON = join(process.cwd(), 'bench/node_modules/.bin/autocannon');

interface Report {
  requests: { average: number };
  non2xx: number;
  errors: number;
}

/** Requests a second that are answered with a success, over so many seconds. */
export async function requestsPerSecond(
  url: string,
  options: readonly string[],
  seconds: number,
): Promise<number> {
  const { stdout } = await promisify(execFile)(AUTOCANNON, [
    '--json',
    `--duration=${seconds}`,
    '--connections=10',
    ...options,
    `${url}/scanRecords`,
  ]);
  const { requests, non2xx, errors } = JSON.parse(stdout) as Report;
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} failures, ${errors} errors`);
  return requests.average;
}
