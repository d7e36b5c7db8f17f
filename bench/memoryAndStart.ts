/** Compares memory use during scans, and start-up time. */
import {
  environmentFor,
  NODE_OPTIONS,
  PROJECT_SERVER,
  serve,
  table,
  type ServerProcess,
} from './serverProcess';
import { median, read } from './client';
import { heading, row } from './report';
import { rounds } from './rounds';

const START_ROUNDS = rounds(3);
const MEGABYTE_BYTES = 1_000_000;

/** Compares the growth of resident memory of a new process during its first scan. */
export async function compareMemory(dynamodb: ServerProcess): Promise<void> {
  heading('Growth of resident memory', 'this project', 'pass-through');
  for (const pages of [100, 1000]) {
    const ours = await growth(dynamodb, PROJECT_SERVER, pages, NODE_OPTIONS);
    const theirs = await growth(dynamodb, 'baselines/passThrough.js', pages);
    row({
      label: `${pages} pages of 1 MB (ratio column: our MB)`,
      ours: `${ours.toFixed(0)} MB`,
      theirs: `${theirs.toFixed(0)} MB`,
      ratio: ours,
      goal: ['<=', 32],
    });
  }
}

async function growth(
  dynamodb: ServerProcess,
  file: string,
  pages: number,
  options: readonly string[] = [],
): Promise<number> {
  const server = await serve(file, environmentFor(dynamodb), options);
  const { rss } = await server.memory();
  await read(server.url, { TableName: table('sample', pages) });
  const { peak } = await server.memory();
  await server.stop();
  return (peak - rss) / MEGABYTE_BYTES;
}

/** Compares the time from the start of a process until it listens. */
export async function compareStarts(dynamodb: ServerProcess): Promise<void> {
  heading('Start-up', 'this project', 'minimal Express, cors, SDK');
  const env = environmentFor(dynamodb);
  const starts = {
    'DynamoDB at an endpoint': () => serve(PROJECT_SERVER, env, NODE_OPTIONS),
    'embedded sample': () => serve(PROJECT_SERVER, { ...env, DYNAMODB: 'embedded' }, NODE_OPTIONS),
  };
  for (const [label, start] of Object.entries(starts)) {
    const ours = await startUp(start);
    const theirs = await startUp(() => serve('baselines/bare.js', env));
    row({ label, ours: `${ours.toFixed(2)} s`, theirs: `${theirs.toFixed(2)} s`, ratio: ours / theirs });
  }
}

async function startUp(start: () => Promise<ServerProcess>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < START_ROUNDS; round++) {
    const server = await start();
    seconds.push(server.startUp);
    await server.stop();
  }
  return median(seconds);
}
