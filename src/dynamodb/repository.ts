/** The repository: sends Scan, Query, DescribeTable and ListTables requests. Only this folder imports the AWS SDK. */
import { DescribeTableCommand, ListTablesCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createClient, type ClientOptions } from './client';
import { CredentialRenewal } from './credentials';
import { toDynamodbError } from './dynamodbError';
import { FastPath } from './fastPath';
import { readPage, type Page } from './page';
import { ResponseTimeoutError, type ResponseBody } from './responseBody';
import type { ScanCall } from './scanCall';
import { sendThroughSdk, type LearnRequest } from './sdkPath';
import { toTableDescription, type TableDescription } from './tableDescription';
import { TranscoderPool } from './transcoder/pool';

/** Reads tables. Each method throws DynamodbError, or the signal's reason once it is aborted. */
export interface Repository {
  /** Sends one Scan request, or one Query request if the call has a key condition. Callers must release the page. */
  scanPage(call: ScanCall, signal: AbortSignal): Promise<Page>;
  describe(tableName: string, signal: AbortSignal): Promise<TableDescription>;
  close(): void;
}

/** What `createRepository` offers in addition, for the startup message. */
export interface DynamodbRepository extends Repository {
  /** Returns the names of at most 100 tables. */
  listTables(signal: AbortSignal): Promise<string[]>;
  /** Returns the URL of the DynamoDB endpoint; undefined until the first request has been prepared. */
  endpoint(): string | undefined;
}

export interface RepositoryOptions extends ClientOptions {
  /** `false`: every request goes through the SDK's middleware, where instrumentation sees it. Default: true. */
  fastPath?: boolean;
}

/** Creates a repository with one client, which keeps its connections until `close`. */
export function createRepository(options: RepositoryOptions): DynamodbRepository {
  let endpoint: string | undefined;
  const client = createClient(options, (url) => (endpoint = url));
  const credentials = new CredentialRenewal(client);
  const bodyOptions = { timeout: options.timeout, transcoders: new TranscoderPool() };
  const fastPath = options.fastPath === false ? undefined : new FastPath(client, bodyOptions);

  async function scanPage(call: ScanCall, signal: AbortSignal): Promise<Page> {
    const countOnly = call.Select === 'COUNT';
    const read = (body: ResponseBody) => readPage(body, { countOnly, startKey: call.ExclusiveStartKey });
    const learn: LearnRequest = async (request, authScheme) => fastPath?.learn(call, request, authScheme);
    const attempt = await fastPath?.send(call, signal);
    if (attempt?.body !== undefined) return read(attempt.body);
    const firstAttempt = attempt?.failed;
    return sendThroughSdk(client, call, { ...bodyOptions, readPage: read, signal, learn, firstAttempt });
  }

  function send<Result>(request: () => Promise<Result>): Promise<Result> {
    return credentials.sendWithCurrent(() => request().catch(throwDynamodbError));
  }

  return {
    scanPage: (call, signal) => send(() => scanPage(call, signal)),
    describe: (tableName, signal) => send(() => describe(client, tableName, options.timeout, signal)),
    listTables: (signal) => send(() => listTables(client, options.timeout, signal)),
    endpoint: () => endpoint,
    close: () => client.destroy(),
  };
}

function throwDynamodbError(error: unknown): never {
  throw toDynamodbError(error);
}

async function describe(
  client: DynamoDBClient,
  TableName: string,
  timeout: number,
  signal: AbortSignal,
): Promise<TableDescription> {
  const { Table } = await withDeadline(timeout, signal, (abortSignal) =>
    client.send(new DescribeTableCommand({ TableName }), { abortSignal }),
  );
  return toTableDescription(Table);
}

async function listTables(client: DynamoDBClient, timeout: number, signal: AbortSignal): Promise<string[]> {
  const { TableNames = [] } = await withDeadline(timeout, signal, (abortSignal) =>
    client.send(new ListTablesCommand({}), { abortSignal }),
  );
  return TableNames;
}

/** @throws ResponseTimeoutError if the request takes longer than `timeout` milliseconds. */
async function withDeadline<Result>(
  timeout: number,
  signal: AbortSignal,
  send: (signal: AbortSignal) => Promise<Result>,
): Promise<Result> {
  const deadline = AbortSignal.timeout(timeout);
  try {
    return await send(AbortSignal.any([signal, deadline]));
  } catch (error) {
    if (!deadline.aborted) throw error;
    throw new ResponseTimeoutError(`no response within ${timeout} ms`, { cause: error });
  }
}
