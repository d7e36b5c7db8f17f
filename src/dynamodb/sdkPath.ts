/** Sends Scan and Query requests through the SDK: all that the fast path cannot send, and retries. */
import {
  QueryCommand,
  ScanCommand,
  type DynamoDBClient,
  type DynamoDBClientResolvedConfig,
  type ScanCommandInput,
  type ScanCommandOutput,
} from '@aws-sdk/client-dynamodb';
import type {
  AuthScheme,
  BuildMiddleware,
  DeserializeMiddleware,
  HttpRequest,
  HttpResponse,
  RequestHandlerOutput,
} from '@smithy/types';
import { decodeBinary } from './binary';
import type { Page } from './page';
import { operationOf, type ScanCall } from './scanCall';
import { readBody, type ReadBodyOptions, type ResponseBody } from './responseBody';
import { MalformedResponseError } from './transcoder/transcoder';

/** Receives each request before the SDK signs it. */
export type LearnRequest = (request: HttpRequest, authScheme: AuthScheme | undefined) => Promise<void>;

/** A failed attempt that was made without the SDK. */
export interface FirstAttempt {
  /** Returns DynamoDB's response, or throws the error that prevented one. */
  outcome: () => Output;
  /** The client's `systemClockOffset` at the time of signing. */
  clockOffset: number;
}

export type Output = RequestHandlerOutput<HttpResponse>;

interface SdkPathOptions extends ReadBodyOptions {
  readPage: (body: ResponseBody) => Page;
  signal: AbortSignal;
  learn: LearnRequest;
  /** The attempt that was already made, if any. */
  firstAttempt: FirstAttempt | undefined;
}

/**
 * Sends a Scan or Query request with the SDK's retries, and reads the page from the bytes of the response. The SDK sees an
 * empty body instead, because its own deserializer would take twenty times as long.
 */
export async function sendThroughSdk(
  client: DynamoDBClient,
  call: ScanCall,
  { readPage, signal, learn, firstAttempt, ...bodyOptions }: SdkPathOptions,
): Promise<Page> {
  const input = inputOf(call);
  const command = commandOf(call, input);
  const { middlewareStack } = command;
  middlewareStack.add(learnRequest(learn), { name: 'learnRequest', step: 'build', priority: 'low' });
  let page: Page | undefined;
  const takePage: DeserializeScan = (next) => async (args) => {
    const result = await next(args);
    const response = result.response as HttpResponse;
    const body = await readBody(response, bodyOptions).catch((error: unknown) => {
      // An aborted request must not be retried: all scans share one retry quota.
      signal.throwIfAborted();
      throw error;
    });
    if (response.statusCode < 300) page = readPage(body);
    response.body = page === undefined ? body.bytes : EMPTY_RESULT;
    return result;
  };
  middlewareStack.addRelativeTo(takePage, {
    name: 'takePage',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  const config = firstAttempt === undefined ? client.config : withFirstAttempt(firstAttempt, client.config);
  await command.resolveMiddleware(client.middlewareStack, config, { abortSignal: signal })({ input });
  if (page === undefined) throw new MalformedResponseError('the SDK returned no response');
  return page;
}

type DeserializeScan = DeserializeMiddleware<ScanCommandInput, ScanCommandOutput>;
type BuildScan = BuildMiddleware<ScanCommandInput, ScanCommandOutput>;

function learnRequest(learn: LearnRequest): BuildScan {
  return (next, { endpointV2 }) =>
    async (args) => {
      await learn(args.request as HttpRequest, endpointV2?.properties?.authSchemes?.[0]);
      return next(args);
    };
}

const EMPTY_RESULT = Buffer.from('{}');

/** The part of a command that is used here. In it, the commands of Scan and Query have the same types. */
type Command = Pick<ScanCommand, 'middlewareStack' | 'resolveMiddleware'>;

function commandOf(call: ScanCall, input: ScanCommandInput): Command {
  return operationOf(call) === 'Query' ? new QueryCommand(input) : new ScanCommand(input);
}

function inputOf(call: ScanCall): ScanCommandInput {
  const { ExpressionAttributeValues: values, ExclusiveStartKey: startKey } = call;
  return {
    ...call,
    ExpressionAttributeValues: values && decodeBinary(values),
    ExclusiveStartKey: startKey && decodeBinary(startKey),
  };
}

/** AWS accepts signatures for five minutes, so smaller corrections do not matter. */
const MIN_CORRECTION_MS = 240_000;

/** Returns the client's configuration with a request handler whose first attempt is the given one. */
function withFirstAttempt(
  { outcome, clockOffset }: FirstAttempt,
  config: DynamoDBClientResolvedConfig,
): DynamoDBClientResolvedConfig {
  const { requestHandler } = config;
  let isFirst = true;
  const handle: typeof requestHandler.handle = async (request, options) => {
    // The SDK has corrected a wrong clock since this attempt was signed, so a new attempt may succeed.
    const isReusable = isFirst && Math.abs(config.systemClockOffset - clockOffset) < MIN_CORRECTION_MS;
    isFirst = false;
    return isReusable ? outcome() : (requestHandler.handle(request, options) as Promise<Output>);
  };
  return { ...config, requestHandler: { ...requestHandler, handle } };
}
