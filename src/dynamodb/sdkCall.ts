/** Calls through the SDK: the first of each table, and all that do not succeed at once. */
import {
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
import type { Answer } from './answer';
import type { Page } from './page';
import { MalformedAnswerError } from './transcoder/transcoder';
import { decodeBinary } from './binary';
import { readAnswer, type ReadingOptions } from './readAnswer';
import type { ScanCall } from './repository';

/** Is told of the request, before it is signed. */
export type Learn = (request: HttpRequest, authScheme: AuthScheme | undefined) => Promise<void>;

/** What an attempt came to that was no success. */
export interface FirstAttempt {
  /** What DynamoDB answered; throws what went wrong before it could. */
  outcome: () => Output;
  /** The client's `systemClockOffset` that it was signed with. */
  clockOffset: number;
}

export type Output = RequestHandlerOutput<HttpResponse>;

interface SdkOptions extends ReadingOptions {
  read: (answer: Answer) => Page;
  signal: AbortSignal;
  learn: Learn;
  /** Where it has been made already. */
  first: FirstAttempt | undefined;
}

/**
 * Has a page read from the bytes of the answer, and its `Items` hidden from the SDK, which would take
 * twenty times as long over them.
 */
export async function sendThroughSdk(
  client: DynamoDBClient,
  call: ScanCall,
  { read, signal, learn, first, ...reading }: SdkOptions,
): Promise<Page> {
  const input = inputOf(call);
  const command = new ScanCommand(input);
  const { middlewareStack } = command;
  middlewareStack.add(showing(learn), { name: 'learnRequest', step: 'build', priority: 'low' });
  let page: Page | undefined;
  const takePage: Take = (next) => async (args) => {
    const result = await next(args);
    const response = result.response as HttpResponse;
    const answer = await readAnswer(response, reading).catch((error: unknown) => {
      // Not to be retried: each retry would be taken from those that all scans share.
      signal.throwIfAborted();
      throw error;
    });
    if (response.statusCode < 300) page = read(answer);
    response.body = page === undefined ? answer.bytes : NOTHING;
    return result;
  };
  middlewareStack.addRelativeTo(takePage, {
    name: 'takePage',
    relation: 'after',
    toMiddleware: 'deserializerMiddleware',
  });
  const config = first === undefined ? client.config : startingWith(first, client.config);
  await command.resolveMiddleware(client.middlewareStack, config, { abortSignal: signal })({ input });
  if (page === undefined) throw new MalformedAnswerError('the answer is no success');
  return page;
}

type Take = DeserializeMiddleware<ScanCommandInput, ScanCommandOutput>;
type Show = BuildMiddleware<ScanCommandInput, ScanCommandOutput>;

function showing(learn: Learn): Show {
  return (next, { endpointV2 }) =>
    async (args) => {
      await learn(args.request as HttpRequest, endpointV2?.properties?.authSchemes?.[0]);
      return next(args);
    };
}

const NOTHING = Buffer.from('{}');

function inputOf(call: ScanCall): ScanCommandInput {
  const { ExpressionAttributeValues: values, ExclusiveStartKey: startKey } = call;
  return {
    ...call,
    ExpressionAttributeValues: values && decodeBinary(values),
    ExclusiveStartKey: startKey && decodeBinary(startKey),
  };
}

/** The client's configuration, as if its first attempt had been the one that has been made. */
function startingWith(
  { outcome, clockOffset }: FirstAttempt,
  config: DynamoDBClientResolvedConfig,
): DynamoDBClientResolvedConfig {
  const { requestHandler } = config;
  let isFirst = true;
  const handle: typeof requestHandler.handle = async (request, options) => {
    // Another call may have corrected the clock: the SDK would take this one to be signed by that already.
    const isTaken = isFirst && config.systemClockOffset === clockOffset;
    isFirst = false;
    return isTaken ? outcome() : (requestHandler.handle(request, options) as Promise<Output>);
  };
  return { ...config, requestHandler: { ...requestHandler, handle } };
}
