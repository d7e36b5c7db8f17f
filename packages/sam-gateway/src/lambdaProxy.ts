/** AWS_PROXY integrations: converts the request to an event and the function's result to a response. */
import type { Readable } from 'node:stream';
import { GatewayError, type Call, type GatewayResult } from 'sam-template';
import { proxyEvent } from './lambda/event';
import type { FunctionPool } from './lambda/pool';
import { bufferedResult, streamedResult } from './lambda/proxyResult';
import { FunctionError } from './lambda/runtimeApi';

/** The size of the largest event that Lambda accepts. */
const MAX_EVENT_BYTES = 6 * 1024 * 1024;

/** The size of the largest buffered result that Lambda accepts. */
const MAX_RESULT_BYTES = 6 * 1024 * 1024;

/**
 * Invokes the function of a Lambda proxy integration and returns its response.
 *
 * @throws GatewayError
 */
export async function lambdaResponse(
  call: Call,
  lambda: FunctionPool,
  accountId: string,
): Promise<GatewayResult> {
  const event = proxyEvent(call, accountId);
  if ((event.body ?? '').length > MAX_EVENT_BYTES) {
    throw new GatewayError('REQUEST_TOO_LARGE', 'the event is larger than 6 MB, the maximum of Lambda');
  }
  try {
    return await withTimeout(invoke(call, lambda, event), call);
  } catch (error) {
    if (error instanceof FunctionError) throw new GatewayError('BAD_GATEWAY', error.message);
    throw error;
  }
}

async function invoke(call: Call, lambda: FunctionPool, event: object): Promise<GatewayResult> {
  const { body } = await lambda.invoke(call.request.requestId, event);
  return call.method.integration.streams
    ? streamedResult(body)
    : bufferedResult(await readResult(body), call);
}

async function readResult(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.byteLength;
    if (size > MAX_RESULT_BYTES) {
      throw new GatewayError('BAD_GATEWAY', 'the result is larger than 6 MB, the maximum of Lambda');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Limits the time until the response headers. A streamed body gets the same time again in total. */
async function withTimeout(pending: Promise<GatewayResult>, { method }: Call): Promise<GatewayResult> {
  const { timeoutMillis } = method.integration;
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_resolve, reject) => {
    const reason = `the integration took longer than ${timeoutMillis} ms`;
    timer = setTimeout(() => {
      reject(new GatewayError('INTEGRATION_TIMEOUT', reason));
      // The client already has its error, so a late body must not stay open.
      pending.then(destroyBody, () => undefined);
    }, timeoutMillis);
  });
  try {
    const response = await Promise.race([pending, timeout]);
    destroyBodyAfter(response, timeoutMillis);
    return response;
  } finally {
    clearTimeout(timer);
  }
}

function destroyBodyAfter(response: GatewayResult, timeoutMillis: number): void {
  if (Buffer.isBuffer(response.body)) return;
  const timer = setTimeout(() => destroyBody(response), timeoutMillis);
  response.body.once('close', () => clearTimeout(timer));
}

function destroyBody({ body }: GatewayResult): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}
