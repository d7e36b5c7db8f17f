/** Starts each deployment of the backend, so that the tests can compare them. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pino } from 'pino';
import { createApp } from '../../src/app';
import { parseConfig } from '../../src/config/config';
import { openTable } from '../../src/cli/openTable';
import { listen } from '../helpers/listen';
import type { Backend, RunningBackend } from './backend';
import { startBehindGateway } from './gatewayBackend';

/** The others are compared with the first one. */
export const BACKENDS: readonly Backend[] = [
  { name: 'the Express app', isDirect: true, start: startApp },
  { name: 'the compiled server', isDirect: true, start: startCompiled },
  { name: 'the function behind API Gateway', isDirect: false, start: startBehindGateway },
];

/** Arguments that serve the sample. */
const SAMPLE = { files: undefined, wait: false, settings: new Map() } as const;

async function startApp(environment: Readonly<Record<string, string>>): Promise<RunningBackend> {
  const config = parseConfig(environment, { servesSample: true });
  const table = await openTable(config, SAMPLE);
  const app = createApp({ config, repository: table.repository, logger: pino({ level: 'silent' }) });
  const { port, close } = await listen(createServer(app));
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      await close();
      await table.close();
    },
  };
}

const DIST = join(__dirname, '../../dist');

/** The only variables that the server inherits. */
const { PATH = '', HOME = '' } = process.env;

async function startCompiled(environment: Readonly<Record<string, string>>): Promise<RunningBackend> {
  const child = spawn(process.execPath, [join(DIST, 'server.js')], {
    // A directory without an .env file.
    cwd: DIST,
    env: { PATH, HOME, PORT: '0', LOG_LEVEL: 'silent', ...environment },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const [, match] = /(http:\/\/\S+)\/scanRecords/.exec(output) ?? [];
      if (match !== undefined) resolve(match.replace('localhost', '127.0.0.1'));
    });
    void exited.then(() => reject(new Error('the compiled server exited before it listened')));
  });
  return {
    url,
    close: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
