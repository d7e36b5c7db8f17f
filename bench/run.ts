/**
 * npm run bench: compares this project with its baselines, as ratios of one run. Exits with 1 if a goal
 * is missed, so that runs can be chained with `&&`. With `npm run bench -- --svg` it also writes the ratios
 * to the pass-through server as a chart to docs/benchmarks.svg. `--quick` only checks that the benchmark works.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { barChart } from './chart';
import { environmentFor, NODE_OPTIONS, PROJECT_SERVER, serve } from './serverProcess';
import { heading, missedGoals, printedMeasurements, type Measurement } from './report';
import { compareRequests } from './requestRates';
import { measureFileLoading } from './fileLoading';
import { measureHealth } from './healthUnderLoad';
import { compareMemory } from './memory';
import { IS_QUICK } from './rounds';
import { compareStarts } from './starts';
import { compareFormats, comparePayloads, compareSdk, compareSegments } from './scanTimes';

const ENVIRONMENT = `Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`;

async function main(): Promise<void> {
  const start = performance.now();
  process.stdout.write(`${ENVIRONMENT}\n`);
  const dynamodb = await serve('fakeDynamodb.js');
  const env = environmentFor(dynamodb);
  const project = await serve(PROJECT_SERVER, env, NODE_OPTIONS);
  const passThrough = await serve('baselines/passThrough.js', env);
  const bare = await serve('baselines/bare.js', env);
  const servers = { dynamodb, project, passThrough };

  await comparePayloads(servers);
  heading('100 pages of 1 MB, baseline parses to objects', 'this project', 'AWS SDK');
  for (const [name, label, goal] of SDKS) {
    const sdk = await serve(`baselines/${name}.js`, env);
    await compareSdk(project, sdk, label, goal);
    await sdk.stop();
  }
  await compareFormats(servers);
  await compareSegments(servers);
  const scans = printedMeasurements().filter((scan) => scan.baseline.includes('pass-through'));
  // A new process, because the minimal Express server is new too.
  const fresh = await serve(PROJECT_SERVER, env, NODE_OPTIONS);
  await compareRequests(fresh, bare);
  for (const server of [project, fresh, passThrough, bare]) await server.stop();
  await compareMemory(dynamodb);
  await compareStarts(dynamodb);
  await measureHealth(dynamodb);
  await dynamodb.stop();
  await measureFileLoading();

  if (process.argv.includes('--svg')) writeChart(scans);
  const seconds = (performance.now() - start) / 1000;
  process.stdout.write(`\nFinished in ${seconds.toFixed(0)} s. Goals missed: ${missedGoals()}\n`);
  process.exitCode = IS_QUICK || missedGoals() === 0 ? 0 : 1;
}

function writeChart(measurements: readonly Measurement[]): void {
  mkdirSync('docs', { recursive: true });
  writeFileSync('docs/benchmarks.svg', barChart(measurements, ENVIRONMENT));
}

const SDKS = [
  ['paginate', 'v3 paginateScan, collect, res.json', ['<=', 1 / 15]],
  ['sdk2', 'v2 DocumentClient, loop, res.json', undefined],
] as const;

void main();
