/** What a scan takes besides time, and what a start takes. */
import { OPTIONS, PROJECT, readingFrom, serve, table, type Serving } from './child';
import { median, read } from './client';
import { heading, row } from './report';

const STARTS = 3;
const MEGABYTE = 1_000_000;

/** Memory that a fresh process comes to have resident during its first scans. */
export async function compareMemory(dynamodb: Serving): Promise<void> {
  heading('Growth of resident memory', 'this project', 'passed through untouched');
  for (const pages of [100, 1000]) {
    const ours = await growth(dynamodb, PROJECT, pages, OPTIONS);
    const theirs = await growth(dynamodb, 'baselines/passThrough.js', pages);
    row({
      what: `${pages} pages of 1 MB (goal in MB, under)`,
      ours: `${ours.toFixed(0)} MB`,
      theirs: `${theirs.toFixed(0)} MB`,
      ratio: ours,
      goal: ['<=', 32],
    });
  }
}

async function growth(
  dynamodb: Serving,
  file: string,
  pages: number,
  options: readonly string[] = [],
): Promise<number> {
  const server = await serve(file, readingFrom(dynamodb), options);
  const { rss } = await server.memory();
  await read(server.url, { TableName: table('sample', pages) });
  const { peak } = await server.memory();
  await server.stop();
  return (peak - rss) / MEGABYTE;
}

/** From the start of a process to its first listening. */
export async function compareStarts(dynamodb: Serving): Promise<void> {
  heading('Start-up', 'this project', 'bare Express, cors and SDK');
  const env = readingFrom(dynamodb);
  const starts = {
    'DynamoDB at an endpoint': () => serve(PROJECT, env, OPTIONS),
    'embedded sample': () => serve(PROJECT, { ...env, DYNAMODB: 'embedded' }, OPTIONS),
  };
  for (const [what, start] of Object.entries(starts)) {
    const ours = await startUp(start);
    const theirs = await startUp(() => serve('baselines/bare.js', env));
    row({ what, ours: `${ours.toFixed(2)} s`, theirs: `${theirs.toFixed(2)} s`, ratio: ours / theirs });
  }
}

async function startUp(start: () => Promise<Serving>): Promise<number> {
  const seconds: number[] = [];
  for (let round = 0; round < STARTS; round++) {
    const server = await start();
    seconds.push(server.startUp);
    await server.stop();
  }
  return median(seconds);
}
