import { execFileSync } from 'node:child_process';
import { closeSync, constants, createReadStream, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent, request as httpRequest } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { endServers, startServer, type ServerProcess } from '../helpers/serverProcess';

const { O_NONBLOCK, O_RDONLY, O_RDWR, O_WRONLY } = constants;

/** The log lines of this many requests are larger than what may wait. */
const MANY = 3000;

describe('a server', () => {
  let folder: string;
  let pipe: string;
  const agent = new Agent({ keepAlive: true });

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'log-'));
    pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
  });

  afterEach(async () => {
    await endServers();
    agent.destroy();
    await rm(folder, { recursive: true });
  });

  function start(stdout: number): ServerProcess {
    const server = startServer([], {}, folder, stdout);
    closeSync(stdout);
    return server;
  }

  /** Sends requests that are logged. */
  async function sendRequests(server: ServerProcess, count: number): Promise<void> {
    const url = new URL(`/${'x'.repeat(190)}`, await server.url);
    for (let index = 0; index < count; index++) {
      const client = httpRequest(url, { agent }).end();
      const [response] = (await once(client, 'response')) as [NodeJS.ReadableStream & { statusCode: number }];
      expect(response.statusCode).toBe(404);
      await once(response.resume(), 'end');
    }
  }

  function stop(server: ServerProcess): ServerProcess['exited'] {
    server.signal('SIGTERM');
    return server.exited;
  }

  it('keeps serving and ends on SIGTERM when its log is on a full disk', async () => {
    const server = start(openSync('/dev/full', O_WRONLY));
    await sendRequests(server, 10);
    expect(await stop(server)).toEqual([0, null]);
  });

  it('keeps serving and ends on SIGTERM when the reader of its log has gone', async () => {
    const reader = openSync(pipe, O_RDONLY | O_NONBLOCK);
    const server = start(openSync(pipe, O_WRONLY));
    await sendRequests(server, 1);
    closeSync(reader);
    await sendRequests(server, 10);
    expect(await stop(server)).toEqual([0, null]);
  });

  it('keeps serving and ends on SIGTERM when nothing reads its log', async () => {
    const server = start(openSync(pipe, O_RDWR));
    await sendRequests(server, MANY);
    expect(await stop(server)).toEqual([0, null]);
  });

  it('says how many lines were lost when its log is read late', async () => {
    const server = start(openSync(pipe, O_RDWR));
    await sendRequests(server, MANY);
    let lines = 0;
    let lost = 0;
    const reader = createInterface({ input: createReadStream(pipe) });
    const readAll = (async () => {
      for await (const line of reader) {
        const { msg } = JSON.parse(line) as { msg: string };
        const [, count] = /^(\d+) log lines were lost/.exec(msg) ?? [];
        if (count === undefined) lines++;
        else lost += Number(count);
        if (lost > 0 && lines + lost > MANY) break;
      }
    })();
    while (lost === 0) await sendRequests(server, 10);
    await readAll;
    expect(await stop(server)).toEqual([0, null]);
  });
});
