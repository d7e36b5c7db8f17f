/** Tests the output and the exit codes of the command. */
import { CASES } from '../src/cases';
import { startFixtures } from '../src/fixtures';
import { run } from '../src/run';
import { noBug, startBrokenServer } from './brokenServer';

const PREFLIGHT = CASES.filter(({ name }) => name.startsWith('A preflight returns 200 without a body'));
const FIXTURE_CASES = CASES.filter(({ needsFixtures }) => needsFixtures === true).slice(0, 2);
const ORIGIN = ['--origins', 'https://app.example.com', '--credentials'];

async function runCommand(args: readonly string[], cases = PREFLIGHT, fixturesUrl = 'http://127.0.0.1:1') {
  let output = '';
  const code = await run(args, { cases, fixturesUrl, write: (text) => void (output += text) });
  return { code, output };
}

describe('run', () => {
  let server: Awaited<ReturnType<typeof startBrokenServer>>;
  let url: string;

  beforeEach(async () => {
    server = await startBrokenServer(noBug);
    url = server.url;
  });

  afterEach(async () => {
    await server.close();
  });

  it('returns 0 if the server keeps the contract', async () => {
    expect(await runCommand([url, ...ORIGIN])).toEqual({
      code: 0,
      output: `${url}: 1 passed, 0 failed, 0 skipped.\n`,
    });
  });

  it('returns 1 and writes one line per finding if a case fails', async () => {
    const { code, output } = await runCommand([url]);
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      expect.stringContaining('expected Access-Control-Allow-Origin "*", received "https://app.example.com"'),
      expect.stringContaining('expected Access-Control-Allow-Credentials to be absent, received "true"'),
      `${url}: 0 passed, 1 failed, 0 skipped.`,
      '',
    ]);
  });

  it('writes which cases it skips and why', async () => {
    const { code, output } = await runCommand([url, ...ORIGIN], [...PREFLIGHT, ...FIXTURE_CASES]);
    expect(code).toBe(0);
    expect(output).toContain('2 skipped because they need a server that reads from the fixture');
    expect(output).toContain('(--fixtures): cases 2, 3.');
    expect(output).toContain('1 passed, 0 failed, 2 skipped');
  });

  it('skips cases whose origin cannot be derived from the policy', async () => {
    const wildcards = CASES.filter(({ name }) =>
      name.startsWith('Allows a subdomain that matches a wildcard entry'),
    );
    const { output } = await runCommand([url, ...ORIGIN], wildcards);
    expect(output).toContain(
      '2 skipped because the policy has no entry from which to derive their origin: cases 1, 2.',
    );
  });

  it('returns 2 if the fixture DynamoDB is not running', async () => {
    const { code, output } = await runCommand([url, '--fixtures']);
    expect(code).toBe(2);
    expect(output).toContain('Start it with: npm run contract:dynamodb');
  });

  it('returns 2 if another server listens at the address of the fixtures', async () => {
    const { code } = await runCommand([url, '--fixtures'], PREFLIGHT, url);
    expect(code).toBe(2);
  });

  it('returns 0 if the fixture DynamoDB is running', async () => {
    const fixtures = await startFixtures();
    const { code } = await runCommand([url, ...ORIGIN, '--fixtures'], PREFLIGHT, fixtures.url);
    await fixtures.close();
    expect(code).toBe(0);
  });

  it('writes the usage for --help', async () => {
    const { code, output } = await runCommand(['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/^Usage: scan-contract URL/);
  });

  it.each([
    [[], 'Missing URL'],
    [['localhost:3000'], 'is not a valid HTTP URL'],
    [['http://a', 'http://b'], 'Expected one URL'],
    [['http://a/?b'], 'a query string'],
    [['http://a', '--nothing'], '--nothing'],
    [['http://a', '--credentials'], '--credentials requires --origins'],
    [['http://a', '--origins', 'https://a.example/'], 'is not a valid origin'],
    [['http://127.0.0.1:1'], 'No response from http://127.0.0.1:1'],
  ])('returns 2 and explains the problem for %j', async (args, message) => {
    const { code, output } = await runCommand(args);
    expect(code).toBe(2);
    expect(output).toContain(message);
  });
});
