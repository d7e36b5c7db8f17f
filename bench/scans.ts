/** Whole scans of 100 pages of about 1 MB of DynamoDB JSON. */
import { table, type Serving } from './child';
import { median, read, type Reading } from './client';
import { PAYLOAD_NAMES } from './payloads';
import { heading, row, type Goal } from './report';

/** Before what counts: both servers are to be as fast as they get. */
const WARM_UP = 15;
const ROUNDS = 11;
const FEW = 5;

interface Way {
  server: Serving;
  body: object;
  headers?: Record<string, string>;
}

/** The median of rounds in which the ways take turns, so that what disturbs one disturbs all. */
async function compare(ways: readonly Way[], rounds: number, warmUp = 1): Promise<Reading[]> {
  const readings: Reading[][] = ways.map(() => []);
  for (let round = -warmUp; round < rounds; round++) {
    for (const [at, { server, body, headers }] of ways.entries()) {
      const reading = await read(server.url, body, headers);
      if (round >= 0) readings[at]?.push(reading);
    }
  }
  return readings.map((of) => ({
    seconds: median(of.map(({ seconds }) => seconds)),
    firstByte: median(of.map(({ firstByte }) => firstByte)),
    bytes: of[0]?.bytes ?? 0,
  }));
}

export interface Servers {
  dynamodb: Serving;
  project: Serving;
  passThrough: Serving;
}

/** One page after another, against the same bytes passed on untouched. */
export async function comparePayloads({ project, passThrough }: Servers): Promise<void> {
  heading('100 pages of 1 MB, JSON', 'this project', 'passed through untouched');
  for (const payload of PAYLOAD_NAMES) {
    const body = { TableName: table(payload) };
    const isFirst = payload === 'sample';
    const ways = [
      { server: project, body },
      { server: passThrough, body },
    ];
    const [ours, theirs] = await compare(ways, isFirst ? ROUNDS : FEW, isFirst ? WARM_UP : 2);
    show(payload.replace('_', ' '), ours, theirs, isFirst ? ['<=', 2] : undefined);
  }
}

/** The other formats, and compression. */
export async function compareFormats({ project, passThrough }: Servers): Promise<void> {
  heading('The same, sample, in other formats', 'this project', 'passed through untouched');
  const body = { TableName: table('sample') };
  const formats = [
    { what: 'application/x-ndjson', Accept: 'application/x-ndjson' },
    { what: 'application/x-amz-json-1.0 (typed)', Accept: 'application/x-amz-json-1.0' },
    { what: 'text/csv', Accept: 'text/csv' },
    { what: 'application/json, gzip', Accept: 'application/json', 'Accept-Encoding': 'gzip' },
  ];
  for (const { what, ...headers } of formats) {
    const [ours, theirs] = await compare(
      [
        { server: project, body, headers },
        { server: passThrough, body },
      ],
      what === 'text/csv' ? 1 : FEW,
    );
    show(what, ours, theirs);
  }
}

/** What a table's pages cost when each takes a while, one after another and four segments at once. */
export async function compareSegments({ project, passThrough }: Servers): Promise<void> {
  heading('100 pages of 1 MB, each 25 ms late', 'TotalSegments: 4', 'one after another, untouched');
  const TableName = table('sample', 100, 25);
  const [ours, theirs] = await compare(
    [
      { server: project, body: { TableName, TotalSegments: 4 } },
      { server: passThrough, body: { TableName } },
    ],
    1,
  );
  show('sample', ours, theirs);
}

/** Against what reads every page into objects; that takes long enough for one round to do. */
export async function compareSdk(project: Serving, sdk: Serving, what: string, goal?: Goal): Promise<void> {
  const body = { TableName: table('sample') };
  const [ours] = await compare([{ server: project, body }], FEW);
  show(what, ours, await read(sdk.url, body), goal);
}

function show(what: string, ours: Reading | undefined, theirs: Reading | undefined, goal?: Goal): void {
  if (ours === undefined || theirs === undefined) throw new Error(`${what} was not measured`);
  const ratio = ours.seconds / theirs.seconds;
  row({ what, ours: text(ours), theirs: text(theirs), ratio, ...(goal && { goal }) });
}

function text({ seconds, firstByte }: Reading): string {
  return `${seconds.toFixed(2)} s, first ${(firstByte * 1000).toFixed(0)} ms`;
}
