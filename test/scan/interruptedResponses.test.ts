import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { connect, createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { crc32, gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { Environment } from '../../src/config/config';
import { describeTable, startFakeDynamodb, succeed, type Script } from '../helpers/fakeDynamodb';
import { endServers, startServer } from '../helpers/serverProcess';
import { repositoryAt, serve, testApp } from '../helpers/servedApp';

jest.setTimeout(120_000);

interface Format {
  name: string;
  accept: string;
  environment: Environment;
  /** Returns the items, sorted by id, and the rest of a response; throws if it is incomplete. */
  parse: (text: string) => unknown;
}

interface Row {
  id: string | { S: string };
}

function byId(records: Row[]): Row[] {
  return records.sort((a, b) => (JSON.stringify(a.id) < JSON.stringify(b.id) ? -1 : 1));
}

function lines(text: string): string[] {
  if (!text.endsWith('\n')) throw new Error('the last line is not ended');
  return text.slice(0, -1).split('\n').sort();
}

function object(text: string): unknown {
  const parsed = JSON.parse(text) as { Items: Row[] };
  return { ...parsed, Items: byId(parsed.Items) };
}

const FORMATS: Format[] = [
  { name: 'application/json', accept: 'application/json', environment: {}, parse: object },
  {
    name: 'a bare array',
    accept: 'application/json',
    environment: { RESPONSE_SHAPE: 'array' },
    parse: (text) => byId(JSON.parse(text) as Row[]),
  },
  { name: 'application/x-ndjson', accept: 'application/x-ndjson', environment: {}, parse: lines },
  { name: 'text/csv', accept: 'text/csv', environment: {}, parse: lines },
  {
    name: 'application/x-amz-json-1.0',
    accept: 'application/x-amz-json-1.0',
    environment: {},
    parse: object,
  },
];

const ENCODINGS = ['identity', 'gzip'];
const COMBINATIONS = FORMATS.flatMap((format) =>
  ENCODINGS.map((encoding) => ({ name: format.name, format, encoding })),
);

/** Pages of each segment. */
const PAGES = 4;

/** The body of a page, numbered from 0; the last one has no key. */
function pageBody(segment: number, page: number): Buffer {
  // One page is larger than what a connection accepts at once.
  const count = page === 1 ? 400 : 15;
  const Items = Array.from({ length: count }, (_, at) => ({
    id: { S: `${segment}/${page}/${at}` },
    mag: { N: `${at}.50` },
    text: { S: `${String.fromCharCode(97 + (at % 26)).repeat(at % 300)}, "é"` },
    list: { L: [{ N: '1' }, { NULL: true }, { M: { deep: { BOOL: true } } }] },
  }));
  const key = { id: { S: `page ${page + 1}` } };
  return Buffer.from(
    JSON.stringify({
      Items,
      Count: count,
      ScannedCount: count,
      ...(page + 1 < PAGES && { LastEvaluatedKey: key }),
    }),
  );
}

const BODIES = Array.from({ length: 4 }, (_, segment) =>
  Array.from({ length: PAGES }, (_, page) => pageBody(segment, page)),
);

interface Asked {
  segment: number;
  page: number;
  bytes: Buffer;
}

function asked(body: object): Asked {
  const { Segment: segment = 0, ExclusiveStartKey: key } = body as {
    Segment?: number;
    ExclusiveStartKey?: { id: { S: string } };
  };
  const page = Number(key?.id.S.replace('page ', '') ?? 0);
  return { segment, page, bytes: BODIES[segment]?.[page] ?? Buffer.alloc(0) };
}

const wholeTable: Script = ({ body, response }) => succeed(response, asked(body).bytes);

/** The result for the client: an error status, an incomplete body, or a complete one. */
type Outcome = { is: 'refused'; status: number } | { is: 'broken' } | { is: 'ended'; text: string };

interface Request {
  format: Format;
  encoding: string;
  segments: number;
}

const bodyOf = ({ segments }: Request) => (segments === 1 ? '{}' : `{"TotalSegments":${segments}}`);
const headersOf = ({ format, encoding }: Request) => ({
  Accept: format.accept,
  'Accept-Encoding': encoding,
  'Content-Type': 'application/json',
});

/** Clients that decide only by HTTP whether a response is complete. */
const CLIENTS = {
  async fetch(url: string, asked: Request): Promise<Outcome> {
    const response = await fetch(url, { method: 'POST', headers: headersOf(asked), body: bodyOf(asked) });
    const text = await response.text();
    return response.ok ? { is: 'ended', text } : { is: 'refused', status: response.status };
  },

  async http(url: string, asked: Request): Promise<Outcome> {
    const client = httpRequest(url, { method: 'POST', headers: headersOf(asked), agent: false });
    // A reset causes an event here too. Only the result of the response matters.
    client.on('error', () => undefined).end(bodyOf(asked));
    const [parsed] = (await once(client, 'response')) as [IncomingMessage];
    const bytes = await collect(parsed);
    const { statusCode: status = 0, headers } = parsed;
    return outcome(status, headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes);
  },

  /**
   * In HTTP/1.0, closing the connection ends the body. Clients on Node's sockets cannot be used: if data is left to
   * read, they treat a reset as an orderly close.
   */
  async curl(url: string, asked: Request): Promise<Outcome> {
    const headers = Object.entries(headersOf(asked)).flatMap(([name, value]) => ['-H', `${name}: ${value}`]);
    const curl = spawn('curl', ['-s', '-i', '--http1.0', '-d', bodyOf(asked), ...headers, url], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const closed = once(curl, 'close') as Promise<[number | null]>;
    const [bytes, [code]] = await Promise.all([collect(curl.stdout), closed]);
    if (code !== 0) return { is: 'broken' };
    const bodyAt = bytes.indexOf('\r\n\r\n');
    const head = bytes.subarray(0, bodyAt).toString();
    const body = bytes.subarray(bodyAt + 4);
    return outcome(
      Number(head.slice(9, 12)),
      /^content-encoding: gzip/im.test(head) ? gunzipSync(body) : body,
    );
  },
};

type Client = keyof typeof CLIENTS;

/** Without curl its tests are skipped, but never in CI. */
const hasCurl = spawnSync('curl', ['--version']).status === 0 || process.env.CI !== undefined;
const testWithCurl = hasCurl || process.env.CI !== undefined ? it : it.skip;
const NODE_CLIENTS: Client[] = ['fetch', 'http'];

function outcome(status: number, bytes: Buffer): Outcome {
  return status === 200 ? { is: 'ended', text: bytes.toString() } : { is: 'refused', status };
}

async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** A client sees every error that it receives. */
async function ask(client: Client, url: string, asked: Request): Promise<Outcome> {
  return CLIENTS[client](url, asked).catch(() => ({ is: 'broken' }));
}

/** Classifies a result. */
async function verdict(parsed: Outcome, request: Request): Promise<'refused' | 'broken' | 'whole' | 'short'> {
  if (parsed.is === 'broken') return 'broken';
  if (parsed.is === 'refused') return parsed.status >= 400 ? 'refused' : 'short';
  const { value } = await whole(request);
  try {
    return isDeepStrictEqual(request.format.parse(parsed.text), value) ? 'whole' : 'short';
  } catch {
    return 'short';
  }
}

/** Starts a server with its own engine. */
async function start(script: Script, environment: Environment) {
  const dynamodb = await startFakeDynamodb(script);
  const repository = repositoryAt(dynamodb.endpoint);
  const { app, log } = testApp(repository, environment);
  const server = await serve(app);
  return {
    url: `${server.url}/scanRecords`,
    scans: dynamodb.scans,
    log,
    close: async () => {
      await server.close();
      repository.close();
      await dynamodb.close();
    },
  };
}

/** The response without any failure. */
const wholes = new Map<string, { value: unknown; bytes: number }>();

async function whole(asked: Request): Promise<{ value: unknown; bytes: number }> {
  const name = `${asked.format.name} ${asked.encoding} ${asked.segments}`;
  const known = wholes.get(name);
  if (known !== undefined) return known;
  const server = await start(wholeTable, asked.format.environment);
  const proxy = await cuttingProxy(server.url, Infinity, 'reset');
  const parsed = await ask('http', proxy.url, asked);
  await proxy.close();
  await server.close();
  if (parsed.is !== 'ended') throw new Error(`the response without any failure is ${parsed.is}`);
  const found = { value: asked.format.parse(parsed.text), bytes: proxy.forwarded() };
  wholes.set(name, found);
  return found;
}

/** Forwards to a server, but only the first bytes of its response. */
async function cuttingProxy(target: string, bytes: number, how: 'reset' | 'end') {
  const { port, hostname, pathname } = new URL(target);
  const sockets = new Set<Socket>();
  let forwarded = 0;
  let hasCut = false;
  const proxy = createTcpServer((downstream) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [downstream, upstream]) {
      sockets.add(socket);
      socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
    }
    downstream.on('data', (chunk) => upstream.write(chunk)).on('end', () => upstream.end());
    upstream.on('data', (chunk: Buffer) => {
      if (hasCut) return;
      const part = chunk.subarray(0, bytes - forwarded);
      forwarded += part.length;
      downstream.write(part);
      hasCut = part.length < chunk.length;
      if (!hasCut) return;
      upstream.destroy();
      if (how === 'reset') downstream.resetAndDestroy();
      else downstream.end();
    });
    upstream.on('end', () => downstream.end());
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${pathname}`,
    forwarded: () => forwarded,
    hasCut: () => hasCut,
    close: () =>
      new Promise<void>((resolve) => {
        proxy.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** Failures of the engine at one byte of a response. */
type Damage = (response: ServerResponse, whole: Buffer, at: number) => void;

const DAMAGES: Readonly<Partial<Record<string, Damage>>> = {
  'is reset before its response': (response) => response.socket?.resetAndDestroy(),
  'is reset in its response': (response, whole, at) => {
    response.writeHead(200, { 'Content-Length': whole.length });
    response.write(whole.subarray(0, at), () => response.socket?.resetAndDestroy());
  },
  'is reset in a chunked response': (response, whole, at) => {
    response.writeHead(200);
    response.write(whole.subarray(0, at), () => response.socket?.resetAndDestroy());
    response.flushHeaders();
  },
  'ends too early': (response, whole, at) => {
    response.writeHead(200, { 'Content-Length': whole.length });
    response.write(whole.subarray(0, at), () => response.socket?.end());
  },
  'ends at the end of the response': (response, whole, at) => {
    response.socket?.write('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n');
    response.socket?.end(whole.subarray(0, at));
  },
  'gives the length of a part': (response, whole, at) => {
    response.writeHead(200, { 'Content-Length': at }).end(whole.subarray(0, at));
  },
  'gives the length of a part, and the checksum of all': (response, whole, at) => {
    response.writeHead(200, { 'Content-Length': at, 'x-amz-crc32': crc32(whole) });
    response.end(whole.subarray(0, at));
  },
  'ends the chunks too early': (response, whole, at) => {
    response.writeHead(200, { 'x-amz-crc32': crc32(whole) }).end(whole.subarray(0, at));
  },
  'gives too great a length': (response, whole) => {
    response.writeHead(200, { 'Content-Length': whole.length + 1 });
    response.write(whole, () => response.socket?.end());
  },
  'gives a wrong checksum': (response, whole) => {
    response.writeHead(200, { 'x-amz-crc32': crc32(whole) ^ 1 }).end(whole);
  },
  'changes a byte': (response, whole, at) => {
    const changed = Buffer.from(whole);
    changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
    response.writeHead(200, { 'x-amz-crc32': crc32(whole) }).end(changed);
  },
  'loses a record': (response, whole) => {
    const { Items, ...rest } = JSON.parse(whole.toString()) as { Items: object[] };
    succeed(response, JSON.stringify({ ...rest, Items: Items.slice(1) }));
  },
  'sends garbage': (response, whole, at) => {
    succeed(response, Buffer.concat([whole.subarray(at), whole.subarray(0, at)]).subarray(1));
  },
  'sends the error page of a proxy': (response) => {
    response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>Wait</title>');
  },
  'returns 204': (response) => {
    response.writeHead(204).end();
  },
  'returns 302': (response) => {
    response.writeHead(302, { Location: '/' }).end();
  },
  'returns 400': (response) => {
    response.writeHead(400).end('{"__type":"x#ValidationException","message":"m"}');
  },
  'returns 500': (response, whole) => {
    response.writeHead(500, { 'Content-Length': whole.length }).end(whole);
  },
};

const unhandled: unknown[] = [];
const note = (reason: unknown) => unhandled.push(reason);

beforeAll(() => {
  process.on('unhandledRejection', note);
});

afterAll(() => {
  process.off('unhandledRejection', note);
});

afterEach(() => {
  if (unhandled.length > 0) throw new Error('an unhandled failure', { cause: unhandled.pop() });
});

const segmentsArbitrary = fc.constantFrom(1, 1, 4);
/** A relative position, for any length. */
const placeArbitrary = fc.integer({ min: 0, max: 9999 }).map((share) => share / 10_000);

/** Scenarios run in parallel, because they mostly wait. */
const AT_ONCE = 6;

async function playAll<Scene>(
  scene: fc.Arbitrary<Scene>,
  runs: number,
  play: (scene: Scene) => Promise<void>,
) {
  await fc.assert(
    fc.asyncProperty(fc.array(scene, { minLength: AT_ONCE, maxLength: AT_ONCE }), async (scenes) => {
      await Promise.all(scenes.map(play));
    }),
    { numRuns: runs, endOnFailure: true },
  );
}

const sceneOfDamage = (clients: Client[]) =>
  fc.record({
    client: fc.constantFrom(...clients),
    segments: segmentsArbitrary,
    damage: fc.constantFrom(...Object.keys(DAMAGES)),
    segment: placeArbitrary,
    page: fc.nat(PAGES - 1),
    place: placeArbitrary,
    /** Number of attempts that fail. */
    attempts: fc.constantFrom(Infinity, Infinity, 1, 2),
  });

type Scene = ReturnType<typeof sceneOfDamage> extends fc.Arbitrary<infer S> ? S : never;

/** Runs an engine that damages a page, and returns the result for the client. */
async function expectWholeOrFailure(asking: Omit<Request, 'segments'>, scene: Scene): Promise<void> {
  const { format, encoding } = asking;
  const { client, segments, damage, page, place, attempts } = scene;
  const segment = Math.floor(scene.segment * segments);
  let attempt = 0;
  const server = await start(({ body, response }) => {
    const call = asked(body);
    const isDamaged = call.segment === segment && call.page === page && attempt++ < attempts;
    if (!isDamaged) succeed(response, call.bytes);
    else DAMAGES[damage]?.(response, call.bytes, Math.floor(place * call.bytes.length));
  }, format.environment);
  const request = { format, encoding, segments };
  const found = await verdict(await ask(client, server.url, request), request);
  await server.close();

  expect(attempt).toBeGreaterThan(0);
  const failures = segments > 1 ? ['refused', 'broken'] : page === 0 ? ['refused'] : ['broken'];
  expect(attempts === Infinity ? failures : [...failures, 'whole']).toContain(found);
}

describe.each(COMBINATIONS)('a response as $name, $encoding', ({ format, encoding }) => {
  it.each([1, 4])('is complete if nothing fails: %d segments', async (segments) => {
    const request = { format, encoding, segments };
    const server = await start(wholeTable, format.environment);
    for (const client of NODE_CLIENTS) {
      expect(await verdict(await ask(client, server.url, request), request)).toBe('whole');
    }
    await server.close();
    const { value } = await whole(request);
    const ids = JSON.stringify(value).match(/\b\d\/\d\/\d+\b/g);
    expect(new Set(ids).size).toBe(segments * (15 * (PAGES - 1) + 400));
    expect(ids).toHaveLength(new Set(ids).size);
  });

  it('is complete or visibly fails, whatever the engine does in the middle of a page', async () => {
    await playAll(sceneOfDamage(NODE_CLIENTS), 3, (scene) =>
      expectWholeOrFailure({ format, encoding }, scene),
    );
    expect.hasAssertions();
  });

  testWithCurl('is whole, or makes curl fail, where its end is that of the connection', async () => {
    await playAll(sceneOfDamage(['curl']), 1, (scene) => expectWholeOrFailure({ format, encoding }, scene));
  });

  it('never looks complete if the connection to the client is cut', async () => {
    const scene = fc.record({
      client: fc.constantFrom(...NODE_CLIENTS),
      segments: segmentsArbitrary,
      how: fc.constantFrom<('reset' | 'end')[]>('reset', 'end'),
      place: fc.oneof(
        { weight: 3, arbitrary: placeArbitrary },
        // The last bytes mark the end of the response.
        fc.integer({ min: 1, max: 12 }).map((bytes) => -bytes),
      ),
    });
    await playAll(scene, 2, async ({ client, segments, how, place }) => {
      const request = { format, encoding, segments };
      const { bytes } = await whole(request);
      const server = await start(wholeTable, format.environment);
      const proxy = await cuttingProxy(
        server.url,
        place < 0 ? bytes + place : Math.floor(place * bytes),
        how,
      );
      const found = await verdict(await ask(client, proxy.url, request), request);
      const hasCut = proxy.hasCut();
      await proxy.close();
      await server.close();
      expect(found).toBe(hasCut ? 'broken' : 'whole');
    });
  });

  it('causes no further request after the client disconnects', async () => {
    const scene = fc.record({ segments: segmentsArbitrary, place: placeArbitrary });
    await playAll(scene, 1, async ({ segments, place }) => {
      const request = { format, encoding, segments };
      const { bytes } = await whole(request);
      const inFlight = new Set<ServerResponse>();
      const server = await start((call, index) => {
        inFlight.add(call.response);
        call.response.once('close', () => inFlight.delete(call.response));
        wholeTable(call, index);
      }, format.environment);
      await leaveAt(Math.floor(place * bytes), server.url, request);
      await until(() => server.log.length > 0 && inFlight.size === 0);
      const calls = server.scans.length;
      await quiet(server.scans);
      // One request per segment may have been in flight.
      expect(server.scans.length - calls).toBeLessThanOrEqual(segments);

      const before = server.scans.length;
      expect(await verdict(await ask('http', server.url, request), request)).toBe('whole');
      expect(server.scans).toHaveLength(before + segments * PAGES);
      await server.close();
    });
  });
});

/** Polls a condition, but not forever, so that the polling ends with the test. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it has not come to pass');
    await setImmediate();
  }
}

/** Resolves when no request has arrived for a while. */
async function quiet(scans: readonly unknown[]): Promise<void> {
  let turns = 0;
  let calls = -1;
  await until(() => {
    turns = scans.length === calls ? turns + 1 : 0;
    calls = scans.length;
    return turns > 200;
  });
}

/** Reads some bytes of a response body, and disconnects. */
async function leaveAt(bytes: number, url: string, asked: Request): Promise<void> {
  const client = httpRequest(url, { method: 'POST', headers: headersOf(asked), agent: false });
  client.on('error', () => undefined).end(bodyOf(asked));
  const [parsed] = (await once(client, 'response')) as [IncomingMessage];
  let read = 0;
  parsed.on('error', () => undefined);
  parsed.on('data', (chunk: Buffer) => {
    read += chunk.length;
    if (read >= bytes) client.destroy();
  });
  await new Promise((resolve) => parsed.once('close', resolve));
}

describe('responses of a server that is killed', () => {
  afterEach(async () => {
    await endServers();
  });

  it('all visibly fail, whenever the server is killed', async () => {
    const scene = fc.record({
      shape: fc.constantFrom('object', 'array'),
      segments: segmentsArbitrary,
      place: placeArbitrary,
    });
    await fc.assert(
      fc.asyncProperty(scene, async ({ shape, segments, place }) => {
        const formats = FORMATS.filter(
          ({ environment }) => shape === 'object' || environment.RESPONSE_SHAPE === shape,
        );
        const requests = formats.flatMap((format) =>
          ENCODINGS.map((encoding) => ({ format, encoding, segments })),
        );
        const killAt = Math.floor(place * requests.length * segments * PAGES);
        let served = 0;
        let withheld = 0;
        const dynamodb = await startFakeDynamodb(({ body, response }) => {
          const call = asked(body);
          // No response is ever complete: each waits for a page that never comes.
          if (call.segment === 0 && call.page === PAGES - 1) withheld++;
          else succeed(response, call.bytes);
          if (++served > killAt || withheld === requests.length) server.signal('SIGKILL');
        }, describeTable(1));
        const server = startServer([], {
          DYNAMODB: dynamodb.endpoint,
          AWS_ACCESS_KEY_ID: 'x',
          AWS_SECRET_ACCESS_KEY: 'x',
          RESPONSE_SHAPE: shape,
        });
        const url = await server.url;
        const responses = await Promise.all(requests.map((request) => ask('http', url, request)));
        expect(responses).toEqual(requests.map(() => ({ is: 'broken' })));
        expect(await server.exited).toEqual([null, 'SIGKILL']);
        await dynamodb.close();
      }),
      { numRuns: 3, endOnFailure: true },
    );
  });
});
