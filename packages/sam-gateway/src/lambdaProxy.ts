/** AWS_PROXY integrations: the request as an event, the function's result as the answer. */
import { buffer } from 'node:stream/consumers';
import type { Call, GatewayAnswer } from 'sam-template';
import { GatewayFailure } from 'sam-template';
import { proxyEvent } from './lambda/event';
import type { FunctionPool } from './lambda/pool';
import { bufferedResult, streamedResult } from './lambda/proxyResult';
import { FunctionError } from './lambda/runtimeApi';

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
    return await inTime(invoke(call, lambda, event), call);
  } catch (error) {
    if (error instanceof FunctionError) throw new GatewayFailure('BAD_GATEWAY', error.message);
    throw error;
  }
}

async function invoke(call: Call, lambda: FunctionPool, event: object): Promise<GatewayAnswer> {
  const { body } = await lambda.invoke(call.request.requestId, event);
  return call.method.integration.streams ? streamedResult(body) : bufferedResult(await buffer(body), call);
}

/** Until the head is there; a streamed body has the same time again, all in all. */
async function inTime(answer: Promise<GatewayAnswer>, { method }: Call): Promise<GatewayAnswer> {
  const { timeoutMillis } = method.integration;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const reason = `the integration took longer than ${timeoutMillis} ms`;
    timer = setTimeout(() => {
      reject(new GatewayFailure('INTEGRATION_TIMEOUT', reason));
      // What comes now, nobody reads.
      answer.then(destroyBody, () => undefined);
    }, timeoutMillis);
  });
  try {
    const begun = await Promise.race([answer, late]);
    endInTime(begun, timeoutMillis);
    return begun;
  } finally {
    clearTimeout(timer);
  }
}

function endInTime(answer: GatewayAnswer, milliseconds: number): void {
  if (Buffer.isBuffer(answer.body)) return;
  const timer = setTimeout(() => destroyBody(answer), milliseconds);
  answer.body.once('close', () => clearTimeout(timer));
}

function destroyBody({ body }: GatewayAnswer): void {
  if (!Buffer.isBuffer(body)) body.destroy();
}
