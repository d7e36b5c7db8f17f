/** Small requests: scans of one record, and preflights. */
import { table, type Serving } from './child';
import { median } from './client';
import { requestsPerSecond } from './load';
import { heading, row } from './report';

const SECONDS = 2;
const ROUNDS = 5;

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
  for (const [what, options] of Object.entries({ 'Limit: 1': SCAN, OPTIONS: PREFLIGHT })) {
    const rates: [number[], number[]] = [[], []];
    for (let round = -1; round < ROUNDS; round++) {
      for (const [at, server] of [project, bare].entries()) {
        const rate = await requestsPerSecond(server.url, options, SECONDS);
        if (round >= 0) rates[at]?.push(rate);
      }
    }
    const [ours, theirs] = rates.map(median) as [number, number];
    row({ what, ours: ours.toFixed(0), theirs: theirs.toFixed(0), ratio: ours / theirs, goal: ['>=', 1] });
  }
}
