/** Tests the output and the exit codes of the command. */
import { CASES } from '../src/cases';
import { startFixtures } from '../src/fixtures';
import { run } from '../src/run';
import { noBug, startBrokenServer } from './brokenServer';

const PREFLIGHT = CASES.filter(({ name }) => name.startsWith('A preflight returns 200 without a body'));
const FIXTURE_CASES = CASES.filter(({ needsFixtures }) => needsFixtures === true).slice(0, 2);
const NO_PROGRESS = { update: () => undefined, clear: () => undefined };
const ORIGIN = ['--origins', 'https://app.example.com', '--credentials'];

async function runCommand(args: readonly string[], cases = PREFLIGHT, fixturesUrl = 'http://127.0.0.1:1') {
  let output = '';
  const write = (text: string) => void (output += text);
  const code = await run(args, { cases, fixturesUrl, write, progress: NO_PROGRESS });
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

  it('returns 0 if every case passed', async () => {
    expect(await runCommand([url, ...ORIGIN])).toEqual({
      code: 0,
      output: `Preflights: 1 passed\n\n${url} keeps the contract: 1 passed, 0 failed, 0 not checked.\n`,
    });
  });

  it('returns 1 and names the violations if a case fails', async () => {
    const { code, output } = await runCommand([url]);
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      'Preflights: 0 passed, 1 failed',
      '',
      '  expected Access-Control-Allow-Origin "*", received "https://app.example.com"',
      `    ${PREFLIGHT[0]?.name ?? ''}`,
      expect.stringMatching(/^ {4}https:/),
      '',
      '  expected Access-Control-Allow-Credentials to be absent, received "true"',
      `    ${PREFLIGHT[0]?.name ?? ''}`,
      expect.stringMatching(/^ {4}https:/),
      '',
      `${url} breaks the contract: 0 passed, 1 failed, 0 not checked.`,
      '',
    ]);
  });

  it('names a violation once, with the first three of the cases that have it', async () => {
    const preflights = CASES.filter(({ topic }) => topic === 'Preflights');
    const { output } = await runCommand([url], preflights);
    expect(output.match(/expected Access-Control-Allow-Origin/g)).toHaveLength(1);
    expect(output).toContain(`and ${preflights.length - 3} more cases like this`);
  });

  it('names all cases with --verbose', async () => {
    const preflights = CASES.filter(({ topic }) => topic === 'Preflights');
    const { output } = await runCommand([url, '--verbose'], preflights);
    for (const { name } of preflights) expect(output).toContain(`\n  ${name}\n`);
  });

  it('returns 2 and says why if cases are not checked', async () => {
    const { code, output } = await runCommand([url, ...ORIGIN], [...PREFLIGHT, ...FIXTURE_CASES]);
    expect(code).toBe(2);
    expect(output).toContain(
      'Not checked:\n  2 cases, because they need a server that reads from the fixture',
    );
    expect(output).toContain('is partly checked: 1 passed, 0 failed, 2 not checked.');
  });

  it('returns 0 if the policy has no entry of the kind that a case tests', async () => {
    const wildcards = CASES.filter(({ name }) => name.startsWith('Allows a subdomain that matches'));
    const { code, output } = await runCommand([url, ...ORIGIN], [...PREFLIGHT, ...wildcards]);
    expect(code).toBe(0);
    expect(output).toContain('Not applicable:\n  2 cases, because the policy has no entry of the kind');
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
    [['http://127.0.0.1:1'], 'Nothing was checked. http://127.0.0.1:1 does not respond'],
    [['http://a', '--timeout', 'soon'], '--timeout: "soon" is not a number of seconds'],
    [['http://a', '--max-time', '0'], '--max-time: "0" is not a number of seconds'],
  ])('returns 2 and explains the problem for %j', async (args, message) => {
    const { code, output } = await runCommand(args);
    expect(code).toBe(2);
    expect(output).toContain(message);
  });
});
