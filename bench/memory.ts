/** Compares memory use during scans. */
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
