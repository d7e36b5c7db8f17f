/** AWS_PROXY integrations: the request as an event, the function's result as the answer. */
import { buffer } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import type { Call, GatewayAnswer } from './exchange';
import { GatewayFailure } from './gatewayResponse';
import { proxyEvent } from './lambda/event';
import type { FunctionPool } from './lambda/pool';
import { bufferedResult, streamedResult } from './lambda/proxyResult';
import { FunctionError, type Handed } from './lambda/runtimeApi';

/** Bytes of the largest event that Lambda takes. */
const EVENT_LIMIT = 6 * 1024 * 1024;

/**
 * Answers a call of a Lambda proxy integration.
 *
 * @throws GatewayFailure
 */
export async function answerLambda(
  call: Call,
  lambda: FunctionPool,
  accountId: string,
): Promise<GatewayAnswer> {
  const event = proxyEvent(call, accountId);
  if ((event.body ?? '').length > EVENT_LIMIT) {
    throw new GatewayFailure('REQUEST_TOO_LARGE', 'the event is over the 6 MB that Lambda takes');
  }
  try {
    return await inTime(readResult(await lambda.invoke(call.request.requestId, event), call), call);
  } catch (error) {
    if (error instanceof FunctionError) throw new GatewayFailure('BAD_GATEWAY', error.message);
    throw error;
  }
}

async function readResult(handed: Handed, call: Call): Promise<GatewayAnswer> {
  if (!call.method.integration.streams) return bufferedResult(await buffer(handed.body), call);
  // Invoked to be streamed, a function that hands back one result has it sent as it is.
  return streamedResult(handed.body);
}

/** Until the head is there; a streamed body has the same time again, all in all. */
async function inTime(answer: Promise<GatewayAnswer>, { method }: Call): Promise<GatewayAnswer> {
  const { timeoutMillis } = method.integration;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const reason = `the integration took longer than ${timeoutMillis} ms`;
    timer = setTimeout(() => reject(new GatewayFailure('INTEGRATION_TIMEOUT', reason)), timeoutMillis);
  });
  try {
    const inTime = await Promise.race([answer, late]);
    const { body } = inTime;
    if (!Buffer.isBuffer(body)) {
      const end = setTimeout(() => body.destroy(new Error('the stream took too long')), timeoutMillis);
      void finished(body)
        .catch(() => undefined)
        .then(() => clearTimeout(end));
    }
    return inTime;
  } finally {
    clearTimeout(timer);
  }
}
