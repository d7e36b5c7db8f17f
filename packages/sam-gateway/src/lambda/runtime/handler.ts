/** The handler of a function, and the context that it receives. */
import type { Invocation } from './runtimeClient';

export const STREAMING = Symbol.for('aws.lambda.runtime.handler.streaming');

export type Handler = ((...args: unknown[]) => unknown) & { [STREAMING]?: string };

/** Whether `awslambda.streamifyResponse` has marked the handler. */
export function isStreaming(handler: Handler): boolean {
  return handler[STREAMING] === 'response';
}

/**
 * Returns the fields of the context that every handler has.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html
 */
export function contextOf({ id, deadline, functionArn }: Omit<Invocation, 'event'>) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    awsRequestId: id,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    invokedFunctionArn: functionArn,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
}
