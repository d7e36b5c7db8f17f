/** Loads the handler of a function, as Lambda's Node.js runtime does. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findHandlerFile, isEsModule, splitHandler } from '../handlerFile';
import { RuntimeError } from './describeError';
import { isStreaming, type Handler } from './handler';
import { fromOpt, type PackageDirectories } from './packageDirectories';

/** Since this version of Lambda's runtime, handlers have no callback. */
const FIRST_VERSION_WITHOUT_CALLBACKS = 24;

/**
 * Loads a handler.
 *
 * @param root the directory of the function's code.
 * @param handler `directory/file.export`
 * @throws RuntimeError, or the error of the function's module.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
export async function loadHandler(
  root: string,
  handler: string,
  directories: PackageDirectories,
): Promise<Handler> {
  const names = splitHandler(handler);
  if (names === undefined || handler.includes('..')) {
    throw new RuntimeError(
      'MalformedHandlerName',
      `the handler ${handler} does not have the form file.export`,
    );
  }
  const exported = await loadModule(root, fromOpt(names.module, directories));
  const found = names.name.split('.').reduce<unknown>((value, key) => property(value, key), exported);
  if (typeof found !== 'function') {
    throw new RuntimeError('HandlerNotFound', `${handler} is not an exported function`);
  }
  rejectCallback(found as Handler, handler);
  return found as Handler;
}

async function loadModule(root: string, module: string): Promise<unknown> {
  const requireFromRoot = createRequire(join(root, 'index.js'));
  const file = findHandlerFile(root, module, Number.parseInt(process.versions.node));
  try {
    if (file === undefined) return requireFromRoot(requireFromRoot.resolve(module));
    return isEsModule(file) ? await import(pathToFileURL(file).href) : requireFromRoot(file);
  } catch (error) {
    const { message, name, code, stack } = error as NodeJS.ErrnoException;
    if (name === 'SyntaxError') {
      throw new RuntimeError('UserCodeSyntaxError', `${message} (${placeOf(stack, file ?? module)})`);
    }
    if (code === 'MODULE_NOT_FOUND') throw new RuntimeError('ImportModuleError', message);
    throw error;
  }
}

/** Returns the file and line of a syntax error. The stack starts with them, except for ES modules. */
function placeOf(stack = '', file: string): string {
  const [first = ''] = stack.split('\n', 1);
  if (!first.startsWith('SyntaxError')) return first;
  const { stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8' });
  const [checked = ''] = stderr.split('\n', 1);
  return /:\d+$/.test(checked) ? checked : `${file}, or a module that it imports`;
}

function property(value: unknown, key: string): unknown {
  return value === null || value === undefined ? undefined : (value as Record<string, unknown>)[key];
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html */
function rejectCallback(handler: Handler, name: string): void {
  const version = Number(/nodejs(\d+)/.exec(process.env.AWS_EXECUTION_ENV ?? '')?.[1] ?? 0);
  if (version < FIRST_VERSION_WITHOUT_CALLBACKS || isStreaming(handler) || handler.length < 3) return;
  throw new RuntimeError(
    'CallbackHandlerDeprecated',
    `${name} takes a callback, which nodejs${version}.x does not support. Return a promise instead`,
  );
}
