import { freeChunks } from '../../src/dynamodb/garbageCollection';

const MEGABYTE = 1024 * 1024;

describe('the pieces that answers arrived in', () => {
  const { gc } = globalThis;

  beforeEach(() => {
    freeChunks(8 * MEGABYTE);
  });

  afterEach(() => {
    globalThis.gc = gc;
  });

  test('are freed together, once there are 8 MB of them', () => {
    const collected = jest.fn();
    globalThis.gc = collected;
    for (let page = 0; page < 23; page++) freeChunks(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(2);
    expect(collected).toHaveBeenCalledWith({ type: 'minor' });
    freeChunks(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(3);
  });

  test('are left to V8 where Node.js runs without --expose-gc', () => {
    globalThis.gc = undefined;
    expect(() => {
      freeChunks(100 * MEGABYTE);
    }).not.toThrow();
  });
});
