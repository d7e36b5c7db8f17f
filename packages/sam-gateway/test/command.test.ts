import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { UsageError } from 'command-line';
import { parseArguments } from '../src/arguments';

const ROOT = join(__dirname, '../../..');

function start(command: readonly string[], ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, [...command, ...args], { cwd: ROOT, env: { PATH, HOME } });
}

async function failure(...args: string[]): Promise<string> {
  const child = start(['packages/sam-gateway/dist/main.js'], ...args);
  const [exit, stderr] = await Promise.all([once(child, 'close'), text(child.stderr)]);
  expect(exit).toEqual([1, null]);
  return stderr;
}

describe('npm run gateway', () => {
  it('serves this project over the embedded table', async () => {
    const typescript = ['--conditions=source', '--require', 'ts-node/register/transpile-only'];
    const child = start([...typescript, 'scripts/gateway.ts'], '--port', '0');
    try {
      let stdout = '';
      for await (const chunk of child.stdout.setEncoding('utf8')) {
        stdout += String(chunk);
        if (stdout.includes('\n\n')) break;
      }
      const [, url = ''] = /POST +(\S+)/.exec(stdout) ?? [];
      const response = await fetch(url, { method: 'POST' });
      expect(await response.json()).toMatchObject({ Count: 1707 });
    } finally {
      child.kill('SIGTERM');
    }
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});

describe('sam-gateway', () => {
  it('rejects a directory as the template', async () => {
    expect(await failure(__dirname)).toBe(
      `Cannot read ${__dirname}: it is a directory, not a file. Pass the path of a template, for example: sam-gateway template.yaml\n`,
    );
  });

  it.each([
    ['does not exist', undefined, 'Template file not found'],
    ['is not YAML', 'Resources: [', 'at line 1, column'],
    ['has no API', 'Resources: { Q: { Type: AWS::SQS::Queue } }', 'it declares no REST API with a method'],
  ])('names the reason when the template %s', async (_what, template, reason) => {
    const directory = await mkdtemp(join(tmpdir(), 'template-'));
    try {
      const file = join(directory, 'a.yaml');
      if (template !== undefined) await writeFile(file, template);
      expect(await failure(file)).toContain(reason);
    } finally {
      await rm(directory, { recursive: true });
    }
  });
});

describe('parseArguments', () => {
  it('parses parameters and environment variables', () => {
    const args = ['a.yaml', '--parameter', 'A=b=c', '--env', 'X=', '--port', '0', '--region', 'eu-west-1'];
    expect(parseArguments(args)).toEqual({
      help: false,
      template: 'a.yaml',
      port: 0,
      region: 'eu-west-1',
      parameters: { A: 'b=c' },
      env: { X: '' },
    });
  });

  it.each([
    [['a.yaml', '--port', 'x'], '--port takes a number from 0 to 65535, not "x".'],
    [['a.yaml', '--env', 'X'], '--env takes NAME=VALUE, not "X".'],
    [['a', 'b'], 'Expected one template, received a and b.'],
    [['--color'], 'Unknown option "--color"'],
  ])('rejects %j', (args, message) => {
    expect(() => parseArguments(args)).toThrow(UsageError);
    expect(() => parseArguments(args)).toThrow(message);
  });
});
