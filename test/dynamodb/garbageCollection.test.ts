import { freeChunks } from '../../src/dynamodb/garbageCollection';

const MEGABYTE = 1024 * 1024;

describe('freeChunks', () => {
  const { gc } = globalThis;

  beforeEach(() => {
    freeChunks(8 * MEGABYTE);
  });

  afterEach(() => {
    globalThis.gc = gc;
  });

  it('frees all chunks once there are 8 MB of them', () => {
    const collected = jest.fn();
    globalThis.gc = collected;
    for (let page = 0; page < 23; page++) freeChunks(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(2);
    expect(collected).toHaveBeenCalledWith({ type: 'minor' });
    freeChunks(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(3);
  });

  it('leaves the chunks to V8 without --expose-gc', () => {
    globalThis.gc = undefined;
    expect(() => {
      freeChunks(100 * MEGABYTE);
    }).not.toThrow();
  });
});
