/** Pages as application/json. */
import type { ResponseShape } from '../../config';
import type { Page } from '../repository';

/**
 * Writes pages as one JSON value: `{"Items":[…],"Count":n,"ScannedCount":n}`, or the bare array.
 *
 * The first chunk comes when the first page is there. The counts are known, and so written, last.
 */
export async function* jsonChunks(
  pages: AsyncIterable<Page>,
  shape: ResponseShape,
): AsyncGenerator<Uint8Array, void, undefined> {
  let count = 0;
  let scannedCount = 0;
  let opening = shape === 'array' ? '[' : '{"Items":[';
  for await (const page of pages) {
    if (opening !== '') yield Buffer.from(opening);
    opening = '';
    if (page.items.byteLength > 0) {
      if (count > 0) yield Buffer.from(',');
      yield page.items;
    }
    count += page.count;
    scannedCount += page.scannedCount;
  }
  yield Buffer.from(shape === 'array' ? ']' : `],"Count":${count},"ScannedCount":${scannedCount}}`);
}
