/** Prepares the code of a function and the runtime that runs it. */
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { bundle } from './bundle';
import { findCode } from './codeDirectory';
import { entryPoints, esbuildOptions } from './esbuildOptions';
import type { LambdaFunction } from './lambdaFunction';
import { findPackages } from './packages';
import type { PackageDirectories } from './runtime/packageDirectories';
import { FunctionError } from './runtimeApi';
import { createWorkspace } from './workspace';

export interface Built {
  /** The directory of the function's code, LAMBDA_TASK_ROOT. */
  directory: string;
  /** The file that the function's process runs. It loads and calls the handler. */
  runtime: string;
  /** The directories of layers and of the AWS SDK. */
  packages: PackageDirectories;
  /** Differences from the deployed function, one sentence each. */
  notes: readonly string[];
  /** Deletes the build output. */
  remove(): Promise<void>;
}

/**
 * Builds a function as `sam build` does with `BuildMethod: esbuild`. Without it, the code runs as it is.
 *
 * @param root the directory of the template.
 * @param signal cancels the build.
 * @throws FunctionError that says what to do if the code cannot be built.
 */
export async function buildFunction(
  root: string,
  lambda: LambdaFunction,
  signal: AbortSignal = new AbortController().signal,
): Promise<Built> {
  const workspace = await createWorkspace();
  const remove = () => rm(workspace, { recursive: true, force: true });
  try {
    const code = await prepareCode(root, lambda, join(workspace, 'code'), signal);
    const packages = await findPackages(root, lambda, code.sources);
    const runtime = join(workspace, 'runtime');
    const programs = ['main', 'importHook'].map((name) => require.resolve(`./runtime/${name}`));
    await bundle(programs, { outdir: runtime, format: 'cjs', outExtension: { '.js': '.cjs' } }, signal);
    return {
      directory: code.directory,
      runtime: join(runtime, 'main.cjs'),
      packages: packages.directories,
      notes: [...code.notes, ...packages.notes],
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

interface PreparedCode {
  directory: string;
  /** The directory whose node_modules has the packages that a bundle leaves out. */
  sources?: string;
  notes: readonly string[];
}

/** Creates the `output` directory only if the code does not run where it is. */
async function prepareCode(
  root: string,
  lambda: LambdaFunction,
  output: string,
  signal: AbortSignal,
): Promise<PreparedCode> {
  const { code, runtime, buildProperties } = lambda;
  if (runtime !== '' && !runtime.startsWith('nodejs')) {
    throw new FunctionError(`runtime ${runtime} is not supported, only nodejs`);
  }
  if (code.kind === 'missing') throw new FunctionError(code.reason);
  const found =
    code.kind === 'inline'
      ? ({ kind: 'inline', source: code.source } as const)
      : await findCode(root, code.path, lambda);
  if (found.kind === 'ready') return found;
  await mkdir(output);
  if (found.kind === 'inline') await writeFile(join(output, 'index.js'), found.source);
  if (found.kind === 'file') await cp(found.file, join(output, basename(found.file)));
  if (found.kind !== 'esbuild') return { directory: output, notes: [] };
  const entries = entryPoints(buildProperties).map((entry) => resolve(found.directory, entry));
  if (entries.length === 0) {
    throw new FunctionError(
      'Metadata has no BuildProperties.EntryPoints: name the source file of the handler',
    );
  }
  const options = { ...esbuildOptions(buildProperties), absWorkingDir: found.directory, outdir: output };
  await bundle(entries, options, signal);
  return { directory: output, sources: found.directory, notes: [] };
}
