/** Small requests: scans of one record, and preflights. */
import { table, type Serving } from './child';
import { median } from './client';
import { requestsPerSecond } from './load';
import { heading, row, type Goal } from './report';

/** How many take one turn, a good half second: a machine's pace changes over some of them. */
const REQUESTS = 500;
const ROUNDS = 11;

/** By then V8 has compiled most of what a request runs. */
const WARM_UP = 5000;

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
  const [scans = 0, theirScans = 0, preflights = 0, theirPreflights = 0] = await rates(
    [project, SCAN],
    [bare, SCAN],
    [project, PREFLIGHT],
    [bare, PREFLIGHT],
  );
  show('Limit: 1', scans, theirScans, ['>=', 1]);
  show('OPTIONS, against its Limit: 1', preflights, theirScans, ['>=', 1]);
  show('OPTIONS, against its OPTIONS', preflights, theirPreflights);
}

/** The medians of turns that all take one after the other, so that what slows the machine slows all. */
async function rates(...loads: [Serving, readonly string[]][]): Promise<number[]> {
  const measured = loads.map(([{ url }, options]) => ({ url, options, rates: [] as number[] }));
  for (const { url, options } of measured) await requestsPerSecond(url, options, WARM_UP);
  for (let round = 0; round < ROUNDS; round++) {
    for (const load of measured) load.rates.push(await requestsPerSecond(load.url, load.options, REQUESTS));
  }
  return measured.map((load) => median(load.rates));
}

function show(what: string, ours: number, theirs: number, goal?: Goal): void {
  const ratio = ours / theirs;
  row({ what, ours: ours.toFixed(0), theirs: theirs.toFixed(0), ratio, ...(goal && { goal }) });
}
