/** Builds the code of a function and the runtime that runs it. */
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { list, text } from 'sam-template';
import type { LambdaFunction } from './lambdaFunction';

export interface Built {
  /** The directory of the function's code, LAMBDA_TASK_ROOT. */
  directory: string;
  /** The file that the function's process runs. It loads and calls the handler. */
  runtime: string;
  /** Deletes the build output. */
  remove(): Promise<void>;
}

/**
 * Builds a function as `sam build` does with `BuildMethod: esbuild`. Without it, the code runs as it is.
 *
 * @param root the directory of the template.
 */
export async function buildFunction(
  root: string,
  { codeUri, build: properties }: LambdaFunction,
): Promise<Built> {
  const cache = cacheDirectory();
  await mkdir(cache, { recursive: true });
  const directory = await mkdtemp(join(cache, `${process.pid}-`));
  const remove = () => rm(directory, { recursive: true, force: true });
  try {
    await bundle([require.resolve('./runtime')], join(directory, 'runtime'), {});
    const runtime = join(directory, 'runtime/runtime.js');
    if (properties === undefined) return { directory: resolve(root, codeUri), runtime, remove };
    const entries = list(properties, 'EntryPoints').map((entry) => resolve(root, codeUri, String(entry)));
    await bundle(entries, directory, {
      external: list(properties, 'External').map(String),
      sourcemap: properties.Sourcemap === true,
      minify: properties.Minify === true,
      target: text(properties, 'Target') ?? 'es2020',
    });
    return { directory, runtime, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Lies below node_modules so that a bundle can load the packages that `External` leaves out. */
function cacheDirectory(): string {
  let parent = __dirname;
  // esbuild identifies a node_modules directory with installed packages, both from src and from dist.
  while (!existsSync(join(parent, 'node_modules/esbuild')) && parent !== dirname(parent)) {
    parent = dirname(parent);
  }
  return join(parent, 'node_modules/.cache/gateway');
}

async function bundle(entryPoints: string[], outdir: string, options: BuildOptions): Promise<void> {
  await build({
    ...options,
    entryPoints,
    outdir,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    logLevel: 'silent',
  });
}
