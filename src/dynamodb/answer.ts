/** The body of DynamoDB's answer, whole, and what can be made of it. */
import { transcodeScan, type ItemOptions, type TranscodedScan } from './transcoder/transcoder';

export interface Answer {
  bytes: Buffer;
  /** Reads and rewrites it as `transcodeScan` does; the records last until it is released. */
  transcode: (options: ItemOptions) => TranscodedScan;
  /** Gives its memory to other answers, where nothing of it is of use any more. */
  release: () => void;
}

/** An answer that has its bytes to itself. */
export function answerOf(bytes: Buffer): Answer {
  return { bytes, transcode: (options) => transcodeScan(bytes, options), release: () => undefined };
}
