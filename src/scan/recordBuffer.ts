/** Memory for the records of one scan, a page at a time: what is not allocated need not be collected. */

/** More than any stream takes without making its writer wait until all is sent. */
const LARGE = 128 * 1024;

export class RecordBuffer {
  private memory = Buffer.alloc(0);

  /**
   * Copies bytes. Of a large page's the copy lasts until the next one's: by then these have been sent,
   * for they were written with backpressure.
   */
  copy(bytes: Uint8Array): Buffer {
    const size = bytes.byteLength;
    if (size < LARGE) return Buffer.from(bytes);
    if (size > this.memory.byteLength) this.memory = Buffer.allocUnsafe(Math.ceil(1.25 * size));
    this.memory.set(bytes);
    return this.memory.subarray(0, size);
  }
}
