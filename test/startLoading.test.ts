import { execFile } from 'node:child_process';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';

const ROOT = join(__dirname, '..');

/** Creates an app, and prints the packages and files that Node.js has loaded for it. */
const SCRIPT = `
  const { createApp, createRepository, parseConfig } = require('./dist');
  const config = parseConfig({ DYNAMODB: 'http://127.0.0.1:1' });
  const repository = createRepository({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1', timeout: 1 });
  const logger = { info() {}, warn() {}, error() {}, debug() {} };
  createApp({ config, repository, logger });
  console.log(JSON.stringify(Object.keys(require.cache)));
`;

describe('createApp', () => {
  let loaded: string[];

  beforeAll(async () => {
    const { stdout } = await promisify(execFile)(process.execPath, ['--eval', SCRIPT], { cwd: ROOT });
    loaded = JSON.parse(stdout) as string[];
  });

  it.each(['express', 'helmet', '@aws-sdk/client-dynamodb'])('loads the package %s', (name) => {
    expect(loaded).toContainEqual(expect.stringContaining(join('node_modules', name) + sep));
  });

  it.each(['zod', 'jose'])('does not load the package %s, which only requests need', (name) => {
    expect(loaded).not.toContainEqual(expect.stringContaining(join('node_modules', name) + sep));
  });

  it.each(['scan/handler.js', 'openapi/document.js'])(
    'does not load dist/%s, which its first request loads',
    (file) => {
      expect(loaded).not.toContain(join(ROOT, 'dist', file));
    },
  );
});
