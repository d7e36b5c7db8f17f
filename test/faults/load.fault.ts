/** Clients that read nothing, vanish, come all at once or stay idle, and a signal in the middle of it. */
import type { Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { resetConnection } from '../../src/http/resetConnection';
import {
  ITEMS_PER_PAGE,
  openClients,
  maxOpenFiles,
  residentBytes,
  startServerOf,
  startTable,
} from '../helpers/faults';
import { endServers, type ServerProcess } from '../helpers/serverProcess';

/** A response that is larger than the buffers of a connection, and one that is not. */
const LARGE = 40;
const SMALL = 4;

/** Memory after the load, compared with memory before it. */
const MAX_GROWTH_BYTES = 50 * 1024 * 1024;

jest.setTimeout(120_000);

/** Requests all items. Returns undefined if the server is busy; throws if the response is incomplete or wrong. */
async function scan(url: string, pages = SMALL): Promise<number | undefined> {
  const response = await fetch(url, { method: 'POST' });
  if (response.status === 503) {
    await response.text();
    return undefined;
  }
  expect(response.status).toBe(200);
  const { Items, Count } = (await response.json()) as { Items: unknown[]; Count: number };
  expect(Items).toHaveLength(pages * ITEMS_PER_PAGE);
  return Count;
}

async function scanWhenFree(url: string, pages = SMALL): Promise<number> {
  for (;;) {
    const count = await scan(url, pages);
    if (count !== undefined) return count;
    await setImmediate();
  }
}

/** Reads one response to its end and returns how it ended. */
async function outcomeOf(url: string): Promise<'complete' | 'busy' | 'reset'> {
  try {
    return (await scan(url)) === undefined ? 'busy' : 'complete';
  } catch (error) {
    if (error instanceof TypeError) return 'reset';
    throw error;
  }
}

function closed(client: Socket): Promise<void> {
  return new Promise((resolve) => client.once('close', () => resolve()));
}

/**
 * Reads everything that a client has received, and returns what an HTTP/1.1 client makes of it: without the last chunk, a
 * response is incomplete.
 */
async function endOf(client: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  client.on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!client.closed) await closed(client);
  const text = Buffer.concat(chunks).toString('latin1');
  if (!text.endsWith('\r\n0\r\n\r\n')) return 'incomplete';
  return text.includes(`"Count":${LARGE * ITEMS_PER_PAGE}`) ? 'complete' : 'wrong';
}

function receivedSomething(client: Socket): Promise<void> {
  return new Promise((resolve) => client.once('data', () => resolve()));
}

describe('a server under load', () => {
  let table: Awaited<ReturnType<typeof startTable>>;
  let server: ServerProcess;
  let url: string;
  let clients: Socket[];

  async function start(pages: number): Promise<void> {
    clients = [];
    table = await startTable(pages);
    server = startServerOf(table.endpoint, { WRITE_TIMEOUT_SECONDS: '2' });
    url = await server.url;
  }

  afterEach(async () => {
    for (const client of clients) client.destroy();
    table.process.kill();
    await endServers();
  });

  /** Polls, because the operating system reports no event when memory is free again. */
  async function expectMemoryBack(before: number): Promise<void> {
    while (residentBytes(server.pid) > before + MAX_GROWTH_BYTES) await setTimeout(100);
    expect(residentBytes(server.pid)).toBeLessThanOrEqual(before + MAX_GROWTH_BYTES);
  }

  /** Memory of a server that has done its usual work. */
  async function warmMemory(pages = SMALL): Promise<number> {
    for (let round = 0; round < 10; round++) await scan(url, pages);
    return residentBytes(server.pid);
  }

  it('serves others completely after 100 clients that read nothing', async () => {
    await start(LARGE);
    const before = await warmMemory(LARGE);
    clients = await openClients(100, url, 'POST');
    // A paused socket would not notice the reset.
    const allClosed = clients.map(closed);
    expect(await scanWhenFree(url, LARGE)).toBe(LARGE * ITEMS_PER_PAGE);
    for (const client of clients) client.resume();
    await Promise.all(allClosed);
    await expectMemoryBack(before);
  });

  it('forgets 1,000 clients that vanish in the middle of their response', async () => {
    await start(SMALL);
    const before = await warmMemory();
    for (let round = 0; round < 10; round++) {
      const vanishing = await openClients(100, url, 'POST');
      await Promise.all(vanishing.map(receivedSomething));
      for (const client of vanishing) resetConnection(client);
    }
    expect(await scanWhenFree(url)).toBe(SMALL * ITEMS_PER_PAGE);
    await expectMemoryBack(before);
  });

  it('gives each of 500 clients at once the complete items, or 503', async () => {
    await start(SMALL);
    const before = await warmMemory();
    const outcomes = await Promise.all(Array.from({ length: 500 }, () => outcomeOf(url)));
    expect(outcomes).not.toContain('reset');
    expect(outcomes).toContain('complete');
    expect(await scanWhenFree(url)).toBe(SMALL * ITEMS_PER_PAGE);
    await expectMemoryBack(before);
  });

  it('serves others while 10,000 connections, or as many as the system allows, are idle', async () => {
    await start(SMALL);
    const before = await warmMemory();
    clients = await openClients(Math.min(10_000, maxOpenFiles() - 500), url);
    expect(await scan(url)).toBe(SMALL * ITEMS_PER_PAGE);
    const allClosed = clients.map(closed);
    for (const client of clients) client.destroy();
    await Promise.all(allClosed);
    await expectMemoryBack(before);
  });

  it.each(['unread responses', 'running responses', 'idle connections'])(
    'ends on SIGTERM with 100 %s, and sends nothing wrong',
    async (kind) => {
      await start(kind === 'unread responses' ? LARGE : SMALL);
      const outcomes: Promise<string>[] = [];
      if (kind === 'running responses') {
        outcomes.push(...Array.from({ length: 100 }, () => outcomeOf(url)));
        await fetch(new URL('/healthz', url));
      } else {
        clients = await openClients(100, url, kind === 'idle connections' ? undefined : 'POST');
      }
      server.signal('SIGTERM');
      expect(await server.exited).toEqual([0, null]);
      // `outcomeOf` throws if a response is cut short.
      expect(await Promise.all(outcomes)).toHaveLength(outcomes.length);
      expect(await Promise.all(clients.map(endOf))).not.toContain('wrong');
    },
  );
});
