/** NDJSON: one item per line. https://github.com/ndjson/ndjson-spec */
import { countsOf, encodePages, EXAMPLE_ITEM, type Format, type FormatInput } from './format';

const LINE_FEED = Buffer.from('\n');

export const ndjson: Format = {
  name: 'ndjson',
  mediaType: 'application/x-ndjson',
  contentType: 'application/x-ndjson',
  values: 'plain',
  hasSummary: false,
  extension: 'ndjson',
  isFile: false,
  write: writeLines,
  openapi: {
    schema: { type: 'string', description: 'One item per line' },
    example: `${JSON.stringify(EXAMPLE_ITEM)}\n`,
  },
};

async function* writeLines({ pages, numbers, countOnly, summary }: FormatInput): ReturnType<Format['write']> {
  for await (const items of encodePages(pages, { values: 'plain', numbers, separator: '\n' })) {
    // A page without items still shows the client that the scan is making progress.
    yield items.byteLength === 0 ? [] : [items, LINE_FEED];
  }
  if (countOnly) yield [Buffer.from(JSON.stringify(countsOf(summary()))), LINE_FEED];
}
