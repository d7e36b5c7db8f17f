/** Compares how long a new process takes until it listens, and until its first response. */
import {
  environmentFor,
  NODE_OPTIONS,
  PROJECT_SERVER,
  serve,
  table,
  type ServerProcess,
} from './serverProcess';
import { read } from './client';
import { heading, row, type Goal } from './report';
import { rounds } from './rounds';

const ROUNDS = rounds(9);

/** All in seconds. */
interface Start {
  listening: number;
  /** CPU time until it listens. Unlike the other times, it hardly depends on what else the machine does. */
  cpu: number;
  firstResponse: number;
}

export async function compareStarts(dynamodb: ServerProcess): Promise<void> {
  heading('Start', 'this project', 'minimal Express, cors, SDK');
  const env = environmentFor(dynamodb);
  const embedded = { ...env, DYNAMODB: 'embedded', TABLE_NAME: table('sample') };
  const { bare, endpoint, sample } = await leastStarts({
    bare: () => serve('baselines/bare.js', env),
    endpoint: () => serve(PROJECT_SERVER, env, NODE_OPTIONS),
    sample: () => serve(PROJECT_SERVER, embedded, NODE_OPTIONS),
  });
  show('it listens, DynamoDB at an endpoint', endpoint.listening, bare.listening, ['<=', 1.6]);
  show('CPU time of the same', endpoint.cpu, bare.cpu, ['<=', 1.6]);
  show('first response, DynamoDB at an endpoint', endpoint.firstResponse, bare.firstResponse);
  show('it listens, embedded sample', sample.listening, bare.listening);
  show('first response, embedded sample', sample.firstResponse, bare.firstResponse);
}

/** Starts the servers in turn. Other work on the machine only adds time, so the least of each time is returned. */
async function leastStarts<Name extends string>(
  servers: Record<Name, () => Promise<ServerProcess>>,
): Promise<Record<Name, Start>> {
  const least = {} as Record<Name, Start>;
  for (let round = 0; round < ROUNDS; round++) {
    for (const name of Object.keys(servers) as Name[]) {
      const start = await measure(await servers[name]());
      least[name] = round === 0 ? start : leastOf(least[name], start);
    }
  }
  return least;
}

function leastOf(one: Start, other: Start): Start {
  return {
    listening: Math.min(one.listening, other.listening),
    cpu: Math.min(one.cpu, other.cpu),
    firstResponse: Math.min(one.firstResponse, other.firstResponse),
  };
}

async function measure(server: ServerProcess): Promise<Start> {
  const { seconds } = await read(server.url, { TableName: table('sample'), Limit: 1 });
  await server.stop();
  const { listening, cpu } = server.start;
  return { listening, cpu, firstResponse: listening + seconds };
}

function show(label: string, ours: number, theirs: number, goal?: Goal): void {
  row({
    label,
    ours: `${ours.toFixed(2)} s`,
    theirs: `${theirs.toFixed(2)} s`,
    ratio: ours / theirs,
    ...(goal && { goal }),
  });
}
