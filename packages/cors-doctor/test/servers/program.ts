/** Starts servers in other languages. Each program prints its port first. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

export interface RunningServer {
  /** Without a slash at the end. */
  origin: string;
  close: () => Promise<void>;
}

/** Starts a program, and waits until it prints its port. */
export async function startProgram(command: string, args: readonly string[]): Promise<RunningServer> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const closed = once(child, 'close');
  const stderr = text(child.stderr);
  const lines = createInterface({ input: child.stdout });
  const port = await Promise.race([
    once(lines, 'line').then(([line]) => String(line)),
    closed.then(async () => Promise.reject(new Error(`${command} ended: ${await stderr}`))),
  ]);
  return {
    origin: `http://127.0.0.1:${port}`,
    close: async () => {
      child.kill('SIGKILL');
      await closed;
    },
  };
}

/** Debian installs its Python packages only for /usr/bin/python3. */
const PYTHON = ['/usr/bin/python3', 'python3'].find((command) => succeeds(command, ['-V'])) ?? 'python3';

/** Returns `describe` if a command succeeds. CI has all programs, so nothing is skipped there. */
export function describeIf(command: string, args: readonly string[]): jest.Describe {
  return process.env.CI !== undefined || succeeds(command, args) ? describe : describe.skip;
}

/** Returns `describe` if a Python module is installed. */
export function describeWithPython(...modules: string[]): jest.Describe {
  return describeIf(PYTHON, ['-c', `import ${modules.join(', ')}`]);
}

function succeeds(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}

/** Starts a Python program. */
export function startPython(program: string): Promise<RunningServer> {
  return startProgram(PYTHON, ['-c', program]);
}
