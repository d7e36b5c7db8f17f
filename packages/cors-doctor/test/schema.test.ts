/** Validates the output of --json with the published JSON Schema. */
import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import Ajv, { type ValidateFunction } from 'ajv';
import { runDoctor } from '../src/command';
import { createTransport } from '../src/http';
import { styleFor } from '../src/terminal';
import { entry, har } from './harEntries';
import { listen } from '../../../test/helpers/listen';

let validate: ValidateFunction;

beforeAll(async () => {
  const schema = await readFile(join(__dirname, '../schema/result.schema.json'), 'utf8');
  // Strict about keywords that it does not know, so that a spelling error in the schema fails.
  validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false, allErrors: true }).compile(
    JSON.parse(schema) as object,
  );
});

async function outputFor(listener: RequestListener, path: string, ...options: string[]): Promise<unknown> {
  const { port, close } = await listen(createServer(listener));
  let output = '';
  try {
    await runDoctor([`http://127.0.0.1:${port}${path}`, '--json', ...options], {
      transport: createTransport(),
      readFile: () => Promise.reject(new Error('no file must be read')),
      write: (text) => (output += text),
      style: styleFor(new PassThrough()),
    });
  } finally {
    await close();
  }
  return JSON.parse(output);
}

const LISTENERS: Readonly<Record<string, RequestListener>> = {
  allowed: (_request, response) => {
    response
      .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Headers': '*' })
      .end('{}');
  },
  blocked: (_request, response) => {
    response.writeHead(401, { 'Set-Cookie': ['a=1', 'b=2'] }).end('no');
  },
  redirected: (request, response) => {
    if (request.url?.endsWith('/') === true) response.end();
    else response.writeHead(308, { Location: `${request.url ?? ''}/` }).end();
  },
  broken: (request) => {
    request.socket.destroy();
  },
};

it.each([
  ['allowed'],
  ['allowed', '--read', 'X-Total', '--credentials'],
  ['allowed', '--compare', 'http://127.0.0.1:9/other'],
  ['allowed', '--dry-run', '--oversized'],
  ['blocked'],
  ['blocked', '--method', 'GET'],
  ['redirected'],
  ['broken'],
])('describes the output for a server that is %s, with options %s %s', async (name, ...options) => {
  const output = await outputFor(LISTENERS[name] ?? (() => undefined), '/items', ...options);
  validate(output);
  expect(validate.errors ?? []).toEqual([]);
});

it.each([
  [
    '--har',
    har(entry({ error: 'net::ERR_FAILED' }), entry({ path: '/b', status: 0, error: 'net::ERR_FAILED' })),
  ],
  [
    '--console',
    "Access to fetch at 'http://a.example/' from origin 'http://b.example' has been blocked by CORS policy: The response is invalid.",
  ],
])('describes the output of %s', async (option, input) => {
  let output = '';
  await runDoctor([option, '-', '--json'], {
    transport: () => Promise.reject(new Error('nothing must be sent')),
    readFile: () => Promise.resolve(input),
    write: (text) => (output += text),
    style: styleFor(new PassThrough()),
  });
  validate(JSON.parse(output));
  expect(validate.errors ?? []).toEqual([]);
});

it('rejects an output without a verdict', async () => {
  const output = (await outputFor(LISTENERS.allowed ?? (() => undefined), '/items')) as { diagnosis: object };
  expect(validate({ ...output, diagnosis: { ...output.diagnosis, verdict: undefined } })).toBe(false);
});
