/** Pages as NDJSON: one record a line. https://github.com/ndjson/ndjson-spec */
import { countsOf, type Answer, type Format } from './format';

const LINE_FEED = Buffer.from('\n');

export async function* writeLines({ pages, countOnly, summary }: Answer): ReturnType<Format['write']> {
  for await (const page of pages) {
    const items = page.items();
    // A page without records is a sign of life all the same.
    yield items.byteLength === 0 ? [] : [items, LINE_FEED];
  }
  if (countOnly) yield [Buffer.from(JSON.stringify(countsOf(summary()))), LINE_FEED];
}
