/** Puts what a function runs where its process finds it. */
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { list, text } from 'sam-template';
import type { LambdaFunction } from './lambdaFunction';

export interface Built {
  /** LAMBDA_TASK_ROOT. */
  directory: string;
  /** The file that runs in the process, and calls the handler. */
  runtime: string;
  remove(): Promise<void>;
}

/**
 * Builds a function as `sam build` does with `BuildMethod: esbuild`; without, its code is run as it is.
 *
 * @param root the directory of the template.
 */
export async function buildFunction(
  root: string,
  { codeUri, build: properties }: LambdaFunction,
): Promise<Built> {
  // Below node_modules, so that what is left out of the bundle is found.
  const cache = join(__dirname, '../../../../node_modules/.cache/gateway');
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
