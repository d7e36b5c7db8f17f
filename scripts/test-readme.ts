/**
 * Does what the README says: runs `npm start`, then each of its curl commands and, in Chromium from
 * a page of another origin, its fetch; every line of the block that follows must be in what comes out.
 */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { launchChromium, servePage } from '../test/helpers/chromium';

const ROOT = join(__dirname, '..');

interface Example {
  language: string;
  code: string;
  expected: string[];
}

/** Blocks of code that are followed by a block of text. */
function examples(readme: string): Example[] {
  const pattern = /```(?<language>sh|js)\n(?<code>[^`]+)```\n+```text\n(?<text>[^`]+)```/g;
  return [...readme.matchAll(pattern)].map(({ groups = {} }) => ({
    language: groups.language ?? '',
    code: groups.code ?? '',
    expected: (groups.text ?? '').trim().split('\n'),
  }));
}

async function runInChromium(code: string): Promise<string> {
  const page = await servePage();
  const browser = await launchChromium();
  try {
    const tab = await browser.newPage();
    await tab.goto(page.origin);
    const [message] = await Promise.all([
      tab.waitForEvent('console'),
      tab.evaluate(`(async () => { ${code} })()`),
    ]);
    return message.text();
  } finally {
    await browser.close();
    await page.close();
  }
}

async function check({ language, code, expected }: Example): Promise<number> {
  const output =
    language === 'js' ? await runInChromium(code) : execFileSync('bash', ['-c', code], { encoding: 'utf8' });
  const missing = expected.filter((line) => !output.includes(line));
  process.stdout.write(`${missing.length === 0 ? 'ok    ' : 'FAILED'} ${code.split('\n')[0]}\n`);
  for (const line of missing) process.stdout.write(`       not there: ${line}\n       in: ${output}\n`);
  return missing.length;
}

type Server = ChildProcessByStdio<null, Readable, null>;

/** Starts a command of the README, and resolves when it has said that it serves. */
async function start(sign: string, ...command: string[]): Promise<Server> {
  const server = spawn('npm', command, { cwd: ROOT, stdio: ['ignore', 'pipe', 'inherit'], detached: true });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    server.stdout.on('data', (text: Buffer) => {
      output += text.toString();
      if (output.includes(sign)) resolve();
    });
    server.once('exit', () => reject(new Error(`npm ${command.join(' ')} has ended: ${output}`)));
  });
  return server;
}

async function stop(server: Server): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  process.kill(-server.pid, 'SIGTERM');
  await once(server, 'close');
}

async function main(): Promise<void> {
  const found = examples(readFileSync(join(ROOT, 'README.md'), 'utf8'));
  if (found.length < 5) throw new Error('the README has lost its examples, or their form');
  const servers: Server[] = [];
  try {
    servers.push(await start('Serving', 'start'));
    servers.push(await start('localhost:3001', 'run', 'gateway', '--', '--env', 'LOG_LEVEL=silent'));
    let failures = 0;
    for (const example of found) failures += await check(example);
    process.stdout.write(`${found.length} examples of the README run, ${failures} lines missing\n`);
    process.exitCode = failures === 0 ? 0 : 1;
  } finally {
    await Promise.all(servers.map(stop));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
