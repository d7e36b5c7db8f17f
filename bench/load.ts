/** Small requests, as many as a server takes: autocannon, in a process of its own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

const AUTOCANNON = join(process.cwd(), 'bench/node_modules/.bin/autocannon');

/** Milliseconds between two looks at whether all is answered; its own second is longer than a turn. */
const LOOK = 10;

interface Report {
  start: string;
  finish: string;
  non2xx: number;
  errors: number;
}

/** Requests a second, of so many that are answered with a success. */
export async function requestsPerSecond(
  url: string,
  options: readonly string[],
  amount: number,
): Promise<number> {
  const { stdout } = await promisify(execFile)(AUTOCANNON, [
    '--json',
    `--amount=${amount}`,
    `--sampleInt=${LOOK}`,
    '--connections=10',
    ...options,
    `${url}/scanRecords`,
  ]);
  const { start, finish, non2xx, errors } = JSON.parse(stdout) as Report;
  if (non2xx > 0 || errors > 0) throw new Error(`${url}: ${non2xx} failures, ${errors} errors`);
  return (amount / (Date.parse(finish) - Date.parse(start))) * 1000;
}
