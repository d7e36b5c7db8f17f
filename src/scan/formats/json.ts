/** Pages as one JSON value: an object with `Items` and what else there is to say, or the bare array. */
import type { Page } from '../../dynamodb/page';
import { countsOf, type Answer, type Format, type Summary } from './format';

/** `{"Items":[…],"Count":n,"ScannedCount":n, …}`; what is known last comes last. */
export async function* writeObject({ pages, countOnly, summary }: Answer): ReturnType<Format['write']> {
  const opening = countOnly ? '{' : '{"Items":[';
  yield* writeItems(pages, opening);
  yield [Buffer.from(`${countOnly ? '' : '],'}${summaryMembers(summary())}}`)];
}

/** `[…]`, for front ends written against a backend that answers so. */
export async function* writeArray({ pages, countOnly, summary }: Answer): ReturnType<Format['write']> {
  yield* writeItems(pages, '[');
  yield [Buffer.from(`${countOnly ? JSON.stringify(countsOf(summary())) : ''}]`)];
}

async function* writeItems(pages: AsyncIterable<Page>, opening: string): ReturnType<Format['write']> {
  let isFirst = true;
  let hasItems = false;
  for await (const page of pages) {
    const items = page.items();
    const chunks: Buffer[] = [];
    // The answer begins with its first page, whatever is on that.
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

function summaryMembers(summary: Summary): string {
  const { Count, ScannedCount, LastEvaluatedKey, NextToken, ConsumedCapacity } = summary;
  const members = [`"Count":${Count}`, `"ScannedCount":${ScannedCount}`];
  if (LastEvaluatedKey !== undefined) members.push(`"LastEvaluatedKey":${LastEvaluatedKey}`);
  if (NextToken !== undefined) members.push(`"NextToken":${JSON.stringify(NextToken)}`);
  if (ConsumedCapacity !== undefined) {
    members.push(`"ConsumedCapacity":${JSON.stringify(ConsumedCapacity)}`);
  }
  return members.join(',');
}
