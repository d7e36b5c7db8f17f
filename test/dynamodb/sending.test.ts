import { answerOf, type Answer } from '../../src/dynamodb/answer';
import { Sending } from '../../src/dynamodb/sending';

const HALF_MEGABYTE = 512 * 1024;

/** An answer that is nothing but records, and whose memory says nothing any more once it is released. */
function answerWith(fill: string, size: number): Answer & { release: jest.Mock } {
  const bytes = Buffer.alloc(size, fill);
  return { ...answerOf(bytes), release: jest.fn(() => bytes.fill('x')) };
}

function take(sending: Sending, answer: Answer): Buffer {
  return sending.take(answer.bytes, answer);
}

describe('the records that are being sent', () => {
  test.each([0, 1, 16 * 1024, 64 * 1024])('of a page of %d bytes do not need its answer', (size) => {
    const sending = new Sending();
    const answer = answerWith('a', size);
    const records = take(sending, answer);
    expect(answer.release).toHaveBeenCalledTimes(1);
    take(sending, answerWith('b', HALF_MEGABYTE));
    expect(records).toEqual(Buffer.alloc(size, 'a'));
  });

  test('of a large page are in its answer, which is released when the next comes', () => {
    const sending = new Sending();
    const [first, second] = [answerWith('a', HALF_MEGABYTE), answerWith('b', HALF_MEGABYTE)];
    const records = take(sending, first);
    expect(records).toBe(first.bytes);
    expect(first.release).not.toHaveBeenCalled();
    take(sending, second);
    expect(first.release).toHaveBeenCalledTimes(1);
    expect(second.release).not.toHaveBeenCalled();
  });

  test('hold no answer when they have been sent', () => {
    const sending = new Sending();
    const answers = ['a', 'b'].map((fill) => answerWith(fill, HALF_MEGABYTE));
    for (const answer of answers) take(sending, answer);
    sending.end();
    sending.end();
    for (const answer of answers) expect(answer.release).toHaveBeenCalledTimes(1);
  });
});
