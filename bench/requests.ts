/** Small requests: scans of one record, and preflights. */
import { table, type Serving } from './child';
import { median } from './client';
import { startLoad, type SmallRequest } from './load';
import { heading, row, type Goal } from './report';

/** A machine's pace changes over some seconds: turns are of half a second, and all that is compared takes one. */
const SCANS = 500;
const PREFLIGHTS = 1500;
const ROUNDS = 11;

/** By then V8 has compiled most of what a request runs. */
const WARM_UP = 5000;

/** Against a bare Express handler that calls the SDK, with `cors` in front of it. */
export async function compareRequests(project: Serving, bare: Serving): Promise<void> {
  heading('Requests a second, 10 connections', 'this project', 'bare Express, cors and SDK');
  const [scans = 0, theirScans = 0, preflights = 0, theirPreflights = 0] = await rates([
    [scan(project), SCANS],
    [scan(bare), SCANS],
    [preflight(project), PREFLIGHTS],
    [preflight(bare), PREFLIGHTS],
  ]);
  show('Limit: 1', scans, theirScans, ['>=', 1]);
  show('OPTIONS, against its Limit: 1', preflights, theirScans, ['>=', 1]);
  show('OPTIONS, against its OPTIONS', preflights, theirPreflights);
}

function scan({ url }: Serving): SmallRequest {
  return {
    url: `${url}/scanRecords`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ TableName: table('sample'), Limit: 1 }),
  };
}

function preflight({ url }: Serving): SmallRequest {
  return {
    url: `${url}/scanRecords`,
    method: 'OPTIONS',
    headers: {
      Origin: 'http://localhost:5173',
      'Access-Control-Request-Method': 'POST',
      'Access-Control-Request-Headers': 'content-type',
    },
  };
}

/** The medians of all rounds. */
async function rates(turns: [SmallRequest, number][]): Promise<number[]> {
  const load = startLoad();
  for (const [request] of turns) await load.requestsPerSecond(request, WARM_UP);
  const measured = turns.map(([request, amount]) => ({ request, amount, rates: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { request, amount, rates } of measured) {
      rates.push(await load.requestsPerSecond(request, amount));
    }
  }
  load.stop();
  return measured.map(({ rates }) => median(rates));
}

function show(what: string, ours: number, theirs: number, goal?: Goal): void {
  const ratio = ours / theirs;
  row({ what, ours: ours.toFixed(0), theirs: theirs.toFixed(0), ratio, ...(goal && { goal }) });
}
