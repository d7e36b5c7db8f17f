/** Compares small requests: scans of one item, and preflights. */
import { table, type ServerProcess } from './serverProcess';
import { median } from './client';
import { startLoad, type SmallRequest } from './load';
import { heading, row, type Goal } from './report';
import { rounds } from './rounds';

/** Requests per turn, about half a second: a machine's speed drifts within seconds, so turns must be short. */
const SCANS_PER_TURN = 500;
const PREFLIGHTS_PER_TURN = 1500;
const ROUNDS = rounds(11);

/** After these requests V8 has optimized most of the code that a request runs. */
const WARM_UP_REQUESTS = 100 * rounds(50);

/** Compares with a minimal Express handler that calls the SDK behind the `cors` middleware. */
export async function compareRequests(project: ServerProcess, bare: ServerProcess): Promise<void> {
  heading('Requests per second over 10 connections', 'this project', 'minimal Express, cors, SDK');
  const [scans = 0, theirScans = 0, preflights = 0, theirPreflights = 0] = await medianRates([
    [scan(project), SCANS_PER_TURN],
    [scan(bare), SCANS_PER_TURN],
    [preflight(project), PREFLIGHTS_PER_TURN],
    [preflight(bare), PREFLIGHTS_PER_TURN],
  ]);
  show('POST with Limit: 1', scans, theirScans, ['>=', 1]);
  show('OPTIONS, baseline POST with Limit: 1', preflights, theirScans, ['>=', 1]);
  show('OPTIONS, baseline OPTIONS', preflights, theirPreflights);
}

function scan({ url }: ServerProcess): SmallRequest {
  return {
    url: `${url}/scanRecords`,
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ TableName: table('sample'), Limit: 1 }),
  };
}

function preflight({ url }: ServerProcess): SmallRequest {
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

/** Returns the median requests per second of each turn. */
async function medianRates(turns: [SmallRequest, number][]): Promise<number[]> {
  const load = startLoad();
  for (const [request] of turns) await load.requestsPerSecond(request, WARM_UP_REQUESTS);
  const measured = turns.map(([request, count]) => ({ request, count, rates: [] as number[] }));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { request, count, rates } of measured) {
      rates.push(await load.requestsPerSecond(request, count));
    }
  }
  load.stop();
  return measured.map(({ rates }) => median(rates));
}

function show(label: string, ours: number, theirs: number, goal?: Goal): void {
  const ratio = ours / theirs;
  row({ label, ours: ours.toFixed(0), theirs: theirs.toFixed(0), ratio, ...(goal && { goal }) });
}
