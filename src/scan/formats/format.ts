/** What a format is: pages to bytes. */
import type { Page } from '../../dynamodb/page';
import type { ItemForm } from '../../dynamodb/transcoder/transcoder';

/** What there is to write. */
export interface Answer {
  pages: AsyncIterable<Page>;
  /** Whether a page may follow the one at hand. */
  hasMore: () => boolean;
  /** For when the pages have ended. */
  summary: () => Summary;
  /** With `Select: COUNT` there are no records, and the counts are the answer. */
  countOnly: boolean;
  /** The attributes that were asked for, in order; undefined: all. */
  attributes: readonly string[] | undefined;
}

/** What is said of a scan besides its records. */
export interface Summary {
  Count: number;
  ScannedCount: number;
  /** A key in JSON. */
  LastEvaluatedKey?: string | undefined;
  NextToken?: string | undefined;
  ConsumedCapacity?: { TableName: string; CapacityUnits: number } | undefined;
}

export interface Format {
  contentType: string;
  /** How it wants the pages' records. */
  form: ItemForm;
  /** Whether the body has a place for the summary, or for records alone. */
  hasSummary: boolean;
  /** Of a file that it may be saved to; undefined: it is not meant for one. */
  extension?: string;
  /** Bytes, as many at a time as belong together; the first come when the first page is there. */
  write: (answer: Answer) => AsyncGenerator<readonly Buffer[], void, undefined>;
}

/** Without a place for a summary, counts that were asked for are the one record. */
export function countsOf({ Count, ScannedCount }: Summary) {
  return { Count, ScannedCount };
}
