/**
 * Calls without the SDK's middleware, which takes longer than all else that a small scan needs: the
 * request that it once made for a table, with another body, signed anew by its signer.
 */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type {
  AuthScheme,
  HttpRequest,
  HttpResponse,
  RequestHandlerOutput,
  RequestSigner,
  RetryStrategyV2,
} from '@smithy/types';
import { readResponse, type Answer, type ReadingOptions } from './answer';
import type { ScanCall } from './repository';

/** What an attempt came to: what DynamoDB answered, or an error. */
export type Outcome = () => Output;

export type Output = RequestHandlerOutput<HttpResponse>;

/** A call that was sent: with the body of a success, or else with what the SDK is to go on with. */
type Sent = { answer: Answer; outcome?: never } | { answer?: never; outcome: Outcome };

interface Known {
  request: HttpRequest;
  signer: RequestSigner;
}

export class DirectCalls {
  private readonly client: DynamoDBClient;
  private readonly reading: ReadingOptions;
  /** By table, of which there are as many as the server allows. */
  private readonly known = new Map<string, Known>();

  constructor(client: DynamoDBClient, reading: ReadingOptions) {
    this.client = client;
    this.reading = reading;
  }

  /** Learns from a request that the SDK has not signed yet. */
  async learn(tableName: string, request: HttpRequest, authScheme: AuthScheme | undefined): Promise<void> {
    const { 'content-length': _, ...headers } = request.headers;
    const signer = await this.client.config.signer(authScheme);
    this.known.set(tableName, { request: { ...request, headers }, signer });
  }

  /** Makes one attempt; undefined where the SDK has not shown yet how. */
  async send(call: ScanCall, signal: AbortSignal): Promise<Sent | undefined> {
    const known = this.known.get(call.TableName);
    if (known === undefined) return undefined;
    const { requestHandler, retryStrategy, systemClockOffset } = this.client.config;
    const retries = (await retryStrategy()) as RetryStrategyV2;
    const token = await retries.acquireInitialRetryToken('');
    const body = JSON.stringify(call);
    const headers = { ...known.request.headers, 'content-length': String(Buffer.byteLength(body)) };
    const signingDate = new Date(Date.now() + systemClockOffset);
    const request = await known.signer.sign({ ...known.request, headers, body }, { signingDate });
    try {
      const output: Output = await requestHandler.handle(request, { abortSignal: signal });
      const { response } = output;
      if (response.statusCode >= 300) return { outcome: () => output };
      const answer = await readResponse(response, this.reading);
      retries.recordSuccess(token);
      return { answer };
    } catch (error) {
      signal.throwIfAborted();
      return {
        outcome: () => {
          throw error;
        },
      };
    }
  }
}
