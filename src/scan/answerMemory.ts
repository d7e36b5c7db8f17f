/** Memory for the answers of DynamoDB: what is used again need not be collected. */

/** How many buffers wait to be used again, and of what sizes. */
const KEPT = 4;
const SMALLEST = 64 * 1024;
const LARGEST = 4 * 1024 * 1024;

export class AnswerMemory {
  private readonly idle: Buffer[] = [];

  /** A buffer of at least so many bytes, with anything in it. */
  take(size: number): Buffer {
    if (size < SMALLEST) return Buffer.allocUnsafe(size);
    const fitting = this.idle.findIndex(({ byteLength }) => byteLength >= size);
    const [buffer] = fitting === -1 ? [] : this.idle.splice(fitting, 1);
    return buffer ?? Buffer.allocUnsafeSlow(Math.ceil(1.25 * size));
  }

  /** Takes a buffer back, which nobody uses any more. One that never comes back is garbage like any other. */
  give(buffer: Buffer): void {
    if (buffer.byteLength < SMALLEST || buffer.byteLength > LARGEST) return;
    this.idle.push(buffer);
    if (this.idle.length > KEPT) this.idle.shift();
  }
}
