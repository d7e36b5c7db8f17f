import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = join(__dirname, '..');
const SAMPLE_COUNT = 1707;
const SCANS = 10;

jest.setTimeout(30_000);

describe('the npm process of npm start', () => {
  let folder: string;
  let npm: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'npm-start-'));
    // A shell that stays the parent of its last command, and passes no signal on.
    await writeFile(join(folder, 'shell'), '#!/bin/sh\nshift\neval "$1"\nexit $?\n');
    await chmod(join(folder, 'shell'), 0o755);
  });

  afterAll(async () => {
    await rm(folder, { recursive: true });
  });

  afterEach(() => {
    if (npm.exitCode === null && npm.signalCode === null) npm.kill('SIGKILL');
  });

  it.each([
    ['start', 'SIGTERM', '/bin/sh'],
    ['start', 'SIGINT', '/bin/sh'],
    ['start', 'SIGTERM', 'shell'],
    ['start', 'SIGINT', 'shell'],
    ['start:prod', 'SIGTERM', '/bin/sh'],
    ['start:prod', 'SIGINT', '/bin/sh'],
  ] as const)(
    'ends the server of npm run %s when it gets %s, with the shell %s',
    async (script, signal, shell) => {
      npm = spawn('npm', ['run', script], {
        cwd: ROOT,
        env: {
          ...process.env,
          PORT: '0',
          npm_config_script_shell: shell === 'shell' ? join(folder, shell) : shell,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      const url = await startedServer(npm);
      npm.kill(signal);
      await once(npm, 'exit');
      // Standard output closes when the server, which inherited it, has ended.
      await closed(npm);
      await expect(fetch(url)).rejects.toThrow();
    },
  );

  it.each(['start', 'start:prod'])('ends the server of npm run %s while scans run', async (script) => {
    npm = spawn('npm', ['run', script], {
      cwd: ROOT,
      env: { ...process.env, PORT: '0' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const url = await startedServer(npm);
    const responses = Array.from({ length: SCANS }, () => fetch(url, { method: 'POST' }));
    const scans = Promise.allSettled(
      responses.map(async (response) => ((await (await response).json()) as { Count: number }).Count),
    );
    await Promise.any(responses);
    npm.kill('SIGTERM');
    await once(npm, 'exit');
    await closed(npm);
    // A response that was cut short is rejected.
    const counts = (await scans).flatMap((scan) => (scan.status === 'fulfilled' ? [scan.value] : []));
    expect(counts.filter((count) => count !== SAMPLE_COUNT)).toEqual([]);
  });
});

/** Resolves with the URL once the server has responded. */
async function startedServer({ stdout, stderr }: ChildProcess): Promise<string> {
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, found] = /Serving .* at (http:\S+)/.exec(output) ?? [];
      if (found !== undefined) resolve(found);
    });
    stderr?.once('close', () => reject(new Error(`npm exited: ${output}`)));
  });
  stdout?.resume();
  await (await fetch(url, { method: 'POST' })).text();
  return url;
}

async function closed(child: ChildProcess): Promise<void> {
  if (child.stdout?.closed !== true && child.stdout !== null) await once(child.stdout, 'close');
}
