/** The thin repository: pages of a scan. The only import of the AWS SDK. */
import { Readable } from 'node:stream';
import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import {
  DynamoDBDocumentClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/lib-dynamodb';
import type { DeserializeMiddleware } from '@smithy/types';
import { readAnswer } from './answer';
import { MalformedAnswerError, transcodeScan } from './transcode';

/** What one call of Scan gave. */
export interface Page {
  /** The records as plain JSON objects, separated by commas; empty where there are none. */
  items: Uint8Array;
  /** Records in `items`, after any filter. */
  count: number;
  /** Records that DynamoDB evaluated, before any filter. */
  scannedCount: number;
}

/** What DynamoDB says of a table. */
interface TableDescription {
  /** `ACTIVE` when it can be read. */
  status: string | undefined;
  /** Records; an estimate that DynamoDB renews about every six hours. */
  itemCount: number | undefined;
}

/** Where records come from. Errors are the SDK's own, or those of `answer.ts` and `transcode.ts`. */
export interface Repository {
  /**
   * The whole table, page by page. The next page is being fetched while one is handed out. When the
   * signal aborts or the consumer returns, the call in flight is aborted and none follows.
   */
  scan(tableName: string, signal: AbortSignal): AsyncGenerator<Page, void, undefined>;
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

type Key = ScanCommandOutput['LastEvaluatedKey'];

interface FetchedPage extends Page {
  lastEvaluatedKey: Key;
}

/** A repository over one client; connections are kept until `close`. */
export function createRepository(options: RepositoryOptions): Repository {
  const client = new DynamoDBClient(clientConfig(options));
  // Keys come back as they were received: numbers with all their digits.
  const documents = DynamoDBDocumentClient.from(client, { unmarshallOptions: { wrapNumbers: true } });

  async function fetchPage(tableName: string, startKey: Key, abortSignal: AbortSignal): Promise<FetchedPage> {
    const command = new ScanCommand({ TableName: tableName, ExclusiveStartKey: startKey });
    const items = takeItems(command, options.timeout, abortSignal);
    const { Count, ScannedCount, LastEvaluatedKey } = await documents.send(command, { abortSignal });
    // lib-dynamodb loses an attribute named __proto__; without its key the scan would start again.
    if (LastEvaluatedKey !== undefined && Object.keys(LastEvaluatedKey).length === 0) {
      throw new MalformedAnswerError('the answer has an empty LastEvaluatedKey');
    }
    return {
      items: items(),
      count: Count ?? 0,
      scannedCount: ScannedCount ?? 0,
      lastEvaluatedKey: LastEvaluatedKey,
    };
  }

  return {
    async *scan(tableName, signal) {
      const stop = new AbortController();
      const abortSignal = AbortSignal.any([signal, stop.signal]);
      const fetchFrom = (startKey: Key) => {
        const pending = fetchPage(tableName, startKey, abortSignal);
        // It is awaited a page later, or never: until then a failure is nobody's.
        pending.catch(() => undefined);
        return pending;
      };
      try {
        let next: Promise<FetchedPage> | undefined = fetchFrom(undefined);
        while (next !== undefined) {
          const page: FetchedPage = await next;
          // Only a missing key is the end: a page can be empty and still have one.
          next = page.lastEvaluatedKey === undefined ? undefined : fetchFrom(page.lastEvaluatedKey);
          yield page;
        }
      } finally {
        stop.abort();
      }
    },

    async describe(tableName, signal) {
      const deadline = AbortSignal.timeout(options.timeout);
      const abortSignal = AbortSignal.any([signal, deadline]);
      try {
        const { Table } = await client.send(new DescribeTableCommand({ TableName: tableName }), {
          abortSignal,
        });
        return { status: Table?.TableStatus, itemCount: Table?.ItemCount };
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
 * Has the command's `Items` transcoded from the bytes of the answer and hidden from the SDK, which
 * would round numbers, lose sets and take twenty times as long.
 *
 * @returns what gives the items once the command has been sent.
 */
function takeItems(command: ScanCommand, timeout: number, signal: AbortSignal): () => Uint8Array {
  let items: Uint8Array = new Uint8Array();
  const middleware: DeserializeMiddleware<ScanCommandInput, ScanCommandOutput> = (next) => async (args) => {
    const result = await next(args);
    const response = result.response as HttpResponse;
    const answer = await readAnswer(response.body, response.headers['x-amz-crc32'], timeout).catch(
      (error: unknown) => {
        // Not to be retried: each retry would be taken from those that all scans share.
        signal.throwIfAborted();
        throw error;
      },
    );
    const succeeded = response.statusCode < 300;
    const transcoded = succeeded ? transcodeScan(answer) : undefined;
    items = transcoded?.items ?? items;
    response.body = Readable.from([transcoded?.rest ?? answer]);
    return result;
  };
  command.middlewareStack.addRelativeTo(middleware, {
    name: 'takeItems',
    // lib-dynamodb joins a command's stack in twice: by its name the second replaces the first.
    override: true,
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  return () => items;
}

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable;
}
