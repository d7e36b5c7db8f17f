/** Finds the file of a handler, in the order of Lambda's Node.js runtime. */
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, extname, join, resolve } from 'node:path';

/** Node.js runs TypeScript since this version of Lambda's runtime. */
const MIN_TYPESCRIPT_VERSION = 24;

export interface HandlerName {
  /** `directory/file`, without the extension. */
  module: string;
  /** The path of the export: `handler`, or `object.handler`. */
  name: string;
}

/** Splits `directory/file.export` at the first dot of the file name. Returns undefined without a dot. */
export function splitHandler(handler: string): HandlerName | undefined {
  const directory = handler.slice(0, handler.lastIndexOf('/') + 1);
  const [, file, name] = /^([^.]*)\.(.+)$/.exec(handler.slice(directory.length)) ?? [];
  return file === undefined || name === undefined ? undefined : { module: `${directory}${file}`, name };
}

/**
 * Returns the path of the handler's file, or undefined if there is none: the name itself, then .js, .mjs and .cjs.
 *
 * @param root the directory of the function's code.
 * @param nodeVersion the major version of Node.js. TypeScript files count from version 24.
 * @see https://github.com/aws/aws-lambda-nodejs-runtime-interface-client/blob/main/src/UserFunction.js
 */
export function findHandlerFile(root: string, module: string, nodeVersion: number): string | undefined {
  const path = resolve(root, module);
  const typescript = nodeVersion >= MIN_TYPESCRIPT_VERSION ? ['.ts', '.mts', '.cts'] : [];
  return ['', '.js', '.mjs', '.cjs', ...typescript]
    .map((extension) => `${path}${extension}`)
    .find((file) => existsSync(file));
}

/** Whether Node.js loads this file as an ES module, by its extension or the `type` of its package.json. */
export function isEsModule(file: string): boolean {
  const extension = extname(file);
  if (extension === '.mjs' || extension === '.mts') return true;
  if (extension !== '.js' && extension !== '.ts') return false;
  const packageFile = findPackageFile(dirname(file));
  return packageFile !== undefined && typeOf(packageFile) === 'module';
}

/** Returns the package.json that decides about the files of this directory. */
export function findPackageFile(directory: string): string | undefined {
  if (basename(directory) === 'node_modules') return undefined;
  const file = join(directory, 'package.json');
  if (existsSync(file)) return file;
  return dirname(directory) === directory ? undefined : findPackageFile(dirname(directory));
}

function typeOf(packageFile: string): unknown {
  try {
    return (JSON.parse(readFileSync(packageFile, 'utf8')) as { type?: unknown } | null)?.type;
  } catch {
    // Node.js reports the invalid file when it loads the module.
    return undefined;
  }
}
