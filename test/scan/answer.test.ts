import { PassThrough, Readable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import { IncompleteAnswerError, readAnswer } from '../../src/scan/answer';

const LONG = 10_000;
const SHORT = 20;

/** A body with so much of it there, and its end yet to come. */
function bodyOf(...chunks: (string | Buffer)[]): PassThrough {
  const body = new PassThrough();
  for (const chunk of chunks) body.write(chunk);
  return body;
}

async function whole(pieces: Promise<Buffer[]>): Promise<Buffer> {
  return Buffer.concat(await pieces);
}

/** A body that arrives bit by bit, and never ends. */
async function* trickle(): AsyncGenerator<Buffer> {
  for (;;) yield setImmediate(Buffer.from('.'));
}

describe('a body that arrives', () => {
  test('is given whole, however it was cut into chunks', async () => {
    const text = Buffer.from('{"a":"é😀"}');
    const chunks = Array.from(text, (_, at) => text.subarray(at, at + 1));
    expect(await whole(readAnswer(bodyOf(...chunks).end(), undefined, LONG))).toEqual(text);
  });

  test('is given whole when it arrives while being read', async () => {
    const body = bodyOf('first, ');
    const answer = readAnswer(body, undefined, LONG);
    body.write('then, ');
    await setImmediate();
    body.end('last');
    expect(await whole(answer)).toEqual(Buffer.from('first, then, last'));
  });

  test.each(['{}', ''])('is taken with its own checksum: "%s"', async (text) => {
    const answer = readAnswer(bodyOf().end(text), String(crc32(text)), LONG);
    expect(await whole(answer)).toEqual(Buffer.from(text));
  });

  test.each([
    ['of another body', String(crc32('{ }'))],
    ['of nothing', '0'],
    ['that is no number', 'x'],
    ['that is empty', ''],
  ])('is refused with a checksum %s', async (_what, checksum) => {
    const answer = readAnswer(bodyOf().end('{}'), checksum, LONG);
    await expect(answer).rejects.toThrow(IncompleteAnswerError);
  });

  test('leaves no timer behind', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask'] });
    try {
      const answer = readAnswer(bodyOf().end('{}'), undefined, LONG);
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
    const answer = readAnswer(body, undefined, LONG);
    await setImmediate();
    body.destroy(reason);
    await expect(answer).rejects.toThrow(IncompleteAnswerError);
    await expect(answer).rejects.toMatchObject({ cause: reason, $retryable: {} });
  });

  test('is refused if no reason is known', async () => {
    const body = bodyOf('{"Items":[');
    const answer = readAnswer(body, undefined, LONG);
    body.destroy();
    await expect(answer).rejects.toThrow(IncompleteAnswerError);
    await expect(answer).rejects.toMatchObject({ cause: { code: 'ERR_STREAM_PREMATURE_CLOSE' } });
  });

  test('is refused if it was broken before it was read', async () => {
    const answer = readAnswer(bodyOf('{}').destroy(reason), undefined, LONG);
    await expect(answer).rejects.toThrow(IncompleteAnswerError);
  });

  test('is refused by its checksum if it seems to end', async () => {
    const answer = readAnswer(bodyOf().end('{"Items"'), String(crc32('{"Items":[]}')), LONG);
    await expect(answer).rejects.toThrow(IncompleteAnswerError);
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
      await expect(readAnswer(body, undefined, SHORT)).rejects.toMatchObject({ name: 'TimeoutError' });
      expect(body.destroyed).toBe(true);
    },
    LONG,
  );
});
