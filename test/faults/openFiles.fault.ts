/** A server that reaches the limit of its open files. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { Agent, request, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { json } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { ITEMS_PER_PAGE, openClients, startServerOf, startTable } from '../helpers/faults';
import { endServers, type ServerProcess } from '../helpers/serverProcess';

jest.setTimeout(60_000);

interface Result {
  status: number | undefined;
  body: { code?: string; Count?: number };
}

describe('a server without free file descriptors', () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  let table: Awaited<ReturnType<typeof startTable>>;
  let server: ServerProcess;
  let url: string;
  const clients: Socket[] = [];

  beforeAll(async () => {
    // A connection that is kept would need no new descriptor.
    table = await startTable(1, false);
    server = startServerOf(table.endpoint);
    url = await server.url;
  });

  afterAll(async () => {
    agent.destroy();
    for (const client of clients) client.destroy();
    table.process.kill();
    await endServers();
  });

  /** Sends a request over the connection that is already open. */
  async function send(method: string, path: string): Promise<Result> {
    const client = request(new URL(path, url), { method, agent });
    client.end();
    const [response] = (await once(client, 'response')) as [IncomingMessage];
    return { status: response.statusCode, body: (await json(response)) as Result['body'] };
  }

  async function limitOpenFiles(count: number): Promise<void> {
    await promisify(execFile)('prlimit', ['--pid', String(server.pid), `--nofile=${count}:`]);
  }

  it('responds 503 to a scan, and 200 as soon as descriptors are free', async () => {
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200 });
    await limitOpenFiles(readdirSync(`/proc/${server.pid}/fd`).length + 10);
    let result: Result;
    do {
      // The server closes those that it has no descriptor for.
      clients.push(...(await openClients(20, url)));
      result = await send('POST', '/scanRecords');
    } while (result.status === 200);
    expect(result).toMatchObject({ status: 503, body: { code: 'TooManyOpenFiles' } });
    expect(await send('GET', '/healthz')).toMatchObject({ status: 200 });

    for (const client of clients) client.destroy();
    while (result.status !== 200) result = await send('POST', '/scanRecords');
    expect(result.body.Count).toBe(ITEMS_PER_PAGE);
  });
});
