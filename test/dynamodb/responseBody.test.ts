import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { IncompleteBodyError, readBody, type ResponseBody } from '../../src/dynamodb/responseBody';
import { MalformedAnswerError, PLAIN_JSON, Transcoder } from '../../src/dynamodb/transcoder/transcoder';
import { TranscoderPool } from '../../src/dynamodb/transcoder/pool';

const LONG = 10_000;
const SHORT = 20;

/** A body with so much of it there, and its end yet to come. */
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

async function whole(answer: Promise<ResponseBody>): Promise<Buffer> {
  return (await answer).bytes;
}

/** A body that arrives bit by bit, and never ends. */
async function* trickle(): AsyncGenerator<Buffer> {
  for (;;) yield setImmediate(Buffer.from('.'));
}

describe('a body that arrives', () => {
  test('is given whole, however it was cut into chunks', async () => {
    const text = Buffer.from('{"a":"é😀"}');
    const chunks = Array.from(text, (_, at) => text.subarray(at, at + 1));
    expect(await whole(read(bodyOf(...chunks).end(), { timeout: LONG }))).toEqual(text);
  });

  test('is given whole when it arrives while being read', async () => {
    const body = bodyOf('first, ');
    const answer = read(body, { timeout: LONG });
    body.write('then, ');
    await setImmediate();
    body.end('last');
    expect(await whole(answer)).toEqual(Buffer.from('first, then, last'));
  });

  test.each(['{}', ''])('is taken with its own checksum: "%s"', async (text) => {
    const answer = read(bodyOf().end(text), { checksum: String(crc32(text)), timeout: LONG });
    expect(await whole(answer)).toEqual(Buffer.from(text));
  });

  test.each([
    ['of another body', String(crc32('{ }'))],
    ['of nothing', '0'],
    ['that is no number', 'x'],
    ['that is empty', ''],
  ])('is refused with a checksum %s', async (_what, checksum) => {
    const answer = read(bodyOf().end('{}'), { checksum: checksum, timeout: LONG });
    await expect(answer).rejects.toThrow(IncompleteBodyError);
  });

  test.each([undefined, '0', '5', '300000', '99999999'])(
    'is given whole whatever it says of its length: %s',
    async (length) => {
      const chunks = Array.from({ length: 40 }, (_, at) => Buffer.alloc(10_000 + at, `${at}`));
      expect(await whole(read(bodyOf(...chunks).end(), { length }))).toEqual(Buffer.concat(chunks));
    },
  );

  test('takes the memory of one that was released, and of no other', async () => {
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

  test.each([1, 5000])('is transcoded where it is: %d records', async (count) => {
    const Items = Array.from({ length: count }, (_, at) => ({ id: { S: `record ${at}` } }));
    const body = Buffer.from(JSON.stringify({ Items, Count: count, ScannedCount: count }));
    const answer = await read(bodyOf(body).end(), { length: String(body.byteLength) });
    const records = Items.map(({ id }) => ({ id: id.S }));
    for (let time = 0; time < 2; time++) {
      const { items, rest } = answer.transcode(PLAIN_JSON);
      expect(JSON.parse(`[${items.toString()}]`)).toEqual(records);
      expect(JSON.parse(rest)).toEqual({ Items: [], Count: count, ScannedCount: count });
      expect(answer.bytes).toEqual(body);
    }
  });

  test('is collected all the same when there can be no more transcoders', async () => {
    const transcoders = new TranscoderPool();
    jest.spyOn(transcoders, 'take').mockReturnValue(undefined);
    const records = `{"id":{"S":"${'x'.repeat(100_000)}"}}`;
    const body = Buffer.from(`{"Items":[${records}],"Count":1,"ScannedCount":1}`);
    const answer = await read(bodyOf(body.subarray(0, 70_000), body.subarray(70_000)).end(), { transcoders });
    expect(answer.bytes).toEqual(body);
    expect(answer.transcode(PLAIN_JSON).items.toString()).toBe(
      records.replace('{"S":', '').replace('}}', '}'),
    );
  });

  test('is given back once, however often that is said', async () => {
    const transcoders = new TranscoderPool();
    const answer = await read(bodyOf(Buffer.alloc(100_000)).end(), { transcoders });
    answer.release();
    answer.release();
    expect(transcoders.take()).not.toBe(transcoders.take());
  });

  test('is refused, and breaks nothing else, when there is no memory for it', async () => {
    const place = jest.spyOn(Transcoder.prototype, 'place').mockImplementation(() => {
      throw new MalformedAnswerError('the answer has more bytes than there is memory for');
    });
    try {
      const body = bodyOf(Buffer.alloc(100_000));
      await expect(read(body, {})).rejects.toThrow(MalformedAnswerError);
      expect(body.destroyed).toBe(true);
    } finally {
      place.mockRestore();
    }
  });

  test('leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const answer = read(bodyOf().end('{}'), { timeout: LONG });
      expect(jest.getTimerCount()).toBe(1);
      await answer;
      expect(jest.getTimerCount()).toBe(0);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('a body that breaks off', () => {
  const reason = new Error('socket hang up');

  test('is refused with the reason, for the SDK to retry', async () => {
    const body = bodyOf('{"Items":[');
    const answer = read(body, { timeout: LONG });
    await setImmediate();
    body.destroy(reason);
    await expect(answer).rejects.toThrow(IncompleteBodyError);
    await expect(answer).rejects.toMatchObject({ cause: reason, $retryable: {} });
  });

  test('is refused if no reason is known', async () => {
    const body = bodyOf('{"Items":[');
    const answer = read(body, { timeout: LONG });
    body.destroy();
    await expect(answer).rejects.toThrow(IncompleteBodyError);
    await expect(answer).rejects.toMatchObject({ cause: { code: 'ERR_STREAM_PREMATURE_CLOSE' } });
  });

  test('is refused if it was broken before it was read', async () => {
    const answer = read(bodyOf('{}').destroy(reason), { timeout: LONG });
    await expect(answer).rejects.toThrow(IncompleteBodyError);
  });

  test('is refused by its checksum if it seems to end', async () => {
    const answer = read(bodyOf().end('{"Items"'), { checksum: String(crc32('{"Items":[]}')), timeout: LONG });
    await expect(answer).rejects.toThrow(IncompleteBodyError);
  });
});

describe('a body that takes too long', () => {
  test.each([
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
