/** Tests the examples in README.md: the doctor prints them for servers like these. */
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import cors from 'cors';
import express from 'express';
import { runDoctor } from '../src/command';
import { createTransport } from '../src/http';
import { styleFor } from '../src/terminal';
import { listen } from '../../../test/helpers/listen';

/** Checks credentials before cors() can respond to the preflight. */
const guarded: RequestListener = express()
  .use((request, response, next) => {
    if (request.headers.authorization === undefined) response.sendStatus(401);
    else next();
  })
  .use(cors());

/** nginx adds the header, and the application behind it sends it too. */
const twice: RequestListener = (_request, response) => {
  response.writeHead(200, {
    Server: 'nginx/1.24.0',
    'X-Powered-By': 'Express',
    'Access-Control-Allow-Origin': ['*', '*'],
  });
  response.end('[]');
};

const withoutRoute: RequestListener = express().use(cors());

async function reportFor(listener: RequestListener, ...options: string[]): Promise<string> {
  const { port, close } = await listen(createServer(listener));
  let output = '';
  try {
    await runDoctor([`http://localhost:${port}/items`, ...options], {
      transport: createTransport(),
      readFile: () => Promise.reject(new Error('no file must be read')),
      write: (text) => (output += text),
      style: styleFor(new PassThrough()),
    });
  } finally {
    await close();
  }
  return output.replaceAll(`localhost:${port}`, 'localhost:3000');
}

/** Line breaks depend on the number of digits of the port. */
function words(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}

it.each<[description: string, listener: RequestListener, ...options: string[]]>([
  ['a server that requires credentials for preflights', guarded, '--header', 'Authorization:Bearer TOKEN'],
  ['a header that is sent twice', twice, '--method', 'GET'],
  ['a path that does not exist', withoutRoute, '--method', 'GET'],
])('shows what the doctor prints for %s', async (_description, listener, ...options) => {
  const readme = await readFile(join(__dirname, '../README.md'), 'utf8');
  expect(words(readme)).toContain(words(await reportFor(listener, ...options)));
});
