import { Transcoder } from '../../../src/dynamodb/transcoder/transcoder';
import { TranscoderPool } from '../../../src/dynamodb/transcoder/pool';

const MEGABYTE = 1024 * 1024;

describe('TranscoderPool', () => {
  it('reuses a transcoder after its return, and not before', () => {
    const transcoders = new TranscoderPool();
    const [first, second] = [transcoders.take(), transcoders.take()];
    expect(second).not.toBe(first);
    if (first !== undefined) transcoders.give(first);
    expect(transcoders.take()).toBe(first);
    expect(transcoders.take()).not.toBe(first);
  });

  it('keeps only a few transcoders', () => {
    const transcoders = new TranscoderPool();
    const used = Array.from({ length: 20 }, () => transcoders.take());
    for (const transcoder of used) if (transcoder !== undefined) transcoders.give(transcoder);
    const again = Array.from({ length: 20 }, () => transcoders.take());
    expect(again.filter((transcoder) => used.includes(transcoder))).toHaveLength(4);
  });

  it('does not keep a transcoder after a response that is larger than any of DynamoDB', () => {
    const transcoders = new TranscoderPool();
    const transcoder = new Transcoder();
    transcoder.place(5 * MEGABYTE);
    transcoders.give(transcoder);
    expect(transcoders.take()).not.toBe(transcoder);
  });

  it('keeps the content of a place that is enlarged', () => {
    const transcoder = new Transcoder();
    transcoder.place(3).set(Buffer.from('abc'));
    const larger = transcoder.place(3 * MEGABYTE);
    expect(larger.toString('utf8', 0, 3)).toBe('abc');
    larger.fill('x');
    expect(transcoder.place(3 * MEGABYTE + 1).subarray(0, 3 * MEGABYTE)).toEqual(
      Buffer.alloc(3 * MEGABYTE, 'x'),
    );
  });
});
