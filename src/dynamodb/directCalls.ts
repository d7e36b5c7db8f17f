/**
 * Calls without the SDK's middleware, which takes longer than all else that a small scan needs: the
 * request that it once made for a table, with another body, signed anew by its signer.
 */
import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AuthScheme, HttpRequest, RequestSigner, RetryStrategyV2 } from '@smithy/types';
import type { Answer } from './answer';
import { readAnswer, type ReadingOptions } from './readAnswer';
import type { ScanCall } from './repository';
import type { FirstAttempt, Output } from './sdkCall';

/** A call that was sent: with the body of a success, or else with what the SDK is to go on with. */
type Sent = { answer: Answer; failed?: never } | { answer?: never; failed: FirstAttempt };

interface Known {
  request: HttpRequest;
  signer: RequestSigner;
  /** Milliseconds of `performance.now()` after which the SDK is to make a request again. */
  until: number;
}

/** So that the SDK looks at the endpoint again, and compares its clock with DynamoDB's. */
const LASTING = 600_000;

export class DirectCalls {
  private readonly client: DynamoDBClient;
  private readonly reading: ReadingOptions;
  /** By table, of which there are as many as the server allows. */
  private readonly known = new Map<string, Known>();

  constructor(client: DynamoDBClient, reading: ReadingOptions) {
    this.client = client;
    this.reading = reading;
  }

  /** Learns from a request that the SDK has not signed yet: from each, for the last is right for sure. */
  async learn(tableName: string, request: HttpRequest, authScheme: AuthScheme | undefined): Promise<void> {
    const { 'content-length': _, ...headers } = request.headers;
    const signer = await this.client.config.signer(authScheme);
    const until = performance.now() + LASTING;
    this.known.set(tableName, { request: { ...request, headers }, signer, until });
  }

  /** Makes one attempt; undefined where that is left to the SDK. */
  async send(call: ScanCall, signal: AbortSignal): Promise<Sent | undefined> {
    const known = this.known.get(call.TableName);
    if (known === undefined || performance.now() > known.until) return undefined;
    const { requestHandler, retryStrategy, systemClockOffset: clockOffset } = this.client.config;
    const retries = (await retryStrategy()) as RetryStrategyV2 & { mode?: string };
    // With `AWS_RETRY_MODE=adaptive` the SDK keeps a rate, for which it has to know of all calls.
    if (retries.mode === 'adaptive') return undefined;
    const token = await retries.acquireInitialRetryToken('');
    const body = JSON.stringify(call);
    const headers = { ...known.request.headers, 'content-length': String(Buffer.byteLength(body)) };
    const signingDate = new Date(Date.now() + clockOffset);
    const request = await known.signer.sign({ ...known.request, headers, body }, { signingDate });
    try {
      const output: Output = await requestHandler.handle(request, { abortSignal: signal });
      const { response } = output;
      const answer = await readAnswer(response, this.reading);
      if (response.statusCode >= 300) {
        const outcome = () => ({ response: { ...response, body: Readable.from([answer.bytes]) } });
        return { failed: { clockOffset, outcome } };
      }
      retries.recordSuccess(token);
      return { answer };
    } catch (error) {
      signal.throwIfAborted();
      const outcome = () => {
        throw error;
      };
      return { failed: { clockOffset, outcome } };
    }
  }
}
