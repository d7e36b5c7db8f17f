/** Bundles code for Node.js with esbuild. */
import { once } from 'node:events';
import { build, stop, type BuildOptions } from 'esbuild';
import { FunctionError } from './runtimeApi';

/**
 * Bundles the entry points.
 *
 * @param signal stops esbuild, with all builds of this process: a build that waits for a file cannot be canceled.
 * @throws FunctionError with the errors of esbuild.
 */
export async function bundle(
  entryPoints: string[],
  options: BuildOptions,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const finished = new AbortController();
  const stopped = once(signal, 'abort', { signal: finished.signal }).then(() => {
    void stop();
    // esbuild does not keep this process alive, which would end before the build rejects.
    throw signal.reason;
  });
  const building = build({ ...options, entryPoints, bundle: true, platform: 'node', logLevel: 'silent' });
  try {
    await Promise.race([building, stopped]);
  } catch (error) {
    signal.throwIfAborted();
    throw new FunctionError(`esbuild: ${(error as Error).message}`, { cause: error });
  } finally {
    finished.abort();
  }
}
