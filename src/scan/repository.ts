/** The thin repository: one call of Scan, one of DescribeTable. The only import of the AWS SDK. */
import { Readable } from 'node:stream';
import {
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  type Select,
} from '@aws-sdk/client-dynamodb';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { DeserializeMiddleware } from '@smithy/types';
import type { Attributes } from '../attributeValue';
import { readAnswer } from './answer';
import { decodeBinary } from './binary';
import type { Key } from './key';
import { readPage, type Page, type PageOptions } from './page';
import { MalformedAnswerError } from './transcode';

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

/** Where records come from. Errors are the SDK's own, or those of `answer.ts` and `transcode.ts`. */
export interface Repository {
  /** One call of Scan; aborted with the signal. */
  scanPage(call: ScanCall, options: PageOptions, signal: AbortSignal): Promise<Page>;
  describe(tableName: string, signal: AbortSignal): Promise<TableDescription>;
  close(): void;
}

/** Which DynamoDB to call. */
export interface RepositoryOptions {
  /** A DynamoDB-compatible endpoint; AWS where there is none. */
  endpoint?: string;
  /** The SDK's own choice where there is none. */
  region?: string;
  /** For an engine that looks at no credentials: the SDK is not to search for any. */
  anonymous?: boolean;
  /** Milliseconds that DynamoDB may take to begin its answer, and then to end it; each attempt anew. */
  timeout: number;
}

/** A repository over one client; connections are kept until `close`. */
export function createRepository(options: RepositoryOptions): Repository {
  const client = new DynamoDBClient(clientConfig(options));

  return {
    async scanPage(call, pageOptions, abortSignal) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: startKey } = call;
      const command = new ScanCommand({
        ...call,
        ExpressionAttributeValues: values && decodeBinary(values),
        ExclusiveStartKey: startKey && decodeBinary(startKey),
      });
      const read = (answer: readonly Buffer[]) =>
        readPage(answer, { ...pageOptions, countOnly: call.Select === 'COUNT', startKey });
      const page = takePage(command, read, options.timeout, abortSignal);
      await client.send(command, { abortSignal });
      return page();
    },

    async describe(tableName, signal) {
      const deadline = AbortSignal.timeout(options.timeout);
      const abortSignal = AbortSignal.any([signal, deadline]);
      try {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }), {
          abortSignal,
        });
        const indexes = [...(Table?.GlobalSecondaryIndexes ?? []), ...(Table?.LocalSecondaryIndexes ?? [])];
        return {
          status: Table?.TableStatus,
          itemCount: Table?.ItemCount,
          indexItemCounts: new Map(
            indexes.map(({ IndexName = '', ItemCount = 0 }) => [IndexName, ItemCount]),
          ),
        };
      } catch (error) {
        throw deadline.aborted ? deadline.reason : error;
      }
    },

    close() {
      client.destroy();
    },
  };
}

function clientConfig({ endpoint, region, anonymous, timeout }: RepositoryOptions) {
  const credentials = anonymous === true ? PLACEHOLDER : credentialsOrPlaceholder;
  return {
    ...(endpoint !== undefined && { endpoint, credentials }),
    ...(region !== undefined && { region }),
    requestHandler: {
      connectionTimeout: timeout,
      requestTimeout: timeout,
      throwOnRequestTimeout: true,
      httpAgent: UNLIMITED,
      httpsAgent: UNLIMITED,
    },
  };
}

/** Calls do not queue for a connection: the wait would count as DynamoDB's. */
const UNLIMITED = { keepAlive: true, maxSockets: Infinity };

/** What DynamoDB Local takes as well as any other. */
const PLACEHOLDER = { accessKeyId: 'local', secretAccessKey: 'local' };

async function credentialsOrPlaceholder() {
  try {
    return await defaultProvider()();
  } catch (error) {
    if ((error as Error).name !== 'CredentialsProviderError') throw error;
    return PLACEHOLDER;
  }
}

/**
 * Has the page read from the bytes of the answer, and its `Items` hidden from the SDK, which would
 * take twenty times as long over them.
 *
 * @returns what gives the page once the command has been sent.
 */
function takePage(
  command: ScanCommand,
  read: (answer: readonly Buffer[]) => Page,
  timeout: number,
  signal: AbortSignal,
): () => Page {
  let page: Page | undefined;
  const middleware: DeserializeMiddleware<ScanCommandInput, ScanCommandOutput> = (next) => async (args) => {
    const result = await next(args);
    const response = result.response as HttpResponse;
    const answer = await readAnswer(
      response.body as Readable,
      response.headers['x-amz-crc32'],
      timeout,
    ).catch((error: unknown) => {
      // Not to be retried: each retry would be taken from those that all scans share.
      signal.throwIfAborted();
      throw error;
    });
    if (response.statusCode < 300) page = read(answer);
    response.body = page === undefined ? Readable.from(answer) : NOTHING;
    return result;
  };
  command.middlewareStack.addRelativeTo(middleware, {
    name: 'takePage',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  return () => {
    if (page === undefined) throw new MalformedAnswerError('the answer is no success');
    return page;
  };
}

const NOTHING = Buffer.from('{}');

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable | Uint8Array;
}
