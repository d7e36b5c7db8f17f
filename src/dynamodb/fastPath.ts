/**
 * Scan and Query requests without the SDK's middleware: the request that the SDK once made for a table, with another
 * body and a new signature by the SDK's signer. See docs/adr/0002-sdk-fast-path.md.
 */
import { Readable } from 'node:stream';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { AuthScheme, HttpRequest, RequestSigner, RetryStrategyV2 } from '@smithy/types';
import { operationOf, type ScanCall } from './scanCall';
import { readBody, type ReadBodyOptions, type ResponseBody } from './responseBody';
import type { FirstAttempt, Output } from './sdkPath';

/** The result of an attempt: the body of a success, or a failure for the SDK to continue with. */
type AttemptResult = { body: ResponseBody; failed?: never } | { body?: never; failed: FirstAttempt };

interface LearnedRequest {
  request: HttpRequest;
  signer: RequestSigner;
  /** Time of `performance.now()` after which the SDK has to make a request again. */
  validUntil: number;
}

/** After this time the SDK resolves the endpoint again, and compares its clock with DynamoDB's. */
const VALID_MS = 600_000;

/** Sends requests with the request of an earlier one as a template. */
export class FastPath {
  private readonly client: DynamoDBClient;
  private readonly bodyOptions: ReadBodyOptions;
  /** By operation and table; there are at most two for each table that the server allows. */
  private readonly learned = new Map<string, LearnedRequest>();

  constructor(client: DynamoDBClient, bodyOptions: ReadBodyOptions) {
    this.client = client;
    this.bodyOptions = bodyOptions;
  }

  /** Keeps a request that the SDK has not signed yet, and its signer. The latest one replaces earlier ones. */
  async learn(call: ScanCall, request: HttpRequest, authScheme: AuthScheme | undefined): Promise<void> {
    const { 'content-length': _, ...headers } = request.headers;
    const signer = await this.client.config.signer(authScheme);
    const validUntil = performance.now() + VALID_MS;
    this.learned.set(templateName(call), { request: { ...request, headers }, signer, validUntil });
  }

  /** Makes one attempt. Returns undefined if the SDK has to make the request. */
  async send(call: ScanCall, signal: AbortSignal): Promise<AttemptResult | undefined> {
    const learned = this.learned.get(templateName(call));
    if (learned === undefined || performance.now() > learned.validUntil) return undefined;
    const { requestHandler, retryStrategy, systemClockOffset: clockOffset } = this.client.config;
    const retries = (await retryStrategy()) as RetryStrategyV2 & { mode?: string };
    // With AWS_RETRY_MODE=adaptive the SDK limits its own rate, so it has to see every request.
    if (retries.mode === 'adaptive') return undefined;
    const token = await retries.acquireInitialRetryToken('');
    const body = JSON.stringify(call);
    const headers = { ...learned.request.headers, 'content-length': String(Buffer.byteLength(body)) };
    const signingDate = new Date(Date.now() + clockOffset);
    const request = await learned.signer.sign({ ...learned.request, headers, body }, { signingDate });
    try {
      const output: Output = await requestHandler.handle(request, { abortSignal: signal });
      const { response } = output;
      const received = await readBody(response, this.bodyOptions);
      if (response.statusCode >= 300) {
        const outcome = () => ({ response: { ...response, body: Readable.from([received.bytes]) } });
        return { failed: { clockOffset, outcome } };
      }
      retries.recordSuccess(token);
      return { body: received };
    } catch (error) {
      signal.throwIfAborted();
      const outcome = () => {
        throw error;
      };
      return { failed: { clockOffset, outcome } };
    }
  }
}

function templateName(call: ScanCall): string {
  return `${operationOf(call)} ${call.TableName}`;
}
