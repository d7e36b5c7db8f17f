/** The thin repository: one call of Scan, one of DescribeTable. The only import of the AWS SDK. */
import type { Readable } from 'node:stream';
import {
  DescribeTableCommand,
  DynamoDBClient,
  ScanCommand,
  type ScanCommandInput,
  type ScanCommandOutput,
  type Select,
  type ServiceInputTypes,
  type ServiceOutputTypes,
} from '@aws-sdk/client-dynamodb';
import { defaultProvider } from '@aws-sdk/credential-provider-node';
import type { DeserializeMiddleware, Handler } from '@smithy/types';
import type { Attributes } from '../attributeValue';
import { readAnswer, type Answer } from './answer';
import { AnswerMemory } from './answerMemory';
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
  // It would look for secrets in all that is sent and received, for a log that there is not.
  client.middlewareStack.remove('loggerMiddleware');
  const sendScan = scanSender(client, options.timeout);

  return {
    scanPage(call, pageOptions, abortSignal) {
      const { ExpressionAttributeValues: values, ExclusiveStartKey: startKey } = call;
      const input = {
        ...call,
        ExpressionAttributeValues: values && decodeBinary(values),
        ExclusiveStartKey: startKey && decodeBinary(startKey),
      };
      const countOnly = call.Select === 'COUNT';
      const read = (answer: Answer) => readPage(answer, { ...pageOptions, countOnly, startKey });
      return sendScan(input, read, abortSignal);
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

/** Signals whose middleware is kept. A WeakMap's entries would each wait for a major garbage collection. */
const HANDLERS = 16;

type SendScan = (input: ScanCommandInput, read: ReadPage, abortSignal: AbortSignal) => Promise<Page>;
type ReadPage = (answer: Answer) => Page;

/** A call whose answer is still to come. */
interface Pending {
  read: ReadPage;
  abortSignal: AbortSignal;
  page?: Page;
}

/**
 * Has pages read from the bytes of the answers, and their `Items` hidden from the SDK, which would take
 * twenty times as long over them.
 *
 * The SDK's middleware is put together once for all calls with one signal, as its own `cacheMiddleware`
 * would do if there were no signals: that takes longer than to sign a call.
 */
function scanSender(client: DynamoDBClient, timeout: number): SendScan {
  const pending = new Map<object, Pending>();
  const handlers = new Map<AbortSignal, Handler<ScanCommandInput, ScanCommandOutput>>();
  // Middleware copies it in each call, which V8 does six times as fast of a plain copy.
  const config = { ...client.config };
  client.middlewareStack.addRelativeTo(takePages(pending, timeout), {
    name: 'takePages',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });

  return async (input, read, abortSignal) => {
    const call: Pending = { read, abortSignal };
    pending.set(input, call);
    let handler = handlers.get(abortSignal);
    if (handler === undefined) {
      handler = new ScanCommand(input).resolveMiddleware(client.middlewareStack, config, {
        abortSignal,
      });
      handlers.set(abortSignal, handler);
      const [oldest] = handlers.keys();
      if (handlers.size > HANDLERS && oldest !== undefined) handlers.delete(oldest);
    }
    try {
      await handler({ input });
    } finally {
      pending.delete(input);
    }
    if (call.page === undefined) throw new MalformedAnswerError('the answer is no success');
    return call.page;
  };
}

type Take = DeserializeMiddleware<ServiceInputTypes, ServiceOutputTypes>;

function takePages(pending: ReadonlyMap<object, Pending>, timeout: number): Take {
  const memory = new AnswerMemory();
  return (next) => async (args) => {
    const result = await next(args);
    const call = pending.get(args.input);
    if (call === undefined) return result;
    const response = result.response as HttpResponse;
    const { headers, statusCode } = response;
    const body = response.body as Readable;
    const answer = await readAnswer(body, {
      checksum: headers['x-amz-crc32'],
      length: headers['content-length'],
      timeout,
      memory,
    }).catch((error: unknown) => {
      // Not to be retried: each retry would be taken from those that all scans share.
      call.abortSignal.throwIfAborted();
      throw error;
    });
    if (statusCode < 300) call.page = call.read(answer);
    response.body = call.page === undefined ? answer.bytes : NOTHING;
    return result;
  };
}

const NOTHING = Buffer.from('{}');

interface HttpResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Readable | Uint8Array;
}
