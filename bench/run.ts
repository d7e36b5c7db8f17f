/**
 * npm run bench: this project next to its baselines, as ratios of one run. Ends with 1 where a goal is
 * missed, so that it can be repeated with `&&`.
 */
import { cpus } from 'node:os';
import { OPTIONS, PROJECT, readingFrom, serve } from './child';
import { missedGoals } from './report';
import { compareRequests } from './requests';
import { compareMemory, compareStarts } from './resources';
import { compareFormats, comparePayloads, compareSdk, compareSegments } from './scans';
import { heading } from './report';

async function main(): Promise<void> {
  const start = performance.now();
  process.stdout.write(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}\n`);
  const dynamodb = await serve('replay.js');
  const env = readingFrom(dynamodb);
  const project = await serve(PROJECT, env, OPTIONS);
  const passThrough = await serve('baselines/passThrough.js', env);
  const bare = await serve('baselines/bare.js', env);
  const servers = { dynamodb, project, passThrough };

  await comparePayloads(servers);
  heading('100 pages of 1 MB, JSON, as objects', 'this project', 'the SDK');
  for (const [name, what, goal] of SDKS) {
    const sdk = await serve(`baselines/${name}.js`, env);
    await compareSdk(project, sdk, what, goal);
    await sdk.stop();
  }
  await compareFormats(servers);
  await compareSegments(servers);
  // As fresh as the one that it is compared with.
  const fresh = await serve(PROJECT, env, OPTIONS);
  await compareRequests(fresh, bare);
  for (const server of [project, fresh, passThrough, bare]) await server.stop();
  await compareMemory(dynamodb);
  await compareStarts(dynamodb);
  await dynamodb.stop();

  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`\n${seconds.toFixed(0)} s, ${missedGoals()} goals missed\n`);
  process.exitCode = missedGoals() === 0 ? 0 : 1;
}

const SDKS = [
  ['paginate', 'v3 paginateScan, collect, res.json', ['<=', 1 / 15]],
  ['sdk2', 'v2 DocumentClient, loop, res.json', undefined],
] as const;

void main();
