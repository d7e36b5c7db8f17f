import { freePieces } from '../../src/dynamodb/pieces';

const MEGABYTE = 1024 * 1024;

describe('the pieces that answers arrived in', () => {
  const { gc } = globalThis;

  beforeEach(() => {
    freePieces(8 * MEGABYTE);
  });

  afterEach(() => {
    globalThis.gc = gc;
  });

  test('are freed together, once there are 8 MB of them', () => {
    const collected = jest.fn();
    globalThis.gc = collected;
    for (let page = 0; page < 23; page++) freePieces(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(2);
    expect(collected).toHaveBeenCalledWith({ type: 'minor' });
    freePieces(MEGABYTE);
    expect(collected).toHaveBeenCalledTimes(3);
  });

  test('are left to V8 where Node.js runs without --expose-gc', () => {
    globalThis.gc = undefined;
    expect(() => {
      freePieces(100 * MEGABYTE);
    }).not.toThrow();
  });
});
