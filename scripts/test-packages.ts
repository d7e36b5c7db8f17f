/**
 * npm run test:packages: packs every package, installs the tarballs in an empty folder outside of this repository, and
 * uses them as a new user would: with npx, from CommonJS, from ES modules, and from TypeScript.
 */
import assert from 'node:assert/strict';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Runs a command; the error of a failure contains its output. */
async function run(
  file: string,
  args: readonly string[],
  options: { cwd: string },
): Promise<{ stdout: string }> {
  try {
    return await promisify(execFile)(file, args, { ...options, maxBuffer: 100_000_000 });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${[file, ...args].join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
const ROOT = join(__dirname, '..');

/** The limit for the server and its production dependencies. */
const MAX_SERVER_MEGABYTES = 45;

/** What may be in a package, by the beginning of its path. Bundled packages are below node_modules. */
const EXPECTED_FILES =
  /^(?:dist\/.*\.(?:m?js|d\.m?ts)$|dist\/console\/|sample\/|schema\/|node_modules\/|package\.json$|README\.md$|CHANGELOG\.md$|LICENSE$)/;

/** Packages that only build or test. */
const FORBIDDEN_DEPENDENCIES = [
  'typescript',
  'ts-node',
  'assemblyscript',
  'binaryen',
  'jest',
  'vite',
  'preact',
];

interface Tarball {
  name: string;
  filename: string;
  files: { path: string }[];
}

const running: ChildProcess[] = [];

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'packages-'));
  try {
    const tarballs = await pack(folder);
    await checkTarballs(tarballs, folder);
    await checkWeight(tarballs, folder);
    const app = await install(tarballs, folder, 'app');
    const url = await useServer(app);
    await useDoctor(app, url);
    await useContract(app, url);
    await useGateway(app);
    await useApi(app);
    await useTypes(app);
    await useClient(app, url);
  } finally {
    for (const child of running) stop(child);
    await rm(folder, { recursive: true });
  }
}

async function pack(folder: string): Promise<Tarball[]> {
  await run('npm', ['run', 'prepack'], { cwd: ROOT });
  const args = ['pack', '--json', '--pack-destination', folder, '--workspaces', '--include-workspace-root'];
  const { stdout } = await run('npm', args, { cwd: ROOT });
  const packed = Object.values(JSON.parse(stdout.slice(stdout.search(/^[[{]/m))) as Record<string, Tarball>);
  const published = packed.filter(({ name }) => !PRIVATE.includes(name));
  assert.equal(published.length, 7, 'all seven packages are packed');
  return published;
}

/** Private workspaces: only bundled into other packages, or only used in this repository. */
const PRIVATE = ['command-line', 'exec-on-windows', 'scan-records-console'];

async function checkTarballs(tarballs: readonly Tarball[], folder: string): Promise<void> {
  for (const { name, filename, files } of tarballs) {
    const paths = files.map(({ path }) => path);
    assert.deepEqual(
      paths.filter((path) => !EXPECTED_FILES.test(path)),
      [],
      `${name} contains only what belongs there`,
    );
    for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', 'dist/index.js', 'dist/index.d.ts']) {
      assert.ok(paths.includes(file), `${name} contains ${file}`);
    }
    await run('npx', ['publint', 'run', join(folder, filename), '--strict'], { cwd: ROOT });
    await run('npx', ['attw', join(folder, filename), '--profile', 'node16'], { cwd: ROOT });
    report(`${name}: ${paths.length} files; publint and attw find nothing`);
  }
  const server = tarballs.find(({ name }) => name === 'dynamodb-scan-records');
  assert.ok(
    server?.files.some(({ path }) => path === 'dist/dynamodb/transcoder/wasmModule.js'),
    'the server contains the compiled WebAssembly',
  );
  assert.ok(
    server?.files.some(({ path }) => path === 'dist/console/index.html'),
    'the server contains the page of the console',
  );
}

/** Installs tarballs in an empty folder, with production dependencies only. */
async function install(tarballs: readonly Tarball[], folder: string, name: string): Promise<string> {
  const app = join(folder, name);
  await mkdir(app);
  await writeFile(join(app, 'package.json'), '{ "private": true }');
  const paths = tarballs.map(({ filename }) => join(folder, filename));
  await run('npm', ['install', '--omit=dev', '--no-audit', '--no-fund', '--ignore-scripts', ...paths], {
    cwd: app,
  });
  const forbidden = FORBIDDEN_DEPENDENCIES.filter((dependency) =>
    existsSync(join(app, 'node_modules', dependency)),
  );
  assert.deepEqual(forbidden, [], 'no compiler and no test tool is installed');
  return app;
}

/** Installs each package on its own, so that its weight is known. */
async function checkWeight(tarballs: readonly Tarball[], folder: string): Promise<void> {
  for (const tarball of tarballs) {
    const app = await install(withSiblings(tarball, tarballs), folder, `weight-of-${tarball.name}`);
    const megabytes = (await bytesIn(join(app, 'node_modules'))) / 1e6;
    report(`${tarball.name}: ${megabytes.toFixed(1)} MB with its production dependencies`);
    for (const command of Object.keys(manifestOf(tarball.name).bin ?? {})) {
      await run('npx', ['--no-install', command, '--help'], { cwd: app });
    }
    if (tarball.name === 'dynamodb-scan-records') {
      assert.ok(megabytes <= MAX_SERVER_MEGABYTES, `the server weighs at most ${MAX_SERVER_MEGABYTES} MB`);
      const start = performance.now();
      await startCommand(app, ['scan-records', '--port', '0'], /at (http:\S+)\/scanRecords/);
      report(`scan-records listens ${((performance.now() - start) / 1000).toFixed(1)} s after npx`);
    }
  }
}

/** Adds the packages of this repository that a package depends on, because no registry has them yet. */
function withSiblings(tarball: Tarball, all: readonly Tarball[]): Tarball[] {
  const { dependencies = {}, bundleDependencies = [] } = manifestOf(tarball.name);
  const siblings = all.filter(({ name }) => name in dependencies && !bundleDependencies.includes(name));
  return [tarball, ...siblings.flatMap((sibling) => withSiblings(sibling, all))];
}

interface Manifest {
  bin?: Record<string, string>;
  dependencies?: Record<string, string>;
  bundleDependencies?: string[];
}

/** The folders that do not have the name of their package. */
const FOLDERS: Readonly<Record<string, string>> = {
  'dynamodb-scan-records': '.',
  'scan-records-client': 'packages/client',
};

function manifestOf(name: string): Manifest {
  const folder = FOLDERS[name] ?? join('packages', name);
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8')) as Manifest;
}

async function bytesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = await Promise.all(
    entries.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
  );
  return sizes.reduce((sum, { size }) => sum + size, 0);
}

function stop({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, 'SIGTERM');
}

/** Starts a command with npx and returns the first group of `pattern` in its output. */
async function startCommand(app: string, args: readonly string[], pattern: RegExp): Promise<string> {
  // A process group of its own, so that everything that npx starts can be stopped.
  const child = spawn('npx', ['--no-install', ...args], {
    cwd: app,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  running.push(child);
  let output = '';
  return new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        const [, found] = pattern.exec(output) ?? [];
        if (found !== undefined) resolve(found);
      });
    }
    void once(child, 'exit').then(() => reject(new Error(`${args.join(' ')} exited: ${output}`)));
  });
}

async function useServer(app: string): Promise<string> {
  const url = await startCommand(app, ['scan-records', '--port', '0'], /at (http:\S+)\/scanRecords/);
  const response = await fetch(`${url}/scanRecords`, { method: 'POST' });
  const { Count } = (await response.json()) as { Count: number };
  assert.equal(Count, 1707);
  report('npx scan-records: POST /scanRecords returns 1707 items');
  await useConsole(url);
  return url;
}

/** Requests the page of the console, and every file that it names. */
async function useConsole(url: string): Promise<void> {
  const page = await fetch(`${url}/`);
  const html = await page.text();
  assert.equal(page.status, 200);
  assert.match(page.headers.get('Content-Security-Policy') ?? '', /script-src 'self'/);
  const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path = '']) => path);
  assert.ok(files.length > 0, 'the page has files');
  for (const file of files) {
    const response = await fetch(new URL(file, `${url}/`));
    assert.equal(response.status, 200, file);
    assert.match(response.headers.get('Cache-Control') ?? '', /immutable/, file);
  }
  report(`npx scan-records: GET / returns the console and its ${files.length} files`);
}

async function useDoctor(app: string, url: string): Promise<void> {
  const { stdout } = await run('npx', ['--no-install', 'cors-doctor', `${url}/scanRecords`], { cwd: app });
  assert.match(stdout, /ALLOWED/);
  report('npx cors-doctor URL: ALLOWED');
  await writeFile(join(app, 'template.yaml'), TEMPLATE);
  await mkdir(join(app, 'function'));
  await writeFile(join(app, 'function/index.js'), FUNCTION);
  const { stdout: examined } = await run('npx', ['--no-install', 'cors-doctor', 'template.yaml'], {
    cwd: app,
  });
  assert.match(examined, /\/hello/);
  report('npx cors-doctor template.yaml: lists the routes');
}

async function useContract(app: string, url: string): Promise<void> {
  // Without fixtures, only a part can be checked, and the exit code is 2.
  const args = ['--no-install', 'scan-contract', url];
  const { code, stdout } = await promisify(execFile)('npx', args, { cwd: app }).then(
    (result) => ({ code: 0, stdout: result.stdout }),
    (error: unknown) => error as { code: number; stdout: string },
  );
  assert.equal(code, 2);
  report(`npx scan-contract URL: ${stdout.trim().split('\n').at(-1) ?? ''}`);
}

async function useGateway(app: string): Promise<void> {
  const route = await startCommand(
    app,
    ['sam-gateway', 'template.yaml', '--port', '0'],
    /GET\s+(http:\S+\/hello)/,
  );
  const response = await fetch(route, { headers: { Origin: 'http://localhost:5173' } });
  assert.equal(await response.text(), 'hello');
  report('npx sam-gateway template.yaml: invokes the function');
}

async function useApi(app: string): Promise<void> {
  await writeFile(
    join(app, 'esm.mjs'),
    `import { createApp, createRepository, parseConfig } from 'dynamodb-scan-records';\n${USE}`,
  );
  await writeFile(
    join(app, 'cjs.cjs'),
    `const { createApp, createRepository, parseConfig } = require('dynamodb-scan-records');\n${USE}`,
  );
  for (const file of ['esm.mjs', 'cjs.cjs']) {
    const { stdout } = await run(process.execPath, [file], { cwd: app });
    assert.equal(stdout.trim(), '{"status":"alive"}', file);
  }
  report('createApp can be imported from ES modules and from CommonJS');
}

async function useTypes(app: string): Promise<void> {
  for (const extension of ['mts', 'cts']) await writeFile(join(app, `types.${extension}`), TYPES);
  await compile(app, ['types.mts', 'types.cts']);
  report('the types of createApp check in both module systems');
}

async function compile(app: string, files: readonly string[]): Promise<void> {
  const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
  const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--skipLibCheck'];
  const types = ['--typeRoots', join(ROOT, 'node_modules/@types'), '--types', 'node'];
  await run(process.execPath, [compiler, ...options, ...types, ...files], { cwd: app });
}

async function useClient(app: string, url: string): Promise<void> {
  const use = `createClient('${url}').count().then(console.log);\n`;
  await writeFile(join(app, 'client.mjs'), `import { createClient } from 'scan-records-client';\n${use}`);
  await writeFile(
    join(app, 'client.cjs'),
    `const { createClient } = require('scan-records-client');\n${use}`,
  );
  for (const file of ['client.mjs', 'client.cjs']) {
    const { stdout } = await run(process.execPath, [file], { cwd: app });
    assert.equal(stdout.trim(), '1707', file);
  }
  report('the client counts 1707 items from ES modules and from CommonJS');
  const { stdout: types } = await run('npx', ['--no-install', 'scan-records', 'types'], { cwd: app });
  await writeFile(join(app, 'records.ts'), types);
  for (const extension of ['mts', 'cts']) await writeFile(join(app, `client.${extension}`), CLIENT_TYPES);
  await compile(app, ['client.mts', 'client.cts']);
  report('the types of the client check the output of npx scan-records types in both module systems');
}

function report(line: string): void {
  process.stdout.write(`ok ${line}\n`);
}

const USE = `
const config = parseConfig({ DYNAMODB: 'http://127.0.0.1:1' });
const repository = createRepository({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', timeout: 1000 });
const logger = { info() {}, warn() {}, error() {}, debug() {} };
const server = createApp({ config, repository, logger }).listen(0, async () => {
  const response = await fetch('http://127.0.0.1:' + server.address().port + '/healthz');
  console.log(await response.text());
  server.close();
  server.closeAllConnections();
  repository.close();
});
`;

const TYPES = `
import { pino } from "pino";
import { createApp, parseConfig, type Config, type Repository } from 'dynamodb-scan-records';

declare const repository: Repository;
const config: Config = parseConfig({ PORT: '3000' });
const app = createApp({ config, repository, logger: pino() });
app.listen(config.port);
// @ts-expect-error: a configuration without its settings
createApp({ config: {}, repository });
// @ts-expect-error: the app is not "any"
app.listenTo(3000);
`;

const CLIENT_TYPES = `
import { createClient, or, type ScanError } from 'scan-records-client';
import type { RecordsTableItem } from './records.js';

const records = createClient<RecordsTableItem>('http://localhost:3000');
export async function read(): Promise<string[]> {
  const items = await records.query({ key: { id: 'a' }, filter: or({ mag: { gt: 5 } }, { place: { contains: 'CA' } }) });
  // @ts-expect-error: the attribute does not exist
  records.scan({ filter: { magnitude: 5 } });
  return items.map(({ place }) => place);
}
export const codeOf = (error: ScanError): string => error.code;
`;

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Api:
    Type: AWS::Serverless::Api
    Properties:
      StageName: prod
      Cors: "'*'"
  Hello:
    Type: AWS::Serverless::Function
    Properties:
      CodeUri: function
      Handler: index.handler
      Runtime: nodejs24.x
      Events:
        Get:
          Type: Api
          Properties:
            RestApiId: !Ref Api
            Path: /hello
            Method: get
`;

const FUNCTION = `
exports.handler = async () => ({
  statusCode: 200,
  headers: { 'Access-Control-Allow-Origin': '*' },
  body: 'hello',
});
`;

main().catch((error: unknown) => {
  process.stderr.write(`${(error as Error).stack ?? String(error)}\n`);
  process.exitCode = 1;
});
