/** Runs the doctor as a process, and starts servers for it to examine. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen } from '../../../test/helpers/listen';

const ROOT = join(__dirname, '../../..');

export interface ProcessResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command in the project's directory. */
export async function doctor(...args: string[]): Promise<ProcessResult> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, ['packages/cors-doctor/dist/main.js', ...args], {
    cwd: ROOT,
    env: { PATH, HOME },
  });
  const [[code], stdout, stderr] = await Promise.all([
    once(child, 'close') as Promise<[number | null]>,
    text(child.stdout),
    text(child.stderr),
  ]);
  return { code, stdout, stderr };
}

export interface TestServer {
  url: string;
  requests: IncomingMessage[];
  close: () => Promise<void>;
}

/** Starts a server that records its requests. */
export async function serve(listener: RequestListener): Promise<TestServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    listener(request, response);
  });
  const { port, close } = await listen(server);
  return { url: `http://127.0.0.1:${port}/scanRecords`, requests, close };
}

/** Allows every request. */
export const allowEverything: RequestListener = (_request, response) => {
  response.setHeader('Access-Control-Allow-Origin', '*');
  response.setHeader('Access-Control-Allow-Headers', 'Content-Type,Authorization,X-Api-Key');
  response.end('{}');
};
