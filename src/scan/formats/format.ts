/** What a response format is: it turns pages into bytes. */
import type { Page } from '../../dynamodb/page';
import type { ItemForm } from '../../dynamodb/transcoder/transcoder';

/** The scan that a format writes. */
export interface FormatInput {
  pages: AsyncIterable<Page>;
  /** Whether another page may follow the current one. */
  hasMore: () => boolean;
  /** Callers must wait until `pages` has ended. */
  summary: () => Summary;
  /** With `Select: COUNT` there are no items, only counts. */
  countOnly: boolean;
  /** The requested attributes, in order; undefined means all. */
  attributes: readonly string[] | undefined;
  /** Whether numbers in plain JSON are written as numbers or as strings. */
  numbers: ItemForm['numbers'];
  /** Whether CSV begins with a byte order mark. */
  bom: boolean;
}

/** The parts of a result besides the items. */
export interface Summary {
  Count: number;
  /** Undefined if the number is hidden from the client. */
  ScannedCount: number | undefined;
  /** A key in JSON. */
  LastEvaluatedKey?: string | undefined;
  NextToken?: string | undefined;
  ConsumedCapacity?: { TableName: string; CapacityUnits: number } | undefined;
}

export interface Format {
  /** The name in a query string. */
  name: string;
  /** The media type that `Accept` names. */
  mediaType: string;
  /** The value of Content-Type. */
  contentType: string;
  /** Whether keys are written as plain values or in DynamoDB's typed form. */
  values: ItemForm['values'];
  /** Whether the body has a place for the summary; otherwise it is sent in headers. */
  hasSummary: boolean;
  /** File extension for a download. */
  extension: string;
  /** Whether browsers save the response, also without a requested file name. */
  isFile: boolean;
  /** Writes chunks of bytes. The first chunk comes with the first page. */
  write: (input: FormatInput) => AsyncGenerator<readonly Buffer[], void, undefined>;
  /** The response in the OpenAPI document, with an example. */
  openapi: { schema: object; example: unknown };
}

/** The item that the OpenAPI examples show. */
export const EXAMPLE_ITEM = { id: 'nc72963051', mag: 0.32, place: '13km WNW of Toms Place, CA' };

/** Encodes the items of each page, and releases the page when the consumer asks for the next one. */
export async function* encodePages(
  pages: AsyncIterable<Page>,
  form: ItemForm,
): AsyncGenerator<Buffer, void, undefined> {
  for await (const page of pages) {
    try {
      yield page.encodeItems(form);
    } finally {
      page.release();
    }
  }
}

/** The item to write if the format has no place for a summary and only counts were requested. */
export function countsOf({ Count, ScannedCount }: Summary): { Count: number; ScannedCount?: number } {
  return ScannedCount === undefined ? { Count } : { Count, ScannedCount };
}
