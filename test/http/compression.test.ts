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
  refuse,
  scanAnswer,
  startFakeDynamodb,
  succeed,
  type FakeDynamodb,
  type Script,
} from '../helpers/fakeDynamodb';
import { repositoryAt, serve, testApp, type TestApp } from '../helpers/servedApp';

/** No timeout of the server's own may pass for what a test waits for. */
const LONG = 600_000;

interface Coding {
  decode: (bytes: Buffer) => Buffer;
  /** Decodes what there is of an answer cut short. */
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
  repository = repositoryAt(dynamodb.endpoint, LONG);
  const test = testApp(repository, environment);
  log = test.log;
  server = await serve(test.app);
}

afterEach(async () => {
  await server.close();
  repository.close();
  await dynamodb.close();
});

/** Posts, and reads nothing of the answer but its head. */
async function post(headers: Record<string, string>, body = ''): Promise<IncomingMessage> {
  const client = httpRequest(`${server.url}/scanRecords`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
  });
  client.end(body);
  const [answer] = (await once(client, 'response')) as [IncomingMessage];
  // What comes of a connection that breaks, the answer shows.
  client.on('error', () => undefined);
  answer.on('error', () => undefined);
  return answer;
}

/** What has been decoded, until it contains a text; the answer goes on. */
async function readUntil(decoder: AsyncIterator<Buffer, undefined>, text: string): Promise<string> {
  let decoded = '';
  while (!decoded.includes(text)) {
    const { value, done } = await decoder.next();
    if (done === true) throw new Error(`the answer ended after ${decoded}`);
    decoded += value.toString();
  }
  return decoded;
}

function decoded(answer: IncomingMessage, { createDecoder }: Coding): AsyncIterator<Buffer, undefined> {
  // Errors are for who reads the decoder.
  return pipeline(answer, createDecoder(), () => undefined)[Symbol.asyncIterator]() as AsyncIterator<
    Buffer,
    undefined
  >;
}

async function logged(): Promise<void> {
  while (log.length === 0) await setImmediate();
}

const twoPages: Script = ({ response }, index) => {
  if (index === 0) succeed(response, scanAnswer([{ id: { S: 'a' } }], 'a'));
  else succeed(response, scanAnswer([{ id: { S: 'b' } }]));
};

describe('an answer', () => {
  describe.each(FORMATS)('of %s', (accept, body) => {
    test.each([...CODINGS, ['deflate', DEFLATE] as [string, Coding]])(
      'is compressed for Accept-Encoding: %s',
      async (coding, { decode }) => {
        await start(twoPages);
        const answer = await post({ Accept: accept, 'Accept-Encoding': coding });
        expect(answer.headers).toMatchObject({ 'content-encoding': coding });
        expect(answer.headers).not.toHaveProperty('content-length');
        expect(answer.headers['content-type']).toContain(accept);
        expect(decode(await buffer(answer)).toString()).toBe(body);
      },
    );

    test.each<[string, Record<string, string>, Environment]>([
      ['for a client that sends no Accept-Encoding', {}, {}],
      ['for Accept-Encoding: identity', { 'Accept-Encoding': 'identity' }, {}],
      ['for a coding there is not', { 'Accept-Encoding': 'zstd' }, {}],
      ['for codings of quality 0', { 'Accept-Encoding': 'gzip;q=0, br;q=0' }, {}],
      ['with COMPRESSION=off', { 'Accept-Encoding': 'gzip, br' }, { COMPRESSION: 'off' }],
    ])('is as it is %s', async (_why, headers, environment) => {
      await start(twoPages, environment);
      const answer = await post({ Accept: accept, ...headers });
      expect(answer.headers).not.toHaveProperty('content-encoding');
      expect((await buffer(answer)).toString()).toBe(body);
    });
  });

  test.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip;q=1.0, br;q=0.5', 'gzip'],
    ['*', 'br'],
  ])('to Accept-Encoding: %s is in %s', async (accepted, expected) => {
    await start(twoPages);
    const answer = await post({ 'Accept-Encoding': accepted });
    expect(answer.headers['content-encoding']).toBe(expected);
    answer.destroy();
  });

  test.each([
    ['records, compressed', { 'Accept-Encoding': 'gzip' }, 200],
    ['records, as they are', {}, 200],
    ['a small problem', { 'Accept-Encoding': 'gzip', Accept: 'text/html' }, 406],
  ])('says in Vary that it depends on Accept-Encoding: %s', async (_what, headers, status) => {
    await start(twoPages);
    const answer = await post(headers);
    expect(answer.statusCode).toBe(status);
    expect(answer.headers.vary?.split(/, */)).toEqual(expect.arrayContaining(['Accept', 'Accept-Encoding']));
    await buffer(answer);
  });

  it('does not say so with COMPRESSION=off', async () => {
    await start(twoPages, { COMPRESSION: 'off' });
    const answer = await post({ 'Accept-Encoding': 'gzip' });
    expect(answer.headers.vary?.split(/, */)).not.toContain('Accept-Encoding');
    await buffer(answer);
  });

  test.each(CODINGS)('that is a problem can be read in %s', async (coding, { decode }) => {
    const message = 'Not so. '.repeat(200);
    await start(({ response }) => refuse(response, 400, 'ValidationException', message));
    const answer = await post({ 'Accept-Encoding': coding });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers).toMatchObject({
      'content-encoding': coding,
      'content-type': 'application/problem+json; charset=utf-8',
    });
    expect(JSON.parse(decode(await buffer(answer)).toString())).toMatchObject({ detail: message });
  });

  test.each(CODINGS)('that is held has its headers in %s, too', async (coding, { decode }) => {
    const text = 'a'.repeat(2000);
    await start(({ response }) => succeed(response, scanAnswer([{ id: { S: text } }], 'a')));
    const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': coding };
    const answer = await post(headers, '{"Limit":1}');
    expect(answer.headers).toMatchObject({
      'content-encoding': coding,
      'x-last-evaluated-key': '{"id":"a"}',
    });
    expect(decode(await buffer(answer)).toString()).toBe(`{"id":"${text}"}\n`);
  });

  test('of a few bytes is sent as it is, with its length', async () => {
    await start(({ response }) => succeed(response, scanAnswer([{ id: { S: 'a' } }])));
    const answer = await post({ Accept: 'application/x-ndjson', 'Accept-Encoding': 'gzip' });
    expect(answer.headers).not.toHaveProperty('content-encoding');
    expect(answer.headers['content-length']).toBe('11');
    expect((await buffer(answer)).toString()).toBe('{"id":"a"}\n');
  });

  test.each(CODINGS)('of many megabytes is whole in %s', async (coding, { decode }) => {
    const pages = Array.from({ length: 6 }, () => randomBytes(750_000).toString('base64'));
    await start(({ response }, index) => {
      const items = [{ id: { S: pages[index] } }];
      succeed(response, scanAnswer(items, index < pages.length - 1 ? `key ${index}` : undefined));
    });
    const headers = { Accept: 'application/x-ndjson', 'Accept-Encoding': coding };
    const text = decode(await buffer(await post(headers))).toString();
    expect(text === pages.map((id) => `${JSON.stringify({ id })}\n`).join('')).toBe(true);
  });
});

describe.each(CODINGS)('while it is compressed with %s, an answer', (name, coding) => {
  const headers = { 'Accept-Encoding': name };

  test.each(FORMATS)('of %s is read page by page, while DynamoDB works on the next', async (accept) => {
    let answerSecond = (): void => undefined;
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else answerSecond = () => twoPages(call, index);
    });
    const answer = await post({ ...headers, Accept: accept });
    const reader = decoded(answer, coding);
    expect(await readUntil(reader, 'a')).not.toContain('b"');
    // The first page has been read; only now is there a second.
    while (dynamodb.scans.length < 2) await setImmediate();
    answerSecond();
    await readUntil(reader, 'b');
  });

  it('is nothing that could pass for whole when a later page fails', async () => {
    let fail = (): void => undefined;
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else fail = () => succeed(call.response, '{"Items":[{"id":');
    });
    const answer = await post({ ...headers, Accept: 'application/x-ndjson' });
    const received: Buffer[] = [];
    const ended = new Promise<boolean>((resolve) => {
      answer.once('close', () => resolve(answer.complete));
    });
    const firstPage = new Promise<void>((resolve) => {
      answer.on('data', (chunk: Buffer) => {
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
      if (index < 2) succeed(response, scanAnswer([{ id: { S: `item ${index}` } }], `key ${index}`));
      else succeed(response, '{"Items":[{"id":');
    });
    const outcome = fetch(`${server.url}/scanRecords`, { method: 'POST', headers }).then((response) =>
      response.text(),
    );
    await expect(outcome).rejects.toThrow();
    await logged();
    expect(log).toMatchObject([{ msg: 'POST /scanRecords 200 connection reset' }]);
  });

  it('aborts the call in flight when its client leaves, and sends no further one', async () => {
    let aborted = (): void => undefined;
    const callAborted = new Promise<void>((resolve) => (aborted = resolve));
    await start((call, index) => {
      if (index === 0) twoPages(call, index);
      else call.response.once('close', aborted);
    });
    const answer = await post(headers);
    await readUntil(decoded(answer, coding), '{"id":"a"}');
    answer.destroy();
    await callAborted;
    await logged();
    expect(dynamodb.scans).toHaveLength(2);
    expect(log).toMatchObject([{ msg: expect.stringContaining('client disconnected') as string }]);
  });

  it('stops for a client that leaves without having read', async () => {
    const page = randomBytes(6_000_000).toString('base64');
    await start(({ response }, index) => {
      succeed(response, scanAnswer([{ id: { S: page } }], `key ${index}`));
    });
    const answer = await post(headers);
    while (dynamodb.scans.length < 2) await setImmediate();
    answer.destroy();
    await logged();
    expect(log).toMatchObject([{ msg: expect.stringContaining('client disconnected') as string }]);
    expect(dynamodb.scans.length).toBeLessThan(6);
  });
});
