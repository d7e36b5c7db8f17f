/** Calls a handler whose result is buffered: async, with a callback, or with the functions of its context. */
import { RuntimeError } from './describeError';
import { contextOf, type Handler } from './handler';
import type { Invocation } from './runtimeClient';

/** Runs when nothing is left to do in this process. */
let onEmptyEventLoop: (() => void) | undefined;

process.on('beforeExit', () => {
  const listener = onEmptyEventLoop;
  onEmptyEventLoop = undefined;
  // The immediate keeps the process alive until the result is on its way.
  if (listener !== undefined) setImmediate(listener);
});

/**
 * Calls a handler. The first result counts: its promise, the callback, or `done`, `succeed` and `fail` of the context.
 * A callback waits for the empty event loop unless the handler sets `callbackWaitsForEmptyEventLoop` to false.
 *
 * @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html
 */
export async function invokeHandler(
  handler: Handler,
  { event, ...invocation }: Invocation,
): Promise<unknown> {
  try {
    return await new Promise((resolve, reject) => {
      let hasResult = false;
      const first =
        <Values extends unknown[]>(settle: (...values: Values) => void) =>
        (...values: Values) => {
          if (hasResult) return;
          hasResult = true;
          settle(...values);
        };
      const done = first((error: unknown, result: unknown) => {
        if (isMissing(error)) resolve(result);
        else reject(toError(error));
      });
      const succeed = (result: unknown) => done(undefined, result);
      const fail = (error: unknown) => done(error ?? 'handled', undefined);
      const context = { ...contextOf(invocation), done, succeed, fail };
      const callback = first((error: unknown, result: unknown) => {
        if (!isMissing(error)) reject(toError(error));
        else if (context.callbackWaitsForEmptyEventLoop) onEmptyEventLoop = () => resolve(result);
        else resolve(result);
      });
      onEmptyEventLoop = () => finishWithoutResult(handler, resolve, reject);
      const returned = handler(event, context, callback);
      if (isPromise(returned)) returned.then(succeed, fail);
    });
  } finally {
    onEmptyEventLoop = undefined;
  }
}

/** The event loop is empty, and the handler has neither returned a result nor called back. */
function finishWithoutResult(
  handler: Handler,
  resolve: (result: null) => void,
  reject: (error: Error) => void,
): void {
  if (handler.constructor.name !== 'AsyncFunction') resolve(null);
  else reject(new RuntimeError('NodeJsExit', 'the promise of the handler can never settle'));
}

function isMissing(error: unknown): boolean {
  return error === undefined || error === null;
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | undefined)?.then === 'function';
}
