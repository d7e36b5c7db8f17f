import { RecordBuffer } from '../../src/scan/recordBuffer';

const HALF_MEGABYTE = 512 * 1024;

function bytes(size: number, fill: string): Buffer {
  return Buffer.alloc(size, fill);
}

describe('the memory of a scan', () => {
  test.each([0, 1, 16 * 1024, 64 * 1024])(
    'leaves a page of %d bytes as it is when the next comes',
    (size) => {
      const buffer = new RecordBuffer();
      const first = buffer.copy(bytes(size, 'a'));
      buffer.copy(bytes(size, 'b'));
      buffer.copy(bytes(HALF_MEGABYTE, 'c'));
      expect(first).toEqual(bytes(size, 'a'));
    },
  );

  test('takes large pages one after another, of any sizes', () => {
    const buffer = new RecordBuffer();
    for (const [at, size] of [2, 1, 3, 3, 1.3, 0.5].entries()) {
      const page = bytes(Math.ceil(size * HALF_MEGABYTE), String(at));
      expect(buffer.copy(page).equals(page)).toBe(true);
    }
  });

  test('is the same for one large page and the next', () => {
    const buffer = new RecordBuffer();
    const first = buffer.copy(bytes(HALF_MEGABYTE, 'a'));
    expect(buffer.copy(bytes(HALF_MEGABYTE, 'b')).buffer).toBe(first.buffer);
  });

  test('is not the memory that was copied', () => {
    const buffer = new RecordBuffer();
    for (const size of [10, HALF_MEGABYTE]) {
      const page = bytes(size, 'a');
      const copy = buffer.copy(page);
      page.fill('x');
      expect(copy.equals(bytes(size, 'a'))).toBe(true);
    }
  });
});
