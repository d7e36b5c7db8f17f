/** Starts the process of `npm start`, without npm. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
/** The only environment variables that a test's server inherits. */
const { PATH = '', HOME = '' } = process.env;

export interface ServerProcess {
  pid: number;
  /** Everything on standard output so far. */
  stdout(): string;
  stderr(): string;
  /** Resolves with the URL after the startup message; rejects if the process exits before it. */
  url: Promise<string>;
  /** Resolves with exit code and signal. */
  exited: Promise<[number | null, NodeJS.Signals | null]>;
  signal(name: NodeJS.Signals): void;
}

const running = new Set<ServerProcess>();

/** Ends the servers that a failed test left running. */
export async function endServers(): Promise<void> {
  for (const server of running) {
    server.signal('SIGKILL');
    await server.exited;
  }
}

/**
 * Starts the server on a free port, with only these environment variables.
 *
 * @param stdout a file descriptor for its standard output; default: `stdout()` returns the output.
 */
export function startServer(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
  cwd = ROOT,
  stdout: 'pipe' | number = 'pipe',
): ServerProcess {
  const child = spawn(process.execPath, ['--expose-gc', join(ROOT, 'dist/server.js'), ...args], {
    stdio: ['ignore', stdout, 'pipe'],
    cwd,
    env: { PATH, HOME, PORT: '0', ...environment },
  });
  let output = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const exited = once(child, 'close') as ServerProcess['exited'];
  const url = new Promise<string>((resolve, reject) => {
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
      const [found] = /http:\/\/\S+\/scanRecords/.exec(stderr) ?? [];
      if (found !== undefined && stderr.includes('\n\n')) resolve(found);
    });
    void exited.then(() => {
      reject(new Error(`the server exited: ${stderr}`));
    });
  });
  url.catch(() => undefined);
  const server: ServerProcess = {
    pid: child.pid ?? 0,
    stdout: () => output,
    stderr: () => stderr,
    url,
    exited,
    signal: (name) => child.kill(name),
  };
  running.add(server);
  void exited.then(() => running.delete(server));
  return server;
}
