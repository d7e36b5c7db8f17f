/**
 * Tests the documentation: runs each example of README.md and docs/*.md that shows its output, and checks that
 * relative links have a target.
 *
 * An example is a `sh` or `js` block followed directly by a `text` block. `sh` runs in bash; `js` runs in Chromium, in
 * a web page of another origin. Each line of the `text` block must be part of the output.
 */
import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { launchChromium, servePage } from '../test/helpers/chromium';

const ROOT = join(__dirname, '..');

/** Fewer examples mean that their form has changed and this script no longer finds them. */
const MIN_EXAMPLES = 15;

interface Example {
  file: string;
  language: string;
  code: string;
  expectedLines: string[];
}

function documents(): string[] {
  const names = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' });
  const pages = names.filter((name) => name.endsWith('.md')).sort();
  return ['README.md', ...pages.map((name) => join('docs', name))];
}

function examplesIn(file: string): Example[] {
  const pattern = /```(?<language>sh|js)\n(?<code>[^`]+)```\n+```text\n(?<text>[^`]+)```/g;
  return [...readFileSync(join(ROOT, file), 'utf8').matchAll(pattern)].map(({ groups = {} }) => ({
    file,
    language: groups.language ?? '',
    code: groups.code ?? '',
    expectedLines: (groups.text ?? '').trim().split('\n'),
  }));
}

/** Relative links whose target does not exist. */
function brokenLinksIn(file: string): string[] {
  const links = readFileSync(join(ROOT, file), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g);
  return [...links]
    .map(([, target = '']) => target)
    .filter((target) => !existsSync(join(ROOT, dirname(file), target)))
    .map((target) => `${file}: link to ${target}, which does not exist`);
}

/** Returns the first message that the code logs to the browser's console. */
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

/** Returns the number of expected lines that are not in the output. */
async function runExample({ file, language, code, expectedLines }: Example): Promise<number> {
  const output =
    language === 'js'
      ? await runInChromium(code)
      : execFileSync('bash', ['-c', code], { cwd: ROOT, encoding: 'utf8' });
  const missing = expectedLines.filter((line) => !output.includes(line));
  const result = missing.length === 0 ? 'ok    ' : 'FAILED';
  process.stdout.write(`${result} ${file}: ${code.trim().split('\n')[0]}\n`);
  for (const line of missing) process.stdout.write(`       missing: ${line}\n       in: ${output}\n`);
  return missing.length;
}

type Server = ChildProcessByStdio<null, Readable, Readable>;

/** Starts an npm command, and resolves when its output contains the address that it serves. */
async function start(address: string, ...args: string[]): Promise<Server> {
  const server = spawn('npm', args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  await new Promise<void>((resolve, reject) => {
    let output = '';
    for (const stream of [server.stdout, server.stderr]) {
      stream.on('data', (text: Buffer) => {
        output += text.toString();
        if (output.includes(address)) resolve();
      });
    }
    server.once('exit', () => reject(new Error(`npm ${args.join(' ')} exited: ${output}`)));
  });
  return server;
}

async function stop(server: Server): Promise<void> {
  if (server.exitCode !== null || server.pid === undefined) return;
  process.kill(-server.pid, 'SIGTERM');
  await once(server, 'close');
}

/** Runs all examples against one server and one gateway; returns the number of missing lines. */
async function runExamples(examples: readonly Example[]): Promise<number> {
  const servers: Server[] = [];
  try {
    servers.push(await start('http://localhost:3000/scanRecords', 'start'));
    servers.push(await start('http://localhost:3001', 'run', 'gateway', '--', '--env', 'LOG_LEVEL=silent'));
    let missing = 0;
    for (const example of examples) missing += await runExample(example);
    return missing;
  } finally {
    await Promise.all(servers.map(stop));
  }
}

async function main(): Promise<void> {
  const files = documents();
  const brokenLinks = files.flatMap(brokenLinksIn);
  for (const link of brokenLinks) process.stdout.write(`FAILED ${link}\n`);
  const examples = files.flatMap(examplesIn);
  if (examples.length < MIN_EXAMPLES) {
    throw new Error(`found ${examples.length} examples, expected at least ${MIN_EXAMPLES}`);
  }
  const missing = await runExamples(examples);
  process.stdout.write(
    `${examples.length} examples run, ${missing} lines missing, ${brokenLinks.length} broken links\n`,
  );
  process.exitCode = missing + brokenLinks.length === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
