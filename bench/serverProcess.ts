/** Starts the server processes of the benchmark and reads their memory. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { PAYLOAD_NAMES } from './payloads';

export interface Memory {
  /** Current resident set size in bytes. */
  rss: number;
  /** Largest resident set size so far, in bytes. */
  peak: number;
}

export interface ServerProcess {
  url: string;
  /** Seconds until it listened, and seconds of CPU time until then. */
  start: { listening: number; cpu: number };
  memory(): Promise<Memory>;
  stop(): Promise<void>;
}

/** The Node.js options of `npm start`. */
export const NODE_OPTIONS = ['--expose-gc'];

/** The compiled server that `npm start` runs, relative to the compiled benchmark. */
export const PROJECT_SERVER = '../../dist/server.js';

/** Starts a file as a process. The preloaded `processProbe.ts` reports its port. */
export async function serve(
  file: string,
  env: Record<string, string> = {},
  options: readonly string[] = [],
  args: readonly string[] = [],
): Promise<ServerProcess> {
  const start = performance.now();
  const child = fork(join(__dirname, file), args, {
    env: { ...process.env, ...env },
    execArgv: ['--require', join(__dirname, 'processProbe.js'), ...options],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  showErrors(child);
  const { port, cpuMicroseconds } = await nextMessage<{ port: number; cpuMicroseconds: number }>(child);
  return {
    url: `http://127.0.0.1:${port}`,
    start: { listening: (performance.now() - start) / 1000, cpu: cpuMicroseconds / 1e6 },
    memory() {
      child.send('memory');
      return nextMessage<Memory>(child);
    },
    async stop() {
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Prints the messages of a process only if it fails, because each server prints how to use it. */
function showErrors(child: ChildProcess): void {
  let messages = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (messages += text));
  child.once('close', (exitCode) => {
    if (exitCode !== null) process.stderr.write(messages);
  });
}

/** Returns the name of a table of `fakeDynamodb.ts`, which encodes payload, page count and latency per page. */
export function table(payload: string, pages = 100, latencyMs = 0): string {
  return `${payload}.${pages}.${latencyMs}`;
}

/** Returns the environment variables that make a server read from a DynamoDB process. */
export function environmentFor(dynamodb: ServerProcess): Record<string, string> {
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

/** Resolves with the next message of a process. Rejects if the process ends first. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const rejectAtEnd = () => reject(new Error('A process of the benchmark ended early.'));
    child.once('exit', rejectAtEnd);
    child.once('message', (received) => {
      child.off('exit', rejectAtEnd);
      resolve(received as T);
    });
  });
}
