/** Runs the handler of a function in a process of its own, as Lambda's Node.js runtime does. */
import { register } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './describeError';
import { isStreaming, type Handler } from './handler';
import { invokeHandler } from './invokeHandler';
import { loadHandler } from './loadHandler';
import type { PackageDirectories } from './packageDirectories';
import { hookRequire } from './requireHook';
import { nextInvocation, sendError, sendResult } from './runtimeClient';
import { createAwslambda, invokeStreaming } from './streaming';

/** The ID of the current invocation. Undefined while the function's module loads. */
let currentId: string | undefined;

async function main(): Promise<void> {
  const { _HANDLER: name = '', LAMBDA_TASK_ROOT: root = '' } = process.env;
  // The function must not see the gateway's argument.
  const [json = '{"layers":[],"packages":[],"sdk":[]}'] = process.argv.splice(2);
  const directories = JSON.parse(json) as PackageDirectories;
  hookRequire(directories);
  register(pathToFileURL(join(__dirname, 'importHook.cjs')), { data: directories });
  Object.assign(globalThis, { awslambda: createAwslambda() });
  const handler = await loadHandler(root, name, directories);
  for (;;) await handleNext(handler);
}

async function handleNext(handler: Handler): Promise<void> {
  const invocation = await nextInvocation();
  currentId = invocation.id;
  if (isStreaming(handler)) {
    await invokeStreaming(handler, invocation);
    return;
  }
  let json: string;
  try {
    json = JSON.stringify((await invokeHandler(handler, invocation)) ?? null);
  } catch (error) {
    await sendError(invocation.id, error);
    return;
  }
  await sendResult(invocation.id, json);
}

/** Reports an error that ends the process. */
async function crash(error: unknown): Promise<void> {
  await sendError(currentId, error).catch(() => undefined);
  process.exit(1);
}

process.on('uncaughtException', (error) => void crash(error));
process.on('unhandledRejection', (error) => {
  void crash(
    new RuntimeError(
      'UnhandledPromiseRejection',
      error instanceof Error ? String(error.stack) : String(error),
    ),
  );
});

void main().catch(crash);
