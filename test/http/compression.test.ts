import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { pipeline, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import {
  brotliDecompressSync,
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  gunzipSync,
  inflateSync,
} from 'node:zlib';
import type { Environment } from '../../src/config/config';
import type { Repository } from '../../src/dynamodb/repository';
import {
  sendException,
  scanResponse,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../helpers/servedApp';

/** Long enough that a timeout of the server never looks like the expected event. */
const TIMEOUT_MS = 600_000;

interface Coding {
  decode: (bytes: Buffer) => Buffer;
  /** Decodes the beginning of a response that was cut short. */
  decodeStart: (bytes: Buffer) => Buffer;
  createDecoder: () => Transform;
}

const GZIP: Coding = {
  decode: gunzipSync,
  decodeStart: (bytes) => gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  createDecoder: createGunzip,
};
const BROTLI: Coding = {
  decode: brotliDecompressSync,
  decodeStart: (bytes) => brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  createDecoder: createBrotliDecompress,
};
const DEFLATE: Coding = {
  decode: inflateSync,
  decodeStart: (bytes) => inflateSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }),
  createDecoder: createInflate,
};

const CODINGS: [string, Coding][] = [
  ['gzip', GZIP],
  ['br', BROTLI],
];

const FORMATS: [string, string][] = [
  ['application/json', '{"Items":[{"id":"a"},{"id":"b"}],"Count":2,"ScannedCount":2}'],
  ['application/x-ndjson', '{"id":"a"}\n{"id":"b"}\n'],
  ['text/csv', 'id,OtherAttributes\na,\nb,\n'],
  ['application/x-amz-json-1.0', '{"Items":[{"id":{"S":"a"}},{"id":{"S":"b"}}],"Count":2,"ScannedCount":2}'],
];

let dynamodb: FakeDynamodb;
let repository: Repository;
let server: Awaited<ReturnType<typeof serve>>;
let log: TestApp['log'];

async function start(script: Script, environment: Environment = {}): Promise<void> {
  dynamodb = await startFakeDynamodb(script);
  repository = repositoryAt(dynamodb.endpoint, TIMEOUT_MS);
  const test = testApp(repository, environment);
  log = test.log;
  server = await serve(test.app);
}

afterEach(async () => {
  await server.close();
  repository.close();
  await dynamodb.close();
});

/** Sends a POST request and resolves with the response headers; the body is not read. */
async function post(headers: Record<string, string>, body = ''): Promise<IncomingMessage> {
  const client = httpRequest(`${server.url}/scanRecords`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  client.end(body);
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  // The tests check for errors of the connection on the response.
  client.on('error', () => undefined);
  response.on('error', () => undefined);
  return response;
}

/** Reads decoded text until it contains the given text; the response continues. */
async function readUntil(decoder: AsyncIterator<Buffer, undefined>, text: string): Promise<string> {
  let decoded = '';
  while (!decoded.includes(text)) {
    const { value, done } = await decoder.next();
    if (done === true) throw new Error(`the response ended after ${decoded}`);
    decoded += value.toString();
  }
  return decoded;
}

function decoded(response: IncomingMessage, { createDecoder }: Coding): AsyncIterator<Buffer, undefined> {
  // The reader of the decoder gets its errors.
  return pipeline(response, createDecoder(), () => undefined)[Symbol.asyncIterator]() as AsyncIterator<
    Buffer,
    undefined
  >;
}

async function logged(): Promise<void> {
  while (log.length === 0) await setImmediate();
}

const twoPages: Script = ({ response }, index) => {
  if (index === 0) succeed(response, scanResponse([{ id: { S: 'a' } }], 'a'));
  else succeed(response, scanResponse([{ id: { S: 'b' } }]));
};

describe('a response', () => {
  describe.each(FORMATS)('in %s', (accept, body) => {
    it.each([...CODINGS, ['deflate', DEFLATE] as [string, Coding]])(
      'is compressed for Accept-Encoding: %s',
      async (coding, { decode }) => {
        await start(twoPages);
        const response = await post({ Accept: accept, 'Accept-Encoding': coding });
        expect(response.headers).toMatchObject({ 'content-encoding': coding });
        expect(response.headers).not.toHaveProperty('content-length');
        expect(response.headers['content-type']).toContain(accept);
        expect(decode(await buffer(response)).toString()).toBe(body);
      },
    );

    it.each<[string, Record<string, string>, Environment]>([
      ['for a client that sends no Accept-Encoding', {}, {}],
      ['for Accept-Encoding: identity', { 'Accept-Encoding': 'identity' }, {}],
      ['for an unknown coding', { 'Accept-Encoding': 'zstd' }, {}],
      ['for codings of quality 0', { 'Accept-Encoding': 'gzip;q=0, br;q=0' }, {}],
      ['with COMPRESSION=off', { 'Accept-Encoding': 'gzip, br' }, { COMPRESSION: 'off' }],
    ])('is not compressed %s', async (_why, headers, environment) => {
      await start(twoPages, environment);
      const response = await post({ Accept: accept, ...headers });
      expect(response.headers).not.toHaveProperty('content-encoding');
      expect((await buffer(response)).toString()).toBe(body);
    });
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['*', 'br'],
  ])('to Accept-Encoding: %s is compressed with %s', async (accepted, expected) => {
    await start(twoPages);
    const response = await post({ 'Accept-Encoding': accepted });
    expect(response.headers['content-encoding']).toBe(expected);
    response.destroy();
  });

  it.each([
    ['compressed items', { 'Accept-Encoding': 'gzip' }, 200],
    ['uncompressed items', {}, 200],
    ['a small problem', { 'Accept-Encoding': 'gzip', Accept: 'text/html' }, 406],
  ])('has Vary: Accept-Encoding for %s', async (_what, headers, status) => {
    await start(twoPages);
    const response = await post(headers);
    expect(response.statusCode).toBe(status);
    expect(response.headers.vary?.split(/, */)).toEqual(
      expect.arrayContaining(['Accept', 'Accept-Encoding']),
    );
    await buffer(response);
  });

  it('has no Vary: Accept-Encoding with COMPRESSION=off', async () => {
    await start(twoPages, { COMPRESSION: 'off' });
    const response = await post({ 'Accept-Encoding': 'gzip' });
    expect(response.headers.vary?.split(/, */)).not.toContain('Accept-Encoding');
    await buffer(response);
  });

  it.each(CODINGS)('with a problem is compressed with %s', async (coding, { decode }) => {
    const message = 'Not so. '.repeat(200);
    await start(({ response }) => sendException(response, 400, 'ValidationException', message));
    const response = await post({ 'Accept-Encoding': coding });
    expect(response.statusCode).toBe(400);
    expect(response.headers).toMatchObject({
      'content-encoding': coding,
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(JSON.parse(decode(await buffer(response)).toString())).toMatchObject({ detail: message });
  });

  it.each(CODINGS)(
    'that is buffered keeps its headers when compressed with %s',
    async (coding, { decode }) => {
      const text = 'a'.repeat(2000);
      await start(({ response }) => succeed(response, scanResponse([{ id: { S: text } }], 'a')));
      const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': coding };
      const response = await post(headers, '{"Limit":1}');
      expect(response.headers).toMatchObject({
        'content-encoding': coding,
        'x-last-evaluated-key': '{"id":"a"}',
      });
      expect(decode(await buffer(response)).toString()).toBe(`{"id":"${text}"}\n`);
    },
  );

  it('of a few bytes is sent uncompressed with its length', async () => {
    await start(({ response }) => succeed(response, scanResponse([{ id: { S: 'a' } }])));
    const response = await post({ Accept: 'application/x-ndjson', 'Accept-Encoding': 'gzip' });
    expect(response.headers).not.toHaveProperty('content-encoding');
    expect(response.headers['content-length']).toBe('11');
    expect((await buffer(response)).toString()).toBe('{"id":"a"}\n');
  });

  it.each(CODINGS)('of many megabytes is complete when compressed with %s', async (coding, { decode }) => {
    const pages = Array.from({ length: 6 }, () => randomBytes(750_000).toString('base64'));
    await start(({ response }, index) => {
      const items = [{ id: { S: pages[index] } }];
      succeed(response, scanResponse(items, index < pages.length - 1 ? `key ${index}` : undefined));
    });
    const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': coding };
    const text = decode(await buffer(await post(headers))).toString();
    expect(text === pages.map((id) => `${JSON.stringify({ id })}\n`).join('')).toBe(true);
  });
});

describe.each(CODINGS)('a response compressed with %s', (name, coding) => {
  const headers = { 'Accept-Encoding': name };

  it.each(FORMATS)('delivers %s page by page while DynamoDB reads the next page', async (accept) => {
    let sendSecondPage = (): void => undefined;
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else sendSecondPage = () => twoPages(call, index);
    });
    const response = await post({ ...headers, Accept: accept });
    const reader = decoded(response, coding);
    expect(await readUntil(reader, 'a')).not.toContain('b"');
    // The first page has been read before the second page exists.
    while (dynamodb.scans.length < 2) await setImmediate();
    sendSecondPage();
    await readUntil(reader, 'b');
  });

  it('cannot be mistaken for complete when a later page fails', async () => {
    let fail = (): void => undefined;
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else fail = () => succeed(call.response, '{"Items":[{"id":');
    });
    const response = await post({ ...headers, Accept: 'application/x-ndjson' });
    const received: Buffer[] = [];
    const ended = new Promise<boolean>((resolve) => {
      response.once('close', () => resolve(response.complete));
    });
    const firstPage = new Promise<void>((resolve) => {
      response.on('data', (chunk: Buffer) => {
        received.push(chunk);
        if (coding.decodeStart(Buffer.concat(received)).toString() === '{"id":"a"}\n') resolve();
      });
    });
    await firstPage;
    while (dynamodb.scans.length < 2) await setImmediate();
    fail();
    expect(await ended).toBe(false);
    expect(() => coding.decode(Buffer.concat(received))).toThrow();
    expect(coding.decodeStart(Buffer.concat(received)).toString()).toBe('{"id":"a"}\n');
  });

  it('makes fetch reject when a later page fails', async () => {
    await start(({ response }, index) => {
      if (index < 2) succeed(response, scanResponse([{ id: { S: `item ${index}` } }], `key ${index}`));
      else succeed(response, '{"Items":[{"id":');
    });
    const outcome = fetch(`${server.url}/scanRecords`, { method: 'POST', headers }).then((response) =>
      response.text(),
    );
    await expect(outcome).rejects.toThrow();
    await logged();
    expect(log).toMatchObject([{ msg: 'POST /scanRecords 200 connection reset' }]);
  });

  it('aborts the request to DynamoDB when the client disconnects, and sends no further one', async () => {
    let aborted = (): void => undefined;
    const requestAborted = new Promise<void>((resolve) => (aborted = resolve));
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else call.response.once('close', aborted);
    });
    const response = await post(headers);
    await readUntil(decoded(response, coding), '{"id":"a"}');
    response.destroy();
    await requestAborted;
    await logged();
    expect(dynamodb.scans).toHaveLength(2);
    expect(log).toMatchObject([{ msg: expect.stringContaining('client disconnected') as string }]);
  });

  it('stops when the client disconnects without reading', async () => {
    const page = randomBytes(6_000_000).toString('base64');
    await start(({ response }, index) => {
      succeed(response, scanResponse([{ id: { S: page } }], `key ${index}`));
    });
    const response = await post(headers);
    while (dynamodb.scans.length < 2) await setImmediate();
    response.destroy();
    await logged();
    expect(log).toMatchObject([{ msg: expect.stringContaining('client disconnected') as string }]);
    expect(dynamodb.scans.length).toBeLessThan(6);
  });
});
