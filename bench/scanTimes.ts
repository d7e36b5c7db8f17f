/** Compares complete scans of 100 pages, each about 1 MB of DynamoDB JSON. */
import { table, type ServerProcess } from './serverProcess';
import { median, read, type Reading } from './client';
import { PAYLOAD_NAMES } from './payloads';
import { heading, row, type Goal } from './report';
import { rounds } from './rounds';

/** Unmeasured rounds, so that V8 has optimized both servers. */
const WARM_UP_ROUNDS = rounds(15);
const ROUNDS = rounds(11);
const FEW_ROUNDS = rounds(5);

interface Candidate {
  server: ServerProcess;
  body: object;
  headers?: Record<string, string>;
}

/** Returns the medians of several rounds. The candidates take turns, so that noise affects all of them. */
async function compare(candidates: readonly Candidate[], count: number, warmUp = 1): Promise<Reading[]> {
  const readings: Reading[][] = candidates.map(() => []);
  for (let round = -warmUp; round < count; round++) {
    for (const [index, { server, body, headers }] of candidates.entries()) {
      const reading = await read(server.url, body, headers);
      if (round >= 0) readings[index]?.push(reading);
    }
  }
  return readings.map((ofCandidate) => ({
    seconds: median(ofCandidate.map(({ seconds }) => seconds)),
    firstByte: median(ofCandidate.map(({ firstByte }) => firstByte)),
    bytes: ofCandidate[0]?.bytes ?? 0,
  }));
}

export interface Servers {
  dynamodb: ServerProcess;
  project: ServerProcess;
  passThrough: ServerProcess;
}

/** Compares sequential scans with a server that passes the same bytes through. */
export async function comparePayloads({ project, passThrough }: Servers): Promise<void> {
  heading('100 pages of 1 MB as JSON', 'this project', 'pass-through');
  for (const payload of PAYLOAD_NAMES) {
    const body = { TableName: table(payload) };
    const isFirst = payload === 'sample';
    const candidates = [
      { server: project, body },
      { server: passThrough, body },
    ];
    const [ours, theirs] = await compare(
      candidates,
      isFirst ? ROUNDS : FEW_ROUNDS,
      isFirst ? WARM_UP_ROUNDS : 2,
    );
    show(`JSON, ${payload.replace('_', ' ')}`, ours, theirs, isFirst ? ['<=', 2] : undefined);
  }
}

/** Compares the other formats, and compression, with the same pass-through server. */
export async function compareFormats({ project, passThrough }: Servers): Promise<void> {
  heading('100 pages of the sample in other formats', 'this project', 'pass-through');
  const body = { TableName: table('sample') };
  const formats = [
    { label: 'application/x-ndjson', Accept: 'application/x-ndjson' },
    { label: 'application/x-amz-json-1.0 (typed)', Accept: 'application/x-amz-json-1.0' },
    { label: 'text/csv', Accept: 'text/csv' },
    { label: 'application/json, gzip', Accept: 'application/json', 'Accept-Encoding': 'gzip' },
  ];
  for (const { label, ...headers } of formats) {
    const [ours, theirs] = await compare(
      [
        { server: project, body, headers },
        { server: passThrough, body },
      ],
      label === 'text/csv' ? 1 : FEW_ROUNDS,
    );
    show(label, ours, theirs);
  }
}

/** Compares a parallel scan of four segments with a sequential one when each page has a latency. */
export async function compareSegments({ project, passThrough }: Servers): Promise<void> {
  heading('100 pages of 1 MB, 25 ms latency per page', 'TotalSegments: 4', 'sequential pass-through');
  const TableName = table('sample', 100, 25);
  const [ours, theirs] = await compare(
    [
      { server: project, body: { TableName, TotalSegments: 4 } },
      { server: passThrough, body: { TableName } },
    ],
    1,
  );
  show('sample, 4 segments, 25 ms latency', ours, theirs);
}

/** Compares with a server that parses every page to objects. It is so slow that one round is precise enough. */
export async function compareSdk(
  project: ServerProcess,
  sdk: ServerProcess,
  label: string,
  goal?: Goal,
): Promise<void> {
  const body = { TableName: table('sample') };
  const [ours] = await compare([{ server: project, body }], FEW_ROUNDS);
  show(label, ours, await read(sdk.url, body), goal);
}

function show(label: string, ours: Reading | undefined, theirs: Reading | undefined, goal?: Goal): void {
  if (ours === undefined || theirs === undefined) throw new Error(`${label} was not measured`);
  const ratio = ours.seconds / theirs.seconds;
  row({ label, ours: text(ours), theirs: text(theirs), ratio, ...(goal && { goal }) });
}

function text({ seconds, firstByte }: Reading): string {
  return `${seconds.toFixed(2)} s, first byte ${(firstByte * 1000).toFixed(0)} ms`;
}
