/** Starts the command in a process of its own, with a template and code from the test. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const MAIN = join(__dirname, '../dist/main.js');

export interface GatewayProcess {
  child: ChildProcess;
  /** The directory of the template. */
  directory: string;
  /** What the command has printed so far. */
  output: { stdout: string; stderr: string };
  /** Resolves with the URL of the stage when the gateway listens. */
  listening(): Promise<string>;
  /** The exit code and the signal. */
  exited: Promise<unknown[]>;
  /** Sends SIGTERM once, and resolves when the process has ended. */
  terminate(): Promise<unknown[]>;
  /** Returns the names of the gateway's directories for temporary files that still exist. */
  leftovers(): Promise<string[]>;
  /** Kills the process if it still runs, and deletes all files. */
  remove(): Promise<void>;
}

interface ProcessOptions {
  port?: number;
  /** Runs before the command starts. */
  prepare?: (directory: string) => Promise<unknown>;
}

/** Starts `sam-gateway template.yaml` with these files, by path. The template is one of them. */
export async function startProcess(
  files: Record<string, string>,
  { port = 0, prepare }: ProcessOptions = {},
): Promise<GatewayProcess> {
  const directory = await mkdtemp(join(await realpath(tmpdir()), 'gateway-process-'));
  for (const [name, text] of Object.entries({ ...files, 'tmp/empty': '' })) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), text);
  }
  await prepare?.(directory);
  const { PATH = '', HOME = '' } = process.env;
  const temporary = join(directory, 'tmp');
  const child = spawn(process.execPath, [MAIN, join(directory, 'template.yaml'), '--port', String(port)], {
    cwd: __dirname,
    env: { PATH, HOME, TMPDIR: temporary },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (output.stderr += text));
  const exited = once(child, 'exit');
  return {
    child,
    directory,
    output,
    exited,
    async listening() {
      while (!output.stdout.includes('\n\n')) {
        await Promise.race([once(child.stdout, 'data'), exited.then(() => fail(output.stderr))]);
      }
      return /http:\/\/localhost:\d+\/[^/]+/.exec(output.stdout)?.[0] ?? '';
    },
    terminate() {
      child.kill('SIGTERM');
      return exited;
    },
    async leftovers() {
      return (await readdir(temporary)).filter((name) => name.startsWith('sam-gateway-'));
    },
    async remove() {
      child.kill('SIGKILL');
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function fail(stderr: string): never {
  throw new Error(`The gateway ended: ${stderr}`);
}
