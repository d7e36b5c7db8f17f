/** npm run contract: what it writes, and its exit code. */
import { CASES } from '../src/cases';
import { startFixtures } from '../src/fixtures';
import { run } from '../src/run';
import { startWrongServer } from './wrongServer';

const PREFLIGHT = CASES.filter(({ name }) => name.startsWith('A preflight is answered with 200'));
const NEEDY = CASES.filter(({ needsFixtures }) => needsFixtures === true).slice(0, 2);
const ORIGIN = ['--origins', 'https://app.example.com', '--credentials'];

async function runCommand(args: readonly string[], cases = PREFLIGHT, fixturesUrl = 'http://127.0.0.1:1') {
  let output = '';
  const code = await run(args, { cases, fixturesUrl, write: (text) => void (output += text) });
  return { code, output };
}

describe('npm run contract', () => {
  let server: Awaited<ReturnType<typeof startWrongServer>>;
  let url: string;

  beforeEach(async () => {
    server = await startWrongServer((said) => said);
    url = server.url;
  });

  afterEach(async () => {
    await server.close();
  });

  it('is 0 where the contract is kept', async () => {
    expect(await runCommand([url, ...ORIGIN])).toEqual({
      code: 0,
      output: `${url}: of 1 cases 1 kept, 0 failed, 0 skipped.\n`,
    });
  });

  it('is 1 where it is not, with a line for each failure', async () => {
    const { code, output } = await runCommand([url]);
    expect(code).toBe(1);
    expect(output.split('\n')).toEqual([
      expect.stringContaining('expected Access-Control-Allow-Origin "*", received "https://app.example.com"'),
      expect.stringContaining('expected Access-Control-Allow-Credentials to be absent, received "true"'),
      `${url}: of 1 cases 0 kept, 1 failed, 0 skipped.`,
      '',
    ]);
  });

  it('says which cases it skips, and why', async () => {
    const { code, output } = await runCommand([url, ...ORIGIN], [...PREFLIGHT, ...NEEDY]);
    expect(code).toBe(0);
    expect(output).toContain('2 cases were skipped, for they need a server that reads from the fixture');
    expect(output).toContain('(--fixtures): 2, 3.');
    expect(output).toContain('of 3 cases 1 kept, 0 failed, 2 skipped');
  });

  it('skips what a policy has no origin for', async () => {
    const wildcards = CASES.filter(({ name }) => name.startsWith('A subdomain of a wildcard entry may'));
    const { output } = await runCommand([url, ...ORIGIN], wildcards);
    expect(output).toContain('2 cases were skipped, for the policy has no origin to make theirs from: 1, 2.');
  });

  it('does not run where the fixtures are not', async () => {
    const { code, output } = await runCommand([url, '--fixtures']);
    expect(code).toBe(2);
    expect(output).toContain('start it with npm run contract:dynamodb');
  });

  it('takes no other server for the fixtures', async () => {
    const { code } = await runCommand([url, '--fixtures'], PREFLIGHT, url);
    expect(code).toBe(2);
  });

  it('runs where they are', async () => {
    const fixtures = await startFixtures();
    const { code } = await runCommand([url, ...ORIGIN, '--fixtures'], PREFLIGHT, fixtures.url);
    await fixtures.close();
    expect(code).toBe(0);
  });

  it('shows its usage', async () => {
    const { code, output } = await runCommand(['--help']);
    expect(code).toBe(0);
    expect(output).toMatch(/^npm run contract -- URL/);
  });

  test.each([
    [[], 'Say which server'],
    [['localhost:3000'], 'is no http URL'],
    [['http://a', 'http://b'], 'One URL is taken'],
    [['http://a/?b'], 'a query'],
    [['http://a', '--nothing'], '--nothing'],
    [['http://a', '--credentials'], '--credentials needs --origins'],
    [['http://a', '--origins', 'https://a.example/'], 'which is no origin'],
    [['http://127.0.0.1:1'], 'Nothing answers at http://127.0.0.1:1'],
  ])('refuses %j in a sentence', async (args, sentence) => {
    const { code, output } = await runCommand(args);
    expect(code).toBe(2);
    expect(output).toContain(sentence);
  });
});
