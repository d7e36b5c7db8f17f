/** Measures how long /healthz takes while 100 scans run. */
import {
  environmentFor,
  NODE_OPTIONS,
  PROJECT_SERVER,
  serve,
  table,
  type ServerProcess,
} from './serverProcess';
import { read } from './client';
import { heading, row } from './report';

const SCANS = 100;
const PAGES = 4;
const FORMATS = ['application/json', 'application/x-ndjson', 'text/csv', 'application/x-amz-json-1.0'];

/** Prints the 99th percentile of the response times of /healthz for each format. */
export async function measureHealth(dynamodb: ServerProcess): Promise<void> {
  heading(`GET /healthz while ${SCANS} scans run`, 'p99, this project', 'requests');
  const env = { ...environmentFor(dynamodb), ALLOWED_TABLES: table('sample', PAGES) };
  for (const Accept of FORMATS) {
    const server = await serve(PROJECT_SERVER, env, NODE_OPTIONS);
    const seconds = await healthTimes(server, Accept);
    await server.stop();
    const p99 = seconds[Math.floor(seconds.length * 0.99)] ?? NaN;
    row({
      label: `${Accept} (ratio column: seconds)`,
      ours: `${p99.toFixed(2)} s`,
      theirs: String(seconds.length),
      ratio: p99,
      goal: ['<=', 1],
    });
  }
}

/** Returns the sorted response times in seconds. */
async function healthTimes({ url }: ServerProcess, Accept: string): Promise<number[]> {
  const body = { TableName: table('sample', PAGES) };
  await read(url, body, { Accept });
  let running = SCANS;
  const scans = Array.from({ length: SCANS }, () => read(url, body, { Accept }).finally(() => running--));
  const seconds: number[] = [];
  while (running > 0) {
    const start = performance.now();
    await (await fetch(`${url}/healthz`)).text();
    seconds.push((performance.now() - start) / 1000);
  }
  await Promise.all(scans);
  return seconds.sort((a, b) => a - b);
}
