/** JSON: one object with `Items` and a summary, or the bare array of items. */
import type { ItemForm } from '../../dynamodb/transcoder/transcoder';
import { countsOf, encodePages, EXAMPLE_ITEM, type Format, type FormatInput, type Summary } from './format';

const SCAN_RESULT = { $ref: '#/components/schemas/ScanResult' };

/** `{"Items":[…],"Count":n,"ScannedCount":n, …}` with plain values. */
export const json: Format = {
  name: 'json',
  mediaType: 'application/json',
  contentType: 'application/json',
  values: 'plain',
  hasSummary: true,
  extension: 'json',
  isFile: false,
  write: (input) => writeObject(input, 'plain'),
  openapi: { schema: SCAN_RESULT, example: { Items: [EXAMPLE_ITEM], Count: 1, ScannedCount: 1 } },
};

/** `[…]`, for front ends written against a backend that returns only the array. */
export const jsonArray: Format = { ...json, hasSummary: false, write: writeArray };

/** As `json`, with the items in DynamoDB's typed form. */
export const typedJson: Format = {
  name: 'typed',
  mediaType: 'application/x-amz-json-1.0',
  contentType: 'application/x-amz-json-1.0',
  values: 'typed',
  hasSummary: true,
  extension: 'json',
  isFile: false,
  write: (input) => writeObject(input, 'typed'),
  openapi: {
    schema: SCAN_RESULT,
    example: {
      Items: [{ id: { S: EXAMPLE_ITEM.id }, mag: { N: '0.32' }, place: { S: EXAMPLE_ITEM.place } }],
      Count: 1,
      ScannedCount: 1,
    },
  },
};

async function* writeObject(input: FormatInput, values: ItemForm['values']): ReturnType<Format['write']> {
  const { countOnly, summary } = input;
  yield* writeItems(input, values, countOnly ? '{' : '{"Items":[');
  yield [Buffer.from(`${countOnly ? '' : '],'}${summaryFields(summary())}}`)];
}

async function* writeArray(input: FormatInput): ReturnType<Format['write']> {
  const { countOnly, summary } = input;
  yield* writeItems(input, 'plain', '[');
  yield [Buffer.from(`${countOnly ? JSON.stringify(countsOf(summary())) : ''}]`)];
}

async function* writeItems(
  { pages, numbers }: FormatInput,
  values: ItemForm['values'],
  opening: string,
): ReturnType<Format['write']> {
  let isFirst = true;
  let hasItems = false;
  for await (const items of encodePages(pages, { values, numbers, separator: ',' })) {
    const chunks: Buffer[] = [];
    // The response begins with the first page, even if that page is empty.
    if (isFirst) chunks.push(Buffer.from(opening));
    if (items.byteLength > 0) {
      if (hasItems) chunks.push(COMMA);
      chunks.push(items);
      hasItems = true;
    }
    isFirst = false;
    if (chunks.length > 0) yield chunks;
  }
}

const COMMA = Buffer.from(',');

function summaryFields(summary: Summary): string {
  const { LastEvaluatedKey, NextToken, ConsumedCapacity } = summary;
  const fields = Object.entries(countsOf(summary)).map(([name, count]) => `"${name}":${count}`);
  if (LastEvaluatedKey !== undefined) fields.push(`"LastEvaluatedKey":${LastEvaluatedKey}`);
  if (NextToken !== undefined) fields.push(`"NextToken":${JSON.stringify(NextToken)}`);
  if (ConsumedCapacity !== undefined) {
    fields.push(`"ConsumedCapacity":${JSON.stringify(ConsumedCapacity)}`);
  }
  return fields.join(',');
}
