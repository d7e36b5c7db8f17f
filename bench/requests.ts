/** Small requests: scans of one record, and preflights. */
import { table, type Serving } from './child';
import { median } from './client';
import { requestsPerSecond } from './load';
import { heading, row, type Goal } from './report';

const SECONDS = 2;
const ROUNDS = 3;

/** Seconds in which V8 compiles most of what a request runs. */
const WARM_UP = 6;

const SCAN = [
  '--method=POST',
  '--headers=Content-Type: application/json',
  `--body=${JSON.stringify({ TableName: table('sample'), Limit: 1 })}`,
];

const PREFLIGHT = [
  '--method=OPTIONS',
  '--headers=Origin: http://localhost:5173',
  '--headers=Access-Control-Request-Method: POST',
  '--headers=Access-Control-Request-Headers: content-type',
];

/** Against a bare Express handler that calls the SDK, with `cors` in front of it. */
export async function compareRequests(project: Serving, bare: Serving): Promise<void> {
  heading('Requests a second, 10 connections', 'this project', 'bare Express, cors and SDK');
  const [scans, theirScans] = await rates(project, bare, SCAN);
  show('Limit: 1', scans, theirScans, ['>=', 1]);
  const [preflights, theirPreflights] = await rates(project, bare, PREFLIGHT);
  show('OPTIONS, against its Limit: 1', preflights, theirScans, ['>=', 1]);
  show('OPTIONS, against its OPTIONS', preflights, theirPreflights);
}

async function rates(ours: Serving, theirs: Serving, options: readonly string[]): Promise<[number, number]> {
  const measured: [number[], number[]] = [[], []];
  for (const { url } of [ours, theirs]) await requestsPerSecond(url, options, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [at, { url }] of [ours, theirs].entries()) {
      measured[at]?.push(await requestsPerSecond(url, options, SECONDS));
    }
  }
  return [median(measured[0]), median(measured[1])];
}

function show(what: string, ours: number, theirs: number, goal?: Goal): void {
  const ratio = ours / theirs;
  row({ what, ours: ours.toFixed(0), theirs: theirs.toFixed(0), ratio, ...(goal && { goal }) });
}
