import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { IncompleteBodyError, readBody, type ResponseBody } from '../../src/dynamodb/responseBody';
import { MalformedResponseError, PLAIN_JSON, Transcoder } from '../../src/dynamodb/transcoder/transcoder';
import { TranscoderPool } from '../../src/dynamodb/transcoder/pool';

const LONG = 10_000;
const SHORT = 20;

/** A body whose beginning has arrived, but not its end. */
function bodyOf(...chunks: (string | Buffer)[]): PassThrough {
  const body = new PassThrough();
  for (const chunk of chunks) body.write(chunk);
  return body;
}

interface Given {
  checksum?: string | undefined;
  length?: string | undefined;
  timeout?: number;
  transcoders?: TranscoderPool;
}

function read(body: Readable, { checksum, length, ...options }: Given): Promise<ResponseBody> {
  const headers = {
    ...(checksum !== undefined && { 'x-amz-crc32': checksum }),
    ...(length !== undefined && { 'content-length': length }),
  };
  return readBody({ headers, body }, { timeout: LONG, transcoders: new TranscoderPool(), ...options });
}

async function whole(received: Promise<ResponseBody>): Promise<Buffer> {
  return (await received).bytes;
}

/** A body that arrives in small chunks, and never ends. */
async function* trickle(): AsyncGenerator<Buffer> {
  for (;;) yield setImmediate(Buffer.from('.'));
}

describe('readBody', () => {
  it('returns the whole body, however it is split into chunks', async () => {
    const text = Buffer.from('{"a":"é😀"}');
    const chunks = Array.from(text, (_, at) => text.subarray(at, at + 1));
    expect(await whole(read(bodyOf(...chunks).end(), { timeout: LONG }))).toEqual(text);
  });

  it('returns the whole body if it arrives while it is read', async () => {
    const body = bodyOf('first, ');
    const received = read(body, { timeout: LONG });
    body.write('then, ');
    await setImmediate();
    body.end('last');
    expect(await whole(received)).toEqual(Buffer.from('first, then, last'));
  });

  it.each(['{}', ''])('accepts a correct checksum: "%s"', async (text) => {
    const received = read(bodyOf().end(text), { checksum: String(crc32(text)), timeout: LONG });
    expect(await whole(received)).toEqual(Buffer.from(text));
  });

  it.each([
    ['of another body', String(crc32('{ }'))],
    ['of nothing', '0'],
    ['that is no number', 'x'],
    ['that is empty', ''],
  ])('rejects a checksum %s', async (_what, checksum) => {
    const received = read(bodyOf().end('{}'), { checksum: checksum, timeout: LONG });
    await expect(received).rejects.toThrow(IncompleteBodyError);
  });

  it.each([undefined, '0', '5', '300000', '99999999'])(
    'is given whole whatever it says of its length: %s',
    async (length) => {
      const chunks = Array.from({ length: 40 }, (_, at) => Buffer.alloc(10_000 + at, `${at}`));
      expect(await whole(read(bodyOf(...chunks).end(), { length }))).toEqual(Buffer.concat(chunks));
    },
  );

  it('reuses the memory of a released body, and of no other', async () => {
    const transcoders = new TranscoderPool();
    const next = (fill: string) => read(bodyOf().end(Buffer.alloc(100_000, fill)), { transcoders });
    const [first, second] = [await next('a'), await next('b')];
    expect(first.bytes).toEqual(Buffer.alloc(100_000, 'a'));
    first.release();
    const third = await next('c');
    expect(third.bytes.buffer).toBe(first.bytes.buffer);
    expect(second.bytes).toEqual(Buffer.alloc(100_000, 'b'));
    expect(third.bytes).toEqual(Buffer.alloc(100_000, 'c'));
  });

  it.each([1, 5000])('transcodes in place: %d items', async (count) => {
    const Items = Array.from({ length: count }, (_, at) => ({ id: { S: `record ${at}` } }));
    const body = Buffer.from(JSON.stringify({ Items, Count: count, ScannedCount: count }));
    const received = await read(bodyOf(body).end(), { length: String(body.byteLength) });
    const records = Items.map(({ id }) => ({ id: id.S }));
    for (let time = 0; time < 2; time++) {
      const { items, rest } = received.transcode(PLAIN_JSON);
      expect(JSON.parse(`[${items.toString()}]`)).toEqual(records);
      expect(JSON.parse(rest)).toEqual({ Items: [], Count: count, ScannedCount: count });
      expect(received.bytes).toEqual(body);
    }
  });

  it('collects the body without a transcoder if none is available', async () => {
    const transcoders = new TranscoderPool();
    jest.spyOn(transcoders, 'take').mockReturnValue(undefined);
    const records = `{"id":{"S":"${'x'.repeat(100_000)}"}}`;
    const body = Buffer.from(`{"Items":[${records}],"Count":1,"ScannedCount":1}`);
    const received = await read(bodyOf(body.subarray(0, 70_000), body.subarray(70_000)).end(), {
      transcoders,
    });
    expect(received.bytes).toEqual(body);
    expect(received.transcode(PLAIN_JSON).items.toString()).toBe(
      records.replace('{"S":', '').replace('}}', '}'),
    );
  });

  it('returns the transcoder to the pool only once', async () => {
    const transcoders = new TranscoderPool();
    const received = await read(bodyOf(Buffer.alloc(100_000)).end(), { transcoders });
    received.release();
    received.release();
    expect(transcoders.take()).not.toBe(transcoders.take());
  });

  it('rejects a body without memory for it, and leaves the others intact', async () => {
    const place = jest.spyOn(Transcoder.prototype, 'place').mockImplementation(() => {
      throw new MalformedResponseError('malformed response at byte 0: out of memory');
    });
    try {
      const body = bodyOf(Buffer.alloc(100_000));
      await expect(read(body, {})).rejects.toThrow(MalformedResponseError);
      expect(body.destroyed).toBe(true);
    } finally {
      place.mockRestore();
    }
  });

  it('leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const received = read(bodyOf().end('{}'), { timeout: LONG });
      expect(jest.getTimerCount()).toBe(1);
      await received;
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('readBody, given an incomplete body,', () => {
  const reason = new Error('socket hang up');

  it('rejects it with the cause, so that the SDK retries', async () => {
    const body = bodyOf('{"Items":[');
    const received = read(body, { timeout: LONG });
    await setImmediate();
    body.destroy(reason);
    await expect(received).rejects.toThrow(IncompleteBodyError);
    await expect(received).rejects.toMatchObject({ cause: reason, $retryable: {} });
  });

  it('rejects it without a known cause', async () => {
    const body = bodyOf('{"Items":[');
    const received = read(body, { timeout: LONG });
    body.destroy();
    await expect(received).rejects.toThrow(IncompleteBodyError);
    await expect(received).rejects.toMatchObject({ cause: { code: 'ERR_STREAM_PREMATURE_CLOSE' } });
  });

  it('rejects it if it failed before it was read', async () => {
    const received = read(bodyOf('{}').destroy(reason), { timeout: LONG });
    await expect(received).rejects.toThrow(IncompleteBodyError);
  });

  it('rejects it by its checksum if it seems to end', async () => {
    const received = read(bodyOf().end('{"Items"'), {
      checksum: String(crc32('{"Items":[]}')),
      timeout: LONG,
    });
    await expect(received).rejects.toThrow(IncompleteBodyError);
  });
});

describe('readBody, given a slow body,', () => {
  it.each([
    ['stalls', () => bodyOf('{"Items":[')],
    ['never starts', () => bodyOf()],
    ['trickles without end', () => Readable.from(trickle())],
  ])(
    'is given up with a TimeoutError, and destroyed, if it %s',
    async (_what, start) => {
      const body = start();
      await expect(read(body, { timeout: SHORT })).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(body.destroyed).toBe(true);
    },
    LONG,
  );
});
