/** Processes that serve, started and asked from here. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PAYLOAD_NAMES } from './payloads';

export interface Memory {
  /** Bytes resident now. */
  rss: number;
  /** The most there have been. */
  peak: number;
}

export interface Serving {
  url: string;
  /** Seconds until it listened. */
  startUp: number;
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

/** The options that `npm start` gives to Node.js. */
export const OPTIONS = ['--expose-gc'];

/** The compiled server that `npm start` runs, from the folder of the compiled benchmark. */
export const PROJECT = '../../dist/server.js';

/** Starts a file as a process; `probe.ts` in it tells its port. */
export async function serve(
  file: string,
  env: Record<string, string> = {},
  options: readonly string[] = [],
): Promise<Serving> {
  const start = performance.now();
  const child = fork(join(__dirname, file), {
    env: { ...process.env, ...env },
    execArgv: ['--require', join(__dirname, 'probe.js'), ...options],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const { port } = await message<{ port: number }>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    startUp: (performance.now() - start) / 1000,
    memory() {
      child.send('memory');
      return message<Memory>(child);
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** A table that the process of `replay.ts` has; its latency is in milliseconds a page. */
export function table(payload: string, pages = 100, latency = 0): string {
  return `${payload}.${pages}.${latency}`;
}

/** Has a server read from there. */
export function readingFrom(dynamodb: Serving): Record<string, string> {
  return {
    PORT: '0',
    DYNAMODB: dynamodb.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'none',
    AWS_SECRET_ACCESS_KEY: 'none',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    ALLOWED_TABLES: [
      ...PAYLOAD_NAMES.map((name) => table(name)),
      table('sample', 1000),
      table('sample', 100, 25),
    ].join(),
  };
}

/** The next message of a process. */
export async function message<T>(child: ChildProcess): Promise<T> {
  const [received] = (await once(child, 'message')) as [T];
  return received;
}
