/**
 * npm run test:dockerfile: lints the Dockerfile, executes its instructions in empty folders instead of containers, starts
 * the result, runs its health check and stops it.
 *
 * Not tested: the base image, the user, and the isolation of a real container.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import dockerignore from '@balena/dockerignore';
import { Copy, DockerfileParser, type Instruction } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';

const ROOT = join(__dirname, '..');
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

/** One stage: a folder that stands for its file system, and what its instructions have set. */
interface Stage {
  folder: string;
  workDirectory: string;
  environment: Record<string, string>;
  healthCheck: string[];
  entryPoint: string[];
}

async function main(): Promise<void> {
  const issues = validate(DOCKERFILE);
  assert.deepEqual(
    issues.map(({ message }) => message),
    [],
    'dockerfile-utils finds nothing',
  );
  report('dockerfile-utils finds nothing');
  const folder = await mkdtemp(join(tmpdir(), 'dockerfile-'));
  try {
    const context = join(folder, 'context');
    copyContext(context);
    const image = build(folder, context);
    assert.ok(!existsSync(join(image.workDirectory, 'node_modules/typescript')), 'the image has no compiler');
    await runImage(image);
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Copies what Docker would send to its daemon. */
function copyContext(context: string): void {
  const ignored = dockerignore().add(readFileSync(join(ROOT, '.dockerignore'), 'utf8'));
  const paths = spawnSync('git', ['ls-files', '--cached', '--others'], {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 1e9,
  });
  for (const path of paths.stdout.split('\n').filter((path) => path !== '' && !ignored.ignores(path))) {
    if (existsSync(join(ROOT, path))) cpSync(join(ROOT, path), join(context, path));
  }
  report(`the build context has ${readdirSync(context, { recursive: true }).length} files and folders`);
}

/** Executes the instructions and returns the last stage. */
function build(folder: string, context: string): Stage {
  const stages = new Map<string, Stage>();
  let stage: Stage | undefined;
  for (const instruction of DockerfileParser.parse(DOCKERFILE).getInstructions()) {
    const args = instruction.getArguments().map((argument) => argument.getValue());
    if (instruction.getKeyword() === 'FROM') {
      const name = args[2] ?? 'image';
      stage = newStage(join(folder, name));
      stages.set(name, stage);
      continue;
    }
    assert.ok(stage, 'the Dockerfile begins with FROM');
    execute(instruction, args, stage, { context, stages });
  }
  assert.ok(stage);
  return stage;
}

function newStage(folder: string): Stage {
  mkdirSync(folder, { recursive: true });
  return { folder, workDirectory: folder, environment: {}, healthCheck: [], entryPoint: [] };
}

function execute(
  instruction: Instruction,
  args: readonly string[],
  stage: Stage,
  { context, stages }: { context: string; stages: ReadonlyMap<string, Stage> },
): void {
  const text = instruction.getArgumentsContent() ?? '';
  switch (instruction.getKeyword()) {
    case 'WORKDIR':
      stage.workDirectory = join(stage.folder, text);
      mkdirSync(stage.workDirectory, { recursive: true });
      return;
    case 'COPY': {
      const from = instruction instanceof Copy ? instruction.getFromFlag()?.getValue() : undefined;
      const source =
        from === undefined || from === null
          ? context
          : (stages.get(from)?.folder ?? assert.fail(`no stage ${from}`));
      const paths = args.filter((argument) => !argument.startsWith('--'));
      copy(source, paths.slice(0, -1), paths.at(-1) ?? '', stage);
      return;
    }
    case 'RUN': {
      const command = text.replace(/\\\n/g, ' ').replace(/^\s*#.*$/gm, '');
      const { status } = spawnSync('sh', ['-c', command], {
        cwd: stage.workDirectory,
        env: { PATH: process.env.PATH, HOME: process.env.HOME, ...stage.environment },
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      assert.equal(status, 0, `RUN ${command}`);
      report(`RUN ${command.replace(/\s+/g, ' ')}`);
      return;
    }
    case 'ENV':
      for (const [, name = '', value = ''] of text.matchAll(/(\w+)=(\S+)/g)) stage.environment[name] = value;
      return;
    case 'HEALTHCHECK':
      stage.healthCheck = JSON.parse(text.slice(text.indexOf('['))) as string[];
      return;
    case 'ENTRYPOINT':
      stage.entryPoint = JSON.parse(text) as string[];
      return;
    case 'USER':
      assert.notEqual(text, 'root', 'the server does not run as root');
      return;
    case 'EXPOSE':
      return;
    default:
      assert.fail(`${instruction.getKeyword()} is not supported by this test`);
  }
}

/** Copies as Docker does: the content of a folder, or a file into a folder. */
function copy(source: string, paths: readonly string[], target: string, stage: Stage): void {
  for (const path of paths) {
    const from = join(source, path);
    assert.ok(existsSync(from), `COPY ${path}: the file exists in ${relative(dirname(source), source)}`);
    const destination = join(stage.workDirectory, target);
    const isFile = readdirOrUndefined(from) === undefined;
    const to = isFile && (target.endsWith('/') || target === '.') ? join(destination, path) : destination;
    cpSync(from, to, { recursive: true, verbatimSymlinks: true });
  }
}

function readdirOrUndefined(path: string): string[] | undefined {
  try {
    return readdirSync(path);
  } catch {
    return undefined;
  }
}

async function runImage({ workDirectory, environment, entryPoint, healthCheck }: Stage): Promise<void> {
  const port = await freePort();
  const env = { PATH: process.env.PATH, ...environment, PORT: String(port) };
  const [command = '', ...args] = entryPoint;
  const server = spawn(command, args, { cwd: workDirectory, env, stdio: ['ignore', 'ignore', 'pipe'] });
  try {
    await new Promise<void>((resolve, reject) => {
      let output = '';
      server.stderr.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.includes('Serving ')) resolve();
      });
      server.once('exit', () => reject(new Error(`the server exited: ${output}`)));
    });
    const response = await fetch(`http://127.0.0.1:${port}/scanRecords`, { method: 'POST' });
    const { Count } = (await response.json()) as { Count: number };
    assert.equal(Count, 1707);
    const [check = '', ...checkArgs] = healthCheck;
    assert.equal(spawnSync(check, checkArgs, { env }).status, 0, 'the health check passes');
    server.kill('SIGTERM');
    const [exitCode] = (await once(server, 'exit')) as [number];
    assert.equal(exitCode, 0, 'the server stops at SIGTERM');
    assert.equal(spawnSync(check, checkArgs, { env }).status, 1, 'the health check fails without a server');
    report('the server starts, is healthy, returns 1707 items and stops at SIGTERM');
  } finally {
    server.kill('SIGKILL');
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

function report(line: string): void {
  process.stdout.write(`ok ${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
