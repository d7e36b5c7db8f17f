/** A server under load: its process, its table in another process, and clients that misbehave. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { startServer, type ServerProcess } from './serverProcess';

export const ITEMS_PER_PAGE = 300;

/**
 * Starts a table of `pages` pages in a process of its own.
 *
 * @param keepAlive whether it keeps the server's connections open.
 */
export async function startTable(
  pages: number,
  keepAlive = true,
): Promise<{ endpoint: string; process: ChildProcess }> {
  const table = spawn(process.execPath, [join(__dirname, '../faults/table.js')], {
    env: { PAGES: String(pages), KEEP_ALIVE: String(keepAlive) },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [port] = (await once(table.stdout, 'data')) as [Buffer];
  return { endpoint: `http://127.0.0.1:${port.toString().trim()}`, process: table };
}

/** Starts a server for that table. */
export function startServerOf(endpoint: string, environment: Record<string, string> = {}): ServerProcess {
  return startServer([], {
    DYNAMODB: endpoint,
    AWS_ACCESS_KEY_ID: 'x',
    AWS_SECRET_ACCESS_KEY: 'x',
    LOG_LEVEL: 'error',
    ...environment,
  });
}

/** Opens a connection and sends a request, or nothing. Nothing is read. */
async function openClient(url: string, method?: string): Promise<Socket> {
  const { hostname, port, pathname } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  await once(socket, 'connect');
  if (method !== undefined) {
    socket.write(
      `${method} ${pathname} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`,
    );
  }
  return socket;
}

/** Opens many connections, a few at a time, because the queue of a listening socket is short. */
export async function openClients(count: number, url: string, method?: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  while (sockets.length < count) {
    const batch = Array.from({ length: Math.min(100, count - sockets.length) }, () =>
      openClient(url, method),
    );
    sockets.push(...(await Promise.all(batch)));
  }
  return sockets;
}

/** How many files and connections this process, or a child of it, may open. */
export function maxOpenFiles(): number {
  return Number(/^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1]);
}

/** Bytes of resident memory of a process. */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) * 1024;
}
