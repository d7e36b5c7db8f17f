/** The thin repository: one call of Scan, one of DescribeTable. This folder alone imports the AWS SDK. */
import { DescribeTableCommand, type DynamoDBClient, type Select } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './attributeValue';
import type { Answer } from './answer';
import type { Key } from './key';
import { readPage, type Page, type PageOptions } from './page';
import { Transcoders } from './transcoder/pool';
import { createClient, type ClientOptions } from './client';
import { DirectCalls } from './directCalls';
import { sendThroughSdk, type Learn } from './sdkCall';

/** What is scanned. Values are DynamoDB's typed ones in JSON, binary in base64. */
export interface ScanQuery {
  TableName: string;
  IndexName?: string | undefined;
  ConsistentRead?: boolean | undefined;
  Select?: Select | undefined;
  FilterExpression?: string | undefined;
  ProjectionExpression?: string | undefined;
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Attributes | undefined;
  Segment?: number | undefined;
  TotalSegments?: number | undefined;
}

/** One call: a part of what is scanned. */
export interface ScanCall extends ScanQuery {
  /** Records that are evaluated at most. */
  Limit?: number | undefined;
  ExclusiveStartKey?: Key | undefined;
  ReturnConsumedCapacity?: 'TOTAL' | undefined;
}

/** What DynamoDB says of a table. */
interface TableDescription {
  /** `ACTIVE` when it can be read. */
  status: string | undefined;
  /** Records; an estimate that DynamoDB renews about every six hours. */
  itemCount: number | undefined;
  /** The same of each index. */
  indexItemCounts: ReadonlyMap<string, number>;
}

/** Where records come from. Errors are the SDK's own, or those of `readAnswer.ts` and `transcode.ts`. */
export interface Repository {
  /** One call of Scan; aborted with the signal. */
  scanPage(call: ScanCall, options: PageOptions, signal: AbortSignal): Promise<Page>;
  describe(tableName: string, signal: AbortSignal): Promise<TableDescription>;
  close(): void;
}

/** A repository over one client; connections are kept until `close`. */
export function createRepository(options: ClientOptions): Repository {
  const client = createClient(options);
  const reading = { timeout: options.timeout, transcoders: new Transcoders() };
  const direct = new DirectCalls(client, reading);

  return {
    async scanPage(call, pageOptions, signal) {
      const countOnly = call.Select === 'COUNT';
      const read = (answer: Answer) =>
        readPage(answer, { ...pageOptions, countOnly, startKey: call.ExclusiveStartKey });
      const learn: Learn = (request, authScheme) => direct.learn(call.TableName, request, authScheme);
      const sent = await direct.send(call, signal);
      if (sent?.answer !== undefined) return read(sent.answer);
      return sendThroughSdk(client, call, { ...reading, read, signal, learn, first: sent?.failed });
    },

    describe: (tableName, signal) => describe(client, tableName, options.timeout, signal),

    close() {
      client.destroy();
    },
  };
}

async function describe(
  client: DynamoDBClient,
  TableName: string,
  timeout: number,
  signal: AbortSignal,
): Promise<TableDescription> {
  const deadline = AbortSignal.timeout(timeout);
  const abortSignal = AbortSignal.any([signal, deadline]);
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }), { abortSignal });
    const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
    return {
      status: Table?.TableStatus,
      itemCount: Table?.ItemCount,
      indexItemCounts: new Map(indexes.map(({ IndexName = '', ItemCount = 0 }) => [IndexName, ItemCount])),
    };
  } catch (error) {
    throw deadline.aborted ? deadline.reason : error;
  }
}
